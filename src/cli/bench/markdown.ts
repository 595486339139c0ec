import { count } from '../../text/figures.js';
import {
  brokerLine,
  latencyText,
  machineLine,
  range,
  rateText,
  remarks,
  tenThousand,
  type BenchReport,
} from './report.js';

const TITLES = [
  ...['mode', 'requests', 'issued', 'audit', 'requests/s', 'lowest–highest', '10,000 in'],
  ...['latency p50', 'lowest–highest', 'latency p99', 'lowest–highest'],
];

/** The whole report, with the spread of all that has one. */
export function markdownOf(report: BenchReport): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rows = report.rows.map((row) => {
    const { perSecond, p50Ms, p99Ms } = row.spread;
    return [
      ...[row.mode, count(row.requests), count(row.issued), row.audit],
      ...[rateText(row.perSecond), range(perSecond, rateText), tenThousand(row)],
      ...[latencyText(row.latencyMs.p50), p50Ms === null ? '-' : range(p50Ms, latencyText)],
      ...[latencyText(row.latencyMs.p99), p99Ms === null ? '-' : range(p99Ms, latencyText)],
    ];
  });
  const rule = TITLES.map((_title, index) => (index === 0 ? '---' : '---:'));
  return [
    '# coupons bench',
    '',
    ...[TITLES, rule, ...rows].map(line),
    '',
    ...remarks(report),
    '',
    `${machineLine(report)}; ${brokerLine(report)}.`,
    '',
  ].join('\n');
}

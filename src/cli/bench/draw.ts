import { withBars } from '../../output/bar.js';
import type { Output } from '../../output/output.js';
import { table } from '../../output/table.js';
import { wrapped } from '../../output/wrap.js';
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

/** For people: a row a mode, its rate as a bar, and where it was measured. */
export function drawBench(
  output: Pick<Output, 'isTerminal' | 'columns' | 'paint'>,
  report: BenchReport,
): string {
  const { rows } = report;
  const { columns, paint } = output;
  const drawn = table(
    [
      { title: 'MODE' },
      { title: 'REQUESTS', align: 'right', mayGo: true },
      { title: 'ISSUED', align: 'right' },
      { title: 'AUDIT' },
      { title: 'P50', align: 'right' },
      { title: 'P99', align: 'right' },
      { title: '10,000 IN', align: 'right' },
      { title: 'LOWEST–HIGHEST', align: 'right', mayGo: true },
      { title: 'PER SECOND', align: 'right' },
    ],
    rows.map((row) => [
      row.mode,
      count(row.requests),
      count(row.issued),
      row.audit === 'PASS' ? paint.green(row.audit) : paint.red(row.audit),
      latencyText(row.latencyMs.p50),
      latencyText(row.latencyMs.p99),
      tenThousand(row),
      range(row.spread.perSecond, rateText),
      rateText(row.perSecond),
    ]),
    columns,
  );
  const fastest = Math.max(...rows.map(({ perSecond }) => perSecond));
  const shares = rows.map(({ perSecond }) => perSecond / fastest);
  const lines = [...remarks(report), machineLine(report), `${brokerLine(report)}.`];
  return [withBars(drawn, shares, output), '', ...lines.map((line) => wrapped(line, columns))].join(
    '\n',
  );
}

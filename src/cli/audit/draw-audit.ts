import type { ChalkInstance } from 'chalk';
import { pairs, table } from '../../output/table.js';
import { wrapped } from '../../output/wrap.js';
import { count, counted, duration } from '../../text/figures.js';
import { outcomeRows } from '../outcome-rows.js';
import type { AuditDocument } from './document.js';

interface View {
  readonly paint: ChalkInstance;
  readonly columns: number;
}

/** The verdict with what it rests on and what it says nothing of, then the findings. */
export function drawAudit(report: AuditDocument, { paint, columns }: View): string {
  const figures = pairs(
    [
      ['verdict', verdictOf(report, paint)],
      ['compared', comparedIn(report)],
      ['offsets', offsetsIn(report)],
      ['records', count(report.records)],
      ['requests', count(report.requests)],
      ...outcomeRows(report.outcomes).map(
        ([outcome, records]) => [`  ${outcome}`, records] as const,
      ),
      ['unprocessed', count(report.unprocessed)],
      ['elapsed', duration(report.elapsedMs)],
    ],
    columns,
  );
  const omissions = report.notCompared.map(({ message }) =>
    wrapped(`not compared: ${message}`, columns),
  );
  return [figures, ...omissions, ...findingsIn(report, columns)].join('\n');
}

/** Green says that something was compared. */
function verdictOf({ verdict, notCompared }: AuditDocument, paint: ChalkInstance): string {
  if (verdict === 'FAIL') return paint.red(verdict);
  const isEmpty = notCompared.some(({ code }) => code === 'NOTHING_COMPARED');
  return isEmpty ? verdict : paint.green(verdict);
}

function comparedIn({ compared, records, unprocessed }: AuditDocument): string {
  const processed = counted(records - unprocessed, 'record');
  return `${processed} of the log with ${counted(compared.outcomes, 'outcome')} of the store`;
}

const PARTITIONS_NAMED = 12;

/** Where the log begins and how far the store has read it, by partition. */
function offsetsIn({ compared: { partitions } }: AuditDocument): string {
  const named = partitions
    .slice(0, PARTITIONS_NAMED)
    .map(({ partition, startOffset, nextOffset }) => {
      const to = nextOffset === null ? '-' : nextOffset.toString();
      return `${String(partition)}: ${startOffset.toString()}..${to}`;
    });
  const more = partitions.length - named.length;
  return [...named, ...(more > 0 ? [`and ${counted(more, 'partition')} more`] : [])].join('  ');
}

function findingsIn({ findings }: AuditDocument, columns: number): readonly string[] {
  if (findings.length === 0) return [];
  const rows = findings.map(({ code, couponId, message }) => [code, couponId, message]);
  return [
    '',
    table(
      [{ title: 'FINDING' }, { title: 'COUPON', align: 'right' }, { title: 'WHAT', tight: 'fold' }],
      rows,
      columns,
    ),
  ];
}

import type { ChalkInstance } from 'chalk';
import type { LagReport, PartitionLag } from '../monitor/lag.js';
import type { LagStatus } from '../monitor/lag-status.js';
import { sparkline } from '../output/sparkline.js';
import { count, duration, table, type Column } from '../output/table.js';
import { wrapped } from '../output/wrap.js';

export interface LagView {
  readonly paint: ChalkInstance;
  readonly columns: number;
  /** At most so many partitions, those with the most lag; null: all, in order. */
  readonly most: number | null;
}

/** Group, partitions and what to know beside them. */
export function drawLag(report: LagReport, view: LagView): string {
  const topics = [...new Set(report.partitions.map(({ topic }) => topic))];
  const shown = mostBehind(report.partitions, view.most);
  const tables = topics.map((topic) => {
    const partitions = shown.filter((partition) => partition.topic === topic);
    return `${view.paint.bold(topic)}\n${partitionTable(partitions, view)}`;
  });
  const hidden = report.partitions.length - shown.length;
  return [
    headline(report, view),
    ...tables,
    ...(hidden > 0 ? [view.paint.dim(`and ${count(hidden)} partitions with less lag`)] : []),
    ...report.notes.map((note) => wrapped(`note: ${note}`, view.columns)),
  ].join('\n');
}

/** How many lines drawLag needs beside those of the partitions, at most. */
export function linesAround(report: LagReport, columns: number): number {
  const topics = new Set(report.partitions.map(({ topic }) => topic)).size;
  const notes = report.notes.map((note) => wrapped(`note: ${note}`, columns).split('\n').length);
  return 2 + 2 * topics + notes.reduce((sum, lines) => sum + lines, 0);
}

/** What a watch adds: where the lag is going, and how it came here. */
export function drawMovement(report: LagReport, history: readonly number[], view: LagView): string {
  const line = movement(report).join('  ');
  const room = view.columns - line.length - 2;
  return room > 0 ? `${line}  ${view.paint.cyan(sparkline(history.slice(-room)))}` : line;
}

/** One look on one line, for a watch that is not on a terminal. */
export function lagLine(report: LagReport, at: string): string {
  const { group, state, totalLag, status } = report;
  return [at, group, state, `lag ${count(totalLag)}`, status, ...movement(report)].join('  ');
}

export function movement(report: LagReport): readonly string[] {
  const { totalLag, inPerSecond, outPerSecond, trend, etaSeconds } = report;
  return [
    `in ${perSecond(inPerSecond)}`,
    `out ${perSecond(outPerSecond)}`,
    trend ?? '-',
    totalLag === 0
      ? 'drained'
      : `drained in ${etaSeconds === null ? '-' : duration(etaSeconds * 1000)}`,
  ];
}

function perSecond(rate: number | null): string {
  return rate === null ? '-' : `${rate < 100 ? rate.toFixed(1) : count(rate)}/s`;
}

function headline(report: LagReport, { paint }: LagView): string {
  if (report.presence === 'unknown') {
    const waiting = `${count(report.totalLag)} records wait for it`;
    return [paint.bold(report.group), paint.yellow('no such group'), waiting].join('  ');
  }
  const members = `${String(report.members)} ${report.members === 1 ? 'member' : 'members'}`;
  return [
    paint.bold(report.group),
    report.state,
    members,
    `lag ${count(report.totalLag)}`,
    paintStatus(paint, report.status),
  ].join('  ');
}

function mostBehind(
  partitions: readonly PartitionLag[],
  most: number | null,
): readonly PartitionLag[] {
  if (most === null || partitions.length <= most) return partitions;
  return partitions.toSorted((a, b) => b.lag - a.lag).slice(0, Math.max(most, 1));
}

const COLUMNS: readonly Column[] = [
  { title: 'PARTITION', align: 'right' },
  { title: 'COMMITTED', align: 'right' },
  { title: 'END', align: 'right' },
  { title: 'LAG', align: 'right' },
  { title: 'WAITED', align: 'right' },
  { title: 'MEMBER' },
];
const GAP = 2;

function partitionTable(partitions: readonly PartitionLag[], view: LagView): string {
  const cells = partitions.map((partition) => [
    String(partition.partition),
    partition.committedOffset?.toString() ?? '-',
    partition.endOffset.toString(),
    count(partition.lag),
    partition.timeLagMs === null ? '-' : duration(partition.timeLagMs),
    memberOf(partition),
  ]);
  const figures = COLUMNS.slice(0, -1).map(({ title }, column) =>
    Math.max(title.length, ...cells.map((row) => row[column]?.length ?? 0)),
  );
  const room = view.columns - figures.reduce((sum, width) => sum + width + GAP, 0);
  return table(
    COLUMNS,
    cells.map((row, index) => {
      const [partition = '', committed = '', end = '', lag = '', waited = '', member = ''] = row;
      const isBehind = (partitions[index]?.lag ?? 0) > 0;
      const shownLag = isBehind ? view.paint.bold(lag) : lag;
      return [partition, committed, end, shownLag, waited, clipped(member, room)];
    }),
  );
}

function memberOf({ clientId, host }: PartitionLag): string {
  if (clientId === null) return '-';
  return host === null ? clientId : `${clientId} on ${host}`;
}

function clipped(text: string, room: number): string {
  const width = Math.max(room, 8);
  return text.length > width ? `${text.slice(0, width - 1)}…` : text;
}

function paintStatus(paint: ChalkInstance, status: LagStatus): string {
  switch (status) {
    case 'OK':
      return paint.green(status);
    case 'CAUTION':
      return paint.yellow(status);
    case 'WARNING':
    case 'STALLED':
    case 'STOPPED':
      return paint.red(status);
  }
}

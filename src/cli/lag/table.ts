import { Chalk, type ChalkInstance } from 'chalk';
import { count, counted, duration, grouped, perSecond } from '../../text/figures.js';
import type { LagReport } from '../../lag/lag.js';
import type { LagNoteCode } from '../../lag/notes.js';
import type { PartitionLag } from '../../lag/partition-lag.js';
import type { LagStatus } from '../../lag/status.js';
import { timeOfDay } from '../../output/output.js';
import { sparkline } from '../../output/sparkline.js';
import { table, type Column } from '../../output/table.js';
import { printable } from '../../output/printable.js';
import { displayWidth } from '../../output/width.js';
import { facts, wrapped } from '../../output/wrap.js';
import { memberName, noteTexts } from '../../words/en/lag-notes.js';

export interface LagView {
  readonly paint: ChalkInstance;
  readonly columns: number;
  /** At most so many partitions, those with the most lag; null: all, in order. */
  readonly most: number | null;
  /** When the figures were known, where they are not known to hold now: they are dimmed, under no status. */
  readonly asOf?: string | null;
}

/** Headline, partitions and notes. */
export function drawLag(report: LagReport, view: LagView): string {
  const { paint, columns, asOf = null } = view;
  if (asOf === null) return [headline(report, view), ...body(report, view)].join('\n');
  const old = body(report, { ...view, paint: new Chalk({ level: 0 }) }).join('\n');
  const state = [paint.bold(report.group), paint.red(UNKNOWN), figuresOf(asOf)];
  return `${facts(state, columns)}\n${paint.dim(old)}`;
}

const UNKNOWN = 'UNKNOWN';

function figuresOf(asOf: string): string {
  return `no answer, figures of ${timeOfDay(Date.parse(asOf))}`;
}

function body(report: LagReport, view: LagView): readonly string[] {
  const topics = [...new Set(report.partitions.map(({ topic }) => topic))];
  const shown = mostBehind(report.partitions, view.most);
  const tables = topics.map((topic) => {
    const partitions = shown.filter((partition) => partition.topic === topic);
    return `${view.paint.bold(topic)}\n${partitionTable(partitions, view)}`;
  });
  const hidden = report.partitions.length - shown.length;
  return [
    ...tables,
    ...(hidden > 0 ? [view.paint.dim(`and ${counted(hidden, 'partition')} with less lag`)] : []),
    ...notesOf(report).map((note) => wrapped(`note: ${note}`, view.columns)),
  ];
}

/** The next step for the status, unless a note already says it, and then the report's notes. */
function notesOf(report: LagReport): readonly string[] {
  // They name members, who choose their client ids themselves.
  const notes = noteTexts(report).map(printable);
  const next = nextStep(report);
  return next === null ? notes : [next, ...notes];
}

function nextStep(report: LagReport): string | null {
  const { status, trend, presence } = report;
  if (presence === 'unknown' || isNotRead(report)) return null;
  switch (status) {
    case 'OK':
      return isUnmanned(report)
        ? 'The group has no member: what comes next waits until `coupons consume` runs.'
        : null;
    case 'CAUTION':
      return null;
    case 'WARNING':
      // What else is a WARNING has its own note.
      return trend === 'growing'
        ? 'The lag keeps growing. `coupons advise` says what to do.'
        : null;
    case 'STALLED':
      return 'There are records to read, but no offset is committed. `coupons advise` says where to look.';
    case 'STOPPED':
      return 'The group has no member. Start members with `coupons consume`.';
  }
}

function isUnmanned({ members, presence }: LagReport): boolean {
  return members === 0 && presence !== 'hidden';
}

/** The topic that was asked for is none that the group reads. */
function isNotRead({ notes }: LagReport): boolean {
  return notes.some(({ code }) => code === 'TOPIC_NOT_READ');
}

/** The most lines that drawLag needs besides those of the partitions. */
export function linesAround(report: LagReport, columns: number): number {
  const topics = new Set(report.partitions.map(({ topic }) => topic)).size;
  const notes = notesOf(report).map((note) => wrapped(`note: ${note}`, columns).split('\n').length);
  return 3 + 2 * topics + notes.reduce((sum, lines) => sum + lines, 0);
}

/** What a watch adds: rates, trend, and the history of the lag as a sparkline. */
export function drawMovement(report: LagReport, history: readonly number[], view: LagView): string {
  const text = facts(movement(report), view.columns);
  const room = view.columns - displayWidth(text.split('\n').at(-1) ?? '') - 2;
  return room > 0 ? `${text}  ${view.paint.cyan(sparkline(history.slice(-room)))}` : text;
}

/** One look on one line, for a watch that is not on a terminal. */
export function lagLine(report: LagReport, at: string, columns: number): string {
  const { group, totalLag, status } = report;
  const state = report.presence === 'unknown' ? NO_SUCH_GROUP : report.state;
  const parts = [at, group, state, `lag ${count(totalLag)}`, status, ...movement(report)];
  return facts(parts, columns);
}

/** The same where the broker does not answer. */
export function unknownLine(last: LagReport, at: string, asOf: string, columns: number): string {
  return facts([at, last.group, 'lag -', UNKNOWN, figuresOf(asOf)], columns);
}

export function movement(report: LagReport): readonly string[] {
  const { totalLag, inPerSecond, outPerSecond, trend, etaSeconds } = report;
  return [
    `in ${perSecond(inPerSecond)}`,
    `out ${perSecond(outPerSecond)}`,
    trend ?? '-',
    ...(totalLag === 0 ? ['drained'] : []),
    ...(totalLag > 0 && etaSeconds !== null ? [`drained in ${duration(etaSeconds * 1000)}`] : []),
  ];
}

/** Kafka's own word for its state is Dead, which reads like a failure. */
const NO_SUCH_GROUP = 'no such group';

/** Where there is no group, or none that reads the topic: a status would say that something is to be done. */
function notRead(report: LagReport): { readonly state: string; readonly there: string } | null {
  // The title of the table below names it.
  if (isNotRead(report)) return { state: 'does not read this topic', there: 'there' };
  return report.presence === 'unknown' ? { state: NO_SUCH_GROUP, there: 'not yet consumed' } : null;
}

function headline(report: LagReport, { paint, columns }: LagView): string {
  const instead = notRead(report);
  if (instead !== null) {
    const records = counted(report.totalLag, 'record');
    return facts(
      [paint.bold(report.group), paint.yellow(instead.state), `${records} ${instead.there}`],
      columns,
    );
  }
  return facts(
    [
      paint.bold(report.group),
      report.state,
      counted(report.members, 'member'),
      `lag ${count(report.totalLag)}`,
      statusOf(report, paint),
    ],
    columns,
  );
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
  { title: 'MEMBER', tight: 'clip' },
];

function partitionTable(partitions: readonly PartitionLag[], view: LagView): string {
  return table(
    COLUMNS,
    partitions.map((partition) => [
      partition.partition,
      grouped(partition.committedOffset),
      grouped(partition.endOffset),
      partition.lag > 0 ? view.paint.bold(count(partition.lag)) : '0',
      partition.timeLagMs === null ? null : duration(partition.timeLagMs),
      memberOf(partition),
    ]),
    view.columns,
  );
}

function memberOf({ clientId, host, pid }: PartitionLag): string {
  if (clientId === null) return '-';
  const process = pid === null ? '' : `, pid ${String(pid)}`;
  const place = host === null ? '' : ` on ${host}`;
  return printable(`${memberName(clientId)}${process}${place}`);
}

/**
 * Without a member, green would say that what comes next is read; without the group's store, that what was read is in the
 * store here.
 */
export function statusOf(report: LagReport, paint: ChalkInstance): string {
  const { status, notes } = report;
  const isOfThisStore = notes.every(({ code }) => !STORE_DOUBTS.includes(code));
  const isGreen = isOfThisStore && !isUnmanned(report);
  return status === 'OK' && !isGreen ? status : paintStatus(paint, status);
}

const STORE_DOUBTS: readonly LagNoteCode[] = ['OFFSETS_OF_ANOTHER_STORE', 'STORE_NOT_COMPARED'];

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

import type { ChalkInstance } from 'chalk';
import { isEmpty, totalsOf, type Bucket, type Figures } from '../../history/buckets.js';
import type { History } from '../../history/history.js';
import { linesOf } from '../../history/rebalances.js';
import { DECISIONS, type Decision } from '../../coupon/outcome.js';
import { table, type Cell, type Column } from '../../output/table.js';
import { facts, wrapped } from '../../output/wrap.js';
import { MINUTE_MS } from '../../ports/store-history.js';
import { count } from '../../text/figures.js';
import { clockTime, isSameDay, timesAt, utcMinute, utcSecond } from '../../text/times.js';
import { lineText } from '../../words/en/history-lines.js';
import { historyNoteText } from '../../words/en/history-notes.js';

/** Where the history is of. */
export interface HistorySite {
  readonly context: string | null;
  /** Null where the cluster was not reached. */
  readonly cluster: string | null;
  readonly brokers: string;
  readonly store: string;
}

export interface HistoryView {
  readonly paint: ChalkInstance;
  readonly columns: number;
  /** When it is read. */
  readonly nowMs: number;
}

/** Headline, figures by time, events, notes. */
export function drawHistory(history: History, site: HistorySite, view: HistoryView): string {
  const notes = history.notes.map((note) =>
    wrapped(`note: ${historyNoteText(note)}`, view.columns),
  );
  return [
    headline(history, site, view),
    figuresTable(history, view),
    ...reasonsTable(history, view),
    ...eventsTable(history, view),
    ...(notes.length === 0 ? [] : [notes.join('\n')]),
  ].join('\n\n');
}

function headline(
  { question }: History,
  site: HistorySite,
  { paint, columns }: HistoryView,
): string {
  const { period, couponId } = question;
  const { context, cluster, brokers, store } = site;
  const place = [
    ...(context === null ? [] : [`context ${paint.bold(context)}`]),
    cluster === null ? `cluster at ${brokers} not reached` : `cluster ${cluster} (${brokers})`,
    `store ${store}`,
  ];
  const to = isSameDay(period.fromMs, period.toMs)
    ? clockTime(period.toMs)
    : utcSecond(period.toMs);
  const time = [
    `${utcSecond(period.fromMs)} to ${to} UTC`,
    ...(couponId === null ? [] : [`coupon ${String(couponId)}`]),
  ];
  return [
    facts(place, columns),
    facts(
      time.map((each) => paint.bold(each)),
      columns,
    ),
  ].join('\n');
}

const DECISION_TITLES: Readonly<Record<Decision, string>> = {
  ISSUED: 'ISSUED',
  DUPLICATE: 'DUPLICATE',
  SOLD_OUT: 'SOLD OUT',
  EXPIRED: 'EXPIRED',
  NOT_STARTED: 'NOT STARTED',
  INACTIVE: 'INACTIVE',
  NOT_FOUND: 'NOT FOUND',
};

/** A line a bucket; those without anything are one. A column for each outcome that occurs. */
function figuresTable({ question, buckets, totals }: History, view: HistoryView): string {
  const decisions = DECISIONS.filter((each) => each === 'ISSUED' || totals.outcomes[each] > 0);
  const hasDead = totals.outcomes.DEAD_LETTERED > 0;
  const cellsOf = (figures: Figures): readonly Cell[] => [
    figures.asked === null ? null : count(figures.asked),
    ...decisions.map((decision) => count(figures.outcomes[decision])),
    ...(hasDead ? [count(figures.outcomes.DEAD_LETTERED)] : []),
  ];
  const timeOf = timesOf(question, view, minuteOrSecond);
  const rows = runsOf(buckets).map(({ first, last, figures }) => {
    const time = timeOf(first.fromMs);
    if (!isEmpty(figures)) return [time, ...cellsOf(figures)];
    const asked = figures.asked === null ? null : 'nothing';
    const isOneDay = isSameDay(first.fromMs, last.toMs);
    return [
      `${time} - ${isOneDay ? clockTime(last.toMs, minuteOrSecond) : timeOf(last.toMs)}`,
      asked,
      ...cellsOf(figures)
        .slice(1)
        .map(() => ''),
    ];
  });
  return table(
    [
      { title: 'FROM (UTC)', tight: 'fold' },
      { title: 'ASKED', align: 'right' },
      ...decisions.map(decisionColumn),
      ...(hasDead ? [{ title: 'DEAD', align: 'right' as const }] : []),
    ],
    [...rows, ['total', ...cellsOf(totals)]],
    view.columns,
    '`coupons history -o json`',
  );
}

/** Only what is rare may be left out where there is no room. */
function decisionColumn(decision: Decision): Column {
  const title = DECISION_TITLES[decision];
  const isRare = !['ISSUED', 'SOLD_OUT', 'DUPLICATE'].includes(decision);
  return { title, align: 'right', ...(isRare ? { mayGo: true } : {}) };
}

interface Run {
  readonly first: Bucket;
  readonly last: Bucket;
  readonly figures: Figures;
}

/** Each bucket by itself, and those without anything that follow one another together. */
function runsOf(buckets: readonly Bucket[]): readonly Run[] {
  const runs: Run[] = [];
  let empty: Bucket[] = [];
  const close = () => {
    const [first] = empty;
    const last = empty.at(-1);
    if (first !== undefined && last !== undefined) {
      runs.push({ first, last, figures: totalsOf(empty) });
    }
    empty = [];
  };
  for (const bucket of buckets) {
    if (isEmpty(bucket)) {
      empty.push(bucket);
      continue;
    }
    close();
    runs.push({ first: bucket, last: bucket, figures: bucket });
  }
  close();
  return runs;
}

/** Why requests were dead-lettered, and in which buckets each reason came first and last. */
function reasonsTable(
  { question, buckets, totals }: History,
  view: HistoryView,
): readonly string[] {
  const timeOf = timesOf(question, view, minuteOrSecond);
  const reasons = Object.entries(totals.deadLetters).toSorted(([, a], [, b]) => b - a);
  if (reasons.length === 0) return [];
  const rows = reasons.map(([code, letters]): readonly Cell[] => {
    const having = buckets.filter(({ deadLetters }) => deadLetters[code] !== undefined);
    const times = [having[0], having.at(-1)].map((each) => each?.fromMs ?? null);
    return [code, count(letters), ...times.map((ms) => (ms === null ? null : timeOf(ms)))];
  });
  return [
    table(
      [
        { title: 'DEAD BY REASON', tight: 'clip' },
        { title: 'LETTERS', align: 'right' },
        { title: 'FIRST FROM' },
        { title: 'LAST FROM' },
      ],
      rows,
      view.columns,
    ),
  ];
}

/** Times of the period, in all tables alike. */
function timesOf(
  { period }: History['question'],
  { nowMs }: HistoryView,
  spell: (ms: number) => string,
): (ms: number) => string {
  return timesAt(nowMs, [period.fromMs, period.toMs], spell);
}

/** Where a bucket begins; the last one ends at any second. */
function minuteOrSecond(ms: number): string {
  return ms % MINUTE_MS === 0 ? utcMinute(ms) : utcSecond(ms);
}

function eventsTable({ question, happenings }: History, view: HistoryView): readonly string[] {
  if (happenings.length === 0) return [];
  const timeOf = timesOf(question, view, utcSecond);
  return [
    table(
      [{ title: 'AT (UTC)' }, { title: 'WHAT HAPPENED', tight: 'fold' }],
      linesOf(happenings).map((line) => [timeOf(line.atMs), lineText(line)]),
      view.columns,
    ),
  ];
}

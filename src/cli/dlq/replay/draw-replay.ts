import { REQUEST_TOPIC } from '../../../coupon/topics.js';
import { expectedLetters } from '../../../dead-letters/replay/expected-letters.js';
import type { ReplayOutcomes } from '../../../dead-letters/replay/outcomes.js';
import type { ReplayTally } from '../../../dead-letters/replay/tally.js';
import { withBars } from '../../../output/bar.js';
import type { Output } from '../../../output/output.js';
import { printable } from '../../../output/printable.js';
import { pairs, table } from '../../../output/table.js';
import { clip } from '../../../output/width.js';
import { wrapped, promptedCommand } from '../../../output/wrap.js';
import { count } from '../../../text/figures.js';
import { SKIPPED_BECAUSE } from '../../../words/en/skipped-letters.js';
import { outcomeRows } from '../../outcome-rows.js';
import {
  stepsDocument,
  type ReplayReport,
  type ReplayTarget,
  type StepDocument,
} from './document.js';

type View = Pick<Output, 'isTerminal' | 'columns' | 'paint'>;

/** What a replay would do, or did: where it sends, what of which reason and campaign, and what to do for the others. */
export function drawPlan(
  view: View,
  report: ReplayReport,
  pasted: (command: string) => string,
): string {
  const { tally, target } = report;
  if (tally.selected === 0) return '';
  return [
    drawTarget(target, view.columns),
    drawReasons(view, report),
    ...drawExpected(report),
    drawResult(report, view.columns),
    ...drawSteps(view, stepsDocument(report, pasted)),
  ].join('\n\n');
}

/** What a replay did, below a plan that was shown before. */
export function drawResult(report: ReplayReport, columns: number): string {
  const { became } = report;
  return [
    drawFacts(report, columns),
    ...(became === null ? [] : [drawOutcomes(became)]),
    ...drawStock(report),
  ].join('\n\n');
}

function drawTarget(target: ReplayTarget, columns: number): string {
  const { context, clusterId, brokers, topic, group } = target;
  const at = `${clusterId} at ${brokers.join(',')}`;
  return pairs(
    [
      ...(context === null ? [] : [['context', context] as const]),
      ['cluster', at],
      ['to topic', topic],
      ['group', group],
    ],
    columns,
  );
}

const LONGEST_REASON = 30;

function drawReasons(view: View, { tally, dryRun }: ReplayReport): string {
  const reasons = [...tally.reasons.values()].sort((a, b) => b.selected - a.selected);
  const most = Math.max(...reasons.map(({ selected }) => selected));
  const counts = table(
    [
      { title: 'REASON' },
      { title: 'LETTERS', align: 'right' },
      { title: dryRun ? 'WOULD REPLAY' : 'REPLAYABLE', align: 'right' },
    ],
    reasons.map(({ reasonCode, selected, replayable }) => [
      reasonCode === null ? null : clip(printable(reasonCode), LONGEST_REASON),
      count(selected),
      count(replayable),
    ]),
  );
  return withBars(
    counts,
    reasons.map(({ selected }) => selected / most),
    view,
  );
}

/** A row for each outcome that letters of a campaign are expected to get. */
function drawExpected(report: ReplayReport): readonly string[] {
  const rows = expectedLetters(report.tally, report.forecast);
  if (rows.length === 0) return [];
  const drawn = table(
    [
      { title: 'COUPON', align: 'right' },
      { title: report.replayed > 0 ? 'LEFT BEFORE' : 'STOCK LEFT', align: 'right' },
      { title: 'WAITING AHEAD', align: 'right' },
      { title: 'EXPECTED' },
      { title: 'LETTERS', align: 'right' },
      { title: report.dryRun ? 'WOULD REPLAY' : 'REPLAYABLE', align: 'right' },
    ],
    rows.map(({ couponId, stockLeft, waitingAhead, outcome, letters, replayable }) => [
      couponId ?? 'others',
      stockLeft === null ? null : count(stockLeft),
      waitingAhead === null ? null : count(waitingAhead),
      outcome,
      count(letters),
      count(replayable),
    ]),
  );
  return [drawn];
}

function drawFacts({ tally, replayed, dryRun }: ReplayReport, columns: number): string {
  return pairs(
    [
      ['selected', count(tally.selected)],
      ['replayed', dryRun ? `0 (would be ${count(tally.replayable)})` : count(replayed)],
      ...topicRows(tally),
      ...copyRows(tally),
      ['skipped', count(tally.skippedLetters)],
      ...skippedRows(tally),
    ],
    columns,
  );
}

type Rows = readonly (readonly [string, string])[];

/** Where they go, where that is not only the usual topic. */
function topicRows({ topics }: ReplayTally): Rows {
  if ([...topics.keys()].every((topic) => topic === REQUEST_TOPIC)) return [];
  return [...topics].map(([topic, letters]) => [`  to ${topic}`, count(letters)]);
}

function copyRows({ copies }: ReplayTally): Rows {
  if (copies === 0) return [];
  return [['  copies', `${count(copies)}  the letter's copy: its origin is not in Kafka any more`]];
}

/** A line a reason, with what it means. */
function skippedRows({ skipped, otherTopics }: ReplayTally): Rows {
  const counts = [...skipped].map(([code, letters]) => ({ code, letters: count(letters) }));
  const width = Math.max(...counts.map(({ letters }) => letters.length));
  return counts.flatMap(({ code, letters }) => [
    [`  ${code}`, `${letters.padEnd(width)}  ${SKIPPED_BECAUSE[code]}`] as const,
    ...(code === 'OTHER_TOPIC' ? otherTopicRows(otherTopics) : []),
  ]);
}

function otherTopicRows(otherTopics: ReplayTally['otherTopics']): Rows {
  return [...otherTopics].map(([topic, letters]) => [`    ${topic ?? 'others'}`, count(letters)]);
}

function drawOutcomes({ outcomes, pending }: ReplayOutcomes): string {
  return pairs([
    ...outcomeRows(outcomes),
    ...(pending > 0 ? [['not decided yet', count(pending)] as const] : []),
  ]);
}

/** What the replay has left of each campaign, once the group has decided what was sent. */
function drawStock({ tally, forecast, leftAfter }: ReplayReport): readonly string[] {
  const sent = expectedLetters(tally, forecast).filter(({ replayable }) => replayable > 0);
  const rows = [...new Set(sent.map(({ couponId }) => couponId))].flatMap((couponId) => {
    const left = couponId === null ? undefined : leftAfter?.get(couponId);
    if (couponId === null || left === undefined) return [];
    return [[couponId, count(forecast.stand(couponId)?.stockLeft ?? 0), count(left)]];
  });
  if (rows.length === 0) return [];
  const right = (title: string) => ({ title, align: 'right' }) as const;
  return [table(['COUPON', 'LEFT BEFORE', 'LEFT NOW'].map(right), rows)];
}

const MOST_STEPS = 5;
const INDENT = '  ';
/** Lines longer than this are hard to read, however wide the terminal. */
const MOST_COLUMNS = 100;

function drawSteps({ columns, paint }: View, steps: readonly StepDocument[]): readonly string[] {
  if (steps.length === 0) return [];
  const width = Math.min(columns, MOST_COLUMNS) - INDENT.length;
  const drawn = steps
    .slice(0, MOST_STEPS)
    .flatMap(({ why, command }) => [
      ...indented(wrapped(why, width)),
      ...(command === null ? [] : promptedCommand(command, columns, INDENT, paint.cyan)),
    ]);
  const more = steps.length - MOST_STEPS;
  return [
    [
      paint.bold('Left out'),
      ...drawn,
      ...(more > 0 ? [`${INDENT}${count(more)} more: see steps in -o json.`] : []),
    ].join('\n'),
  ];
}

function indented(text: string): readonly string[] {
  return text.split('\n').map((line) => INDENT + line);
}

import { REQUEST_TOPIC } from '../../coupon/topics.js';
import { count } from '../../text/figures.js';
import type { Output } from '../../output/output.js';
import { printable } from '../../output/printable.js';
import { pairs, table } from '../../output/table.js';
import { clip } from '../../output/width.js';
import { withBars } from '../../output/bar.js';
import type { ReplayOutcomes } from '../../dead-letters/replay/outcomes.js';
import { SKIPPED_BECAUSE } from '../../words/en/skipped-letters.js';
import type { ReplayTally } from '../../dead-letters/replay/replay.js';
import { outcomeRows } from '../outcome-rows.js';

/** docs/contract.md, "dlq replay"; what is more is in docs/dead-letters.md. */
export function replayJson(
  tally: ReplayTally,
  replayed: number,
  dryRun: boolean,
  became: ReplayOutcomes | null,
) {
  return {
    selected: tally.selected,
    replayed,
    skipped: tally.skippedLetters,
    dryRun,
    replayable: tally.replayable,
    skippedBecause: Object.fromEntries(tally.skipped),
    reasons: [...tally.reasons.values()],
    topics: [...tally.topics].map(([topic, replayable]) => ({ topic, replayable })),
    ...(became === null ? {} : { outcomes: became.outcomes, pending: became.pending }),
  };
}

const LONGEST_REASON = 30;

/** A histogram by reason, and why dead letters were skipped. */
export function drawReplay(
  output: Output,
  tally: ReplayTally,
  replayed: number,
  dryRun: boolean,
  became: ReplayOutcomes | null,
): string {
  if (tally.selected === 0) return '';
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
  const histogram = withBars(
    counts,
    reasons.map(({ selected }) => selected / most),
    output,
  );
  const facts = pairs([
    ['selected', count(tally.selected)],
    ['replayed', dryRun ? `0 (would be ${count(tally.replayable)})` : count(replayed)],
    ...topicRows(tally),
    ['skipped', count(tally.skippedLetters)],
    ...skippedRows(tally),
  ]);
  return [histogram, facts, ...(became === null ? [] : [drawOutcomes(became)])].join('\n\n');
}

/** Where they go, where that is not only the usual topic: a forged header may name any topic. */
function topicRows({ topics }: ReplayTally): readonly (readonly [string, string])[] {
  if ([...topics.keys()].every((topic) => topic === REQUEST_TOPIC)) return [];
  return [...topics].map(([topic, letters]) => [`  to ${topic}`, count(letters)]);
}

/** A line a reason, with what it means. */
function skippedRows({ skipped }: ReplayTally): readonly (readonly [string, string])[] {
  const counts = [...skipped].map(([code, letters]) => ({ code, letters: count(letters) }));
  const width = Math.max(...counts.map(({ letters }) => letters.length));
  return counts.map(({ code, letters }) => [
    `  ${code}`,
    `${letters.padEnd(width)}  ${SKIPPED_BECAUSE[code]}`,
  ]);
}

function drawOutcomes({ outcomes, pending }: ReplayOutcomes): string {
  return pairs([
    ...outcomeRows(outcomes),
    ...(pending > 0 ? [['not decided yet', count(pending)] as const] : []),
  ]);
}

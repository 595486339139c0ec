import type { ReplayTally } from '../../../dead-letters/replay/replay.js';
import { wordedSkip } from '../../../words/worded.js';
import type { ReplayPlan } from '../wire/replay.js';

const MOST_ROWS = 50;

/** What a replay would send, for the page. */
export function replayPlanOf({
  selected,
  replayable,
  skipped,
  reasons,
  topics,
}: ReplayTally): ReplayPlan {
  return {
    selected,
    replayable,
    topics: [...topics]
      .map(([topic, letters]) => ({ topic, replayable: letters }))
      .sort((a, b) => b.replayable - a.replayable)
      .slice(0, MOST_ROWS),
    skipped: [...skipped].map(([code, count]) => ({
      code,
      count,
      text: wordedSkip(code),
    })),
    reasons: [...reasons.values()].sort((a, b) => b.selected - a.selected).slice(0, MOST_ROWS),
  };
}

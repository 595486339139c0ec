import { expectedLetters } from '../../../dead-letters/replay/expected-letters.js';
import { firstSteps } from '../../../dead-letters/replay/first-steps.js';
import type { ReplaySurvey } from '../../../dead-letters/replay/run.js';
import { wordedReplayStep, wordedSkip } from '../../../words/worded.js';
import type { ReplayPlan } from '../wire/replay.js';

const MOST_ROWS = 50;
const MOST_STEPS = 10;

/** What a replay would do, for the page. */
export function replayPlanOf(
  { tally, forecast }: ReplaySurvey,
  clusterId: string,
  nowMs: number,
): ReplayPlan {
  const { selected, replayable, skipped, reasons, topics, otherTopics, copies } = tally;
  return {
    ...{ clusterId, selected, replayable, copies },
    topics: [...topics]
      .map(([topic, letters]) => ({ topic, replayable: letters }))
      .sort((a, b) => b.replayable - a.replayable)
      .slice(0, MOST_ROWS),
    otherTopics: [...otherTopics].map(([topic, letters]) => ({ topic, letters })),
    expected: expectedLetters(tally, forecast).slice(0, MOST_ROWS),
    steps: firstSteps(tally, forecast, nowMs).slice(0, MOST_STEPS).map(wordedReplayStep),
    skipped: [...skipped].map(([code, count]) => ({
      code,
      count,
      text: wordedSkip(code),
    })),
    reasons: [...reasons.values()].sort((a, b) => b.selected - a.selected).slice(0, MOST_ROWS),
  };
}

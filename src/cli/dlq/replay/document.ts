import { firstSteps } from '../../../dead-letters/replay/first-steps.js';
import type { ReplayOutcomes } from '../../../dead-letters/replay/outcomes.js';
import type { ReplaySurvey } from '../../../dead-letters/replay/run.js';
import { summed, type CampaignCount } from '../../../dead-letters/replay/tally.js';
import { replayStepCommand, replayStepText, sentStepText } from '../../../words/en/replay-steps.js';

/** Where a replay sends, and whose group decides it. */
export interface ReplayTarget {
  /** Null: no context is in use. */
  readonly context: string | null;
  readonly clusterId: string;
  readonly brokers: readonly string[];
  readonly topic: string;
  readonly group: string;
}

/** A replay before it is sent, or after that. */
export interface ReplayReport extends ReplaySurvey {
  readonly target: ReplayTarget;
  readonly replayed: number;
  readonly dryRun: boolean;
  /** Null: it was not waited for. */
  readonly became: ReplayOutcomes | null;
  /** By couponId, what is left once it was waited for; null: it was not. */
  readonly leftAfter: ReadonlyMap<number, number> | null;
  readonly nowMs: number;
}

/** docs/contract.md, "dlq replay"; what is more is in docs/dead-letters.md. */
export function replayDocument(report: ReplayReport, pasted: (command: string) => string) {
  const { tally, target, replayed, dryRun, became } = report;
  const campaigns = [...tally.campaigns.values()];
  return {
    selected: tally.selected,
    replayed,
    skipped: tally.skippedLetters,
    dryRun,
    replayable: tally.replayable,
    skippedBecause: Object.fromEntries(tally.skipped),
    reasons: [...tally.reasons.values()],
    topics: [...tally.topics].map(([topic, replayable]) => ({ topic, replayable })),
    target,
    campaigns: campaigns.map((count) => campaignDocument(count, report)),
    expected: Object.fromEntries(summed(campaigns.map(({ expected }) => expected))),
    excluded: Object.fromEntries(summed(campaigns.map(({ excluded }) => excluded))),
    otherTopics: [...tally.otherTopics].map(([topic, letters]) => ({ topic, letters })),
    copies: tally.copies,
    steps: stepsDocument(report, pasted),
    ...(became === null ? {} : { outcomes: became.outcomes, pending: became.pending }),
  };
}

function campaignDocument(
  { couponId, expected, excluded }: CampaignCount,
  { forecast, leftAfter }: ReplayReport,
) {
  const stand = couponId === null ? null : forecast.stand(couponId);
  return {
    couponId,
    stockLeft: stand?.stockLeft ?? null,
    stockLeftAfter: (couponId === null ? null : leftAfter?.get(couponId)) ?? null,
    waitingAhead: stand?.waitingAhead ?? null,
    expected: Object.fromEntries(expected),
    excluded: Object.fromEntries(excluded),
  };
}

export interface StepDocument {
  readonly code: string;
  readonly couponId: number;
  readonly letters: number;
  readonly command: string | null;
  readonly why: string;
}

export function stepsDocument(
  { tally, forecast, nowMs, replayed }: ReplayReport,
  pasted: (command: string) => string,
): readonly StepDocument[] {
  return firstSteps(tally, forecast, nowMs).map((step) => {
    const command = replayStepCommand(step);
    return {
      ...{ code: step.code, couponId: step.couponId, letters: step.letters },
      command: command === null ? null : pasted(command),
      why: replayed > 0 ? sentStepText(step) : replayStepText(step),
    };
  });
}

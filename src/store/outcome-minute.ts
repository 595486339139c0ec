import { MINUTE_MS, type OutcomeMinute } from '../ports/store-history.js';
import { codeOf, outcomeOf } from './outcome-code.js';

/** Stands for no campaign in a key, which has no NULL; the rows of one do not depend on what requests ask for. */
export const NO_CAMPAIGN = 0;
/** Stands for no reason. */
export const NO_REASON = '';

/** When the minute of an instant began. */
export function minuteOf(ms: number): number {
  return Math.floor(ms / MINUTE_MS) * MINUTE_MS;
}

export type MinuteColumns = readonly [
  minuteMs: number,
  couponId: number,
  outcome: number,
  reasonCode: string,
  rows: number,
];

export function toOutcomeMinute(columns: MinuteColumns): OutcomeMinute {
  const [minuteMs, couponId, outcome, reasonCode, rows] = columns;
  return {
    minuteMs,
    couponId: couponId === NO_CAMPAIGN ? null : couponId,
    outcome: outcomeOf(outcome),
    reasonCode: reasonCode === NO_REASON ? null : reasonCode,
    rows,
  };
}

/** What of a minute is part of its row's key, as columns. */
export function minuteKey({ couponId, outcome, reasonCode }: OutcomeMinute) {
  return {
    couponId: couponId ?? NO_CAMPAIGN,
    outcome: codeOf(outcome),
    reasonCode: reasonCode ?? NO_REASON,
  };
}

import { OUTCOMES, type OutcomeCounts } from '../coupon/outcome.js';
import { count } from '../text/figures.js';

/** Name and number of each outcome that there was, to be drawn as pairs. */
export function outcomeRows(outcomes: OutcomeCounts): readonly (readonly [string, string])[] {
  return OUTCOMES.filter((outcome) => outcomes[outcome] > 0).map((outcome) => [
    outcome,
    count(outcomes[outcome]),
  ]);
}

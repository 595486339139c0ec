import type { Outcome } from '../coupon/outcome.js';

/**
 * The numbers that stand for outcomes in a store. The schemas know them, and so does every store: they
 * never change. In SQLite 0 and 1 take no byte in a row, so the most frequent outcomes have those.
 */
const CODES: Readonly<Record<Outcome, number>> = {
  ISSUED: 0,
  SOLD_OUT: 1,
  DUPLICATE: 2,
  EXPIRED: 3,
  NOT_STARTED: 4,
  INACTIVE: 5,
  NOT_FOUND: 6,
  DEAD_LETTERED: 7,
};

const OUTCOMES = Object.keys(CODES) as readonly Outcome[];

export function codeOf(outcome: Outcome): number {
  return CODES[outcome];
}

export function outcomeOf(code: number): Outcome {
  const outcome = OUTCOMES[code];
  if (outcome === undefined) throw new RangeError(`there is no outcome ${code}`);
  return outcome;
}

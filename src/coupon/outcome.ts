/** What a decision can be: final, recorded once, never retried and never dead-lettered. */
export const DECISIONS = [
  'ISSUED',
  'DUPLICATE',
  'SOLD_OUT',
  'EXPIRED',
  'NOT_STARTED',
  'INACTIVE',
  'NOT_FOUND',
] as const;

export type Decision = (typeof DECISIONS)[number];

/**
 * What became of a request. DEAD_LETTERED alone is not final: when the request comes back by a
 * replay it is decided again.
 */
export const OUTCOMES = [...DECISIONS, 'DEAD_LETTERED'] as const;

export type Outcome = (typeof OUTCOMES)[number];

export type OutcomeCounts = Record<Outcome, number>;

/** Every outcome at zero, to count into. */
export function zeroOutcomes(): OutcomeCounts {
  return {
    ISSUED: 0,
    DUPLICATE: 0,
    SOLD_OUT: 0,
    EXPIRED: 0,
    NOT_STARTED: 0,
    INACTIVE: 0,
    NOT_FOUND: 0,
    DEAD_LETTERED: 0,
  };
}

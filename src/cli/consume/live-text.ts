import { OUTCOMES, type Outcome, type OutcomeCounts } from '../../coupon/outcome.js';
import { count } from '../../text/figures.js';

export interface LiveFigures {
  readonly records: number;
  readonly perSecond: number;
  /** Of the whole group; null: not known now. */
  readonly lag: number | null;
  readonly outcomes: OutcomeCounts;
  readonly repeated: number;
  readonly retries: number;
  /** What does not work now. */
  readonly outages: readonly string[];
}

/** In the order of how much they matter, because a narrow terminal cuts the end. */
const LATER: readonly Outcome[] = ['DEAD_LETTERED', 'SOLD_OUT', 'DUPLICATE'];

/** The live line: what is waited for, what was issued always, and whatever else there is of. */
export function liveText(figures: LiveFigures): string {
  const { outcomes, lag, repeated, retries } = figures;
  const rest = OUTCOMES.filter((outcome) => outcome !== 'ISSUED' && !LATER.includes(outcome));
  const counts = [...LATER, ...rest].map((outcome) => [NAMES[outcome], outcomes[outcome]] as const);
  return [
    ...(figures.outages.length === 0 ? [] : [`waiting for ${figures.outages.join(', ')}`]),
    `${count(figures.records)} records`,
    `${count(figures.perSecond)}/s`,
    `lag ${lag === null ? '-' : count(lag)}`,
    `issued ${count(outcomes.ISSUED)}`,
    ...[...counts, ['repeats', repeated] as const, ['retries', retries] as const]
      .filter(([, records]) => records > 0)
      .map(([name, records]) => `${name} ${count(records)}`),
  ].join('  ');
}

const NAMES: Readonly<Record<Outcome, string>> = {
  ISSUED: 'issued',
  DEAD_LETTERED: 'dead letters',
  SOLD_OUT: 'sold out',
  DUPLICATE: 'duplicates',
  EXPIRED: 'expired',
  NOT_STARTED: 'not started',
  INACTIVE: 'inactive',
  NOT_FOUND: 'not found',
};

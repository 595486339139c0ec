import { OUTCOMES, zeroOutcomes, type OutcomeCounts } from '../coupon/outcome.js';
import { MINUTE_MS, type OutcomeMinute, type Period } from '../ports/store-history.js';

const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

export const BUCKETINGS = ['auto', 'minute', 'hour'] as const;
export type Bucketing = (typeof BUCKETINGS)[number];

/** Sizes that a person reads at a glance. */
const SIZES_MS = [
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE_MS),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR_MS),
];
/** What fits a screen, and as many look-ups in the log. */
const MOST_AUTO_BUCKETS = 60;
/** A day by the minute. Each costs a look-up in the log. */
export const MOST_BUCKETS = 24 * 60;

/** How long a bucket is: with `auto`, 60 of them cover the whole minutes of the period. */
export function bucketMsOf({ fromMs, toMs }: Period, by: Bucketing): number {
  if (by === 'minute') return MINUTE_MS;
  if (by === 'hour') return HOUR_MS;
  const wholeMs = Math.floor((toMs - fromMs) / MINUTE_MS) * MINUTE_MS;
  const leastMs = wholeMs / MOST_AUTO_BUCKETS;
  const fitting = SIZES_MS.find((sizeMs) => sizeMs >= leastMs);
  return fitting ?? Math.ceil(leastMs / DAY_MS) * DAY_MS;
}

/**
 * Where buckets begin, and at last where the period ends. They begin at multiples of their length, but for the first:
 * that one begins with the period.
 */
export function boundariesOf({ fromMs, toMs }: Period, bucketMs: number): readonly number[] {
  const boundaries = [fromMs];
  const secondMs = (Math.floor(fromMs / bucketMs) + 1) * bucketMs;
  for (let atMs = secondMs; atMs < toMs; atMs += bucketMs) boundaries.push(atMs);
  return [...boundaries, toMs];
}

/** What happened from `fromMs` up to but without `toMs`. */
export interface Figures {
  /** Records of the log; null: not known. */
  readonly asked: number | null;
  /** As decided; repeats are not among them. */
  readonly outcomes: OutcomeCounts;
  /** By reason, only those that occur. */
  readonly deadLetters: Readonly<Record<string, number>>;
}

export type Bucket = Period & Figures;

/** `steps`: those of the period, each within one bucket. `asked`: of each bucket between two boundaries. */
export function bucketsOf(
  boundaries: readonly number[],
  steps: readonly OutcomeMinute[],
  asked: readonly (number | null)[],
): readonly Bucket[] {
  const buckets = boundaries.slice(0, -1).map((fromMs, index) => ({
    fromMs,
    toMs: boundaries[index + 1] ?? fromMs,
    asked: asked[index] ?? null,
    ...emptyTally(),
  }));
  let at = 0;
  for (const step of steps.toSorted((a, b) => a.minuteMs - b.minuteMs)) {
    while ((buckets[at]?.toMs ?? Infinity) <= step.minuteMs) at += 1;
    // The first bucket begins with the period, and its step perhaps before that.
    const bucket = buckets[at];
    if (bucket !== undefined) add(bucket, step);
  }
  return buckets;
}

interface Tally {
  readonly outcomes: OutcomeCounts;
  readonly deadLetters: Record<string, number>;
}

function emptyTally(): Tally {
  return { outcomes: zeroOutcomes(), deadLetters: {} };
}

function add(
  { outcomes, deadLetters }: Tally,
  { outcome, reasonCode, rows }: Pick<OutcomeMinute, 'outcome' | 'reasonCode' | 'rows'>,
): void {
  outcomes[outcome] += rows;
  if (reasonCode !== null) deadLetters[reasonCode] = (deadLetters[reasonCode] ?? 0) + rows;
}

/** Of all buckets together; `asked` is null where it is of one of them. */
export function totalsOf(buckets: readonly Bucket[]): Figures {
  const tally = emptyTally();
  let asked: number | null = 0;
  for (const bucket of buckets) {
    asked = asked === null || bucket.asked === null ? null : asked + bucket.asked;
    for (const outcome of OUTCOMES) tally.outcomes[outcome] += bucket.outcomes[outcome];
    for (const [code, rows] of Object.entries(bucket.deadLetters)) {
      tally.deadLetters[code] = (tally.deadLetters[code] ?? 0) + rows;
    }
  }
  return { asked, ...tally };
}

/** Nothing was asked, as far as is known, and nothing decided. */
export function isEmpty({ asked, outcomes }: Figures): boolean {
  return (asked ?? 0) === 0 && OUTCOMES.every((outcome) => outcomes[outcome] === 0);
}

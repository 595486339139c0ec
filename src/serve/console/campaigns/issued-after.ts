import { isUsableWait } from '../../../records/timestamp.js';
import type { StoreFigures } from '../../../ports/store-figures.js';

/** From a record's timestamp to its coupon, in ms. */
export interface IssuedAfter {
  readonly p50Ms: number;
  readonly p99Ms: number;
}

type Counts = Awaited<ReturnType<StoreFigures['issuedAfterMs']>>;

/** Null where nothing was issued, or no record of it has a timestamp that is one. A percentile is a time that occurred: the smallest that so many are not above. */
export function issuedAfter(counts: Counts): IssuedAfter | null {
  const sorted = counts.filter(([ms]) => isUsableWait(ms)).toSorted(([a], [b]) => a - b);
  const total = sorted.reduce((sum, [, rows]) => sum + rows, 0);
  if (total === 0) return null;
  return { p50Ms: percentile(sorted, total * 0.5), p99Ms: percentile(sorted, total * 0.99) };
}

function percentile(sorted: Counts, rank: number): number {
  let seen = 0;
  for (const [ms, rows] of sorted) {
    seen += rows;
    if (seen >= rank) return ms;
  }
  return sorted.at(-1)?.[0] ?? 0;
}

/** Figures in the sentences of src/advice, in whichever language. */
import { RECORDS_PER_SECOND, type StoreKind } from '../advice/capacity.js';

/** 0.667 → "67%" */
export function percent(share: number): string {
  return `${String(Math.round(share * 100))}%`;
}

/** How many times as many records a second batches reach: "11". */
export function batchGain(storeKind: StoreKind): string {
  const { batch, single } = RECORDS_PER_SECOND[storeKind];
  return String(Math.round(batch / single));
}

/** How many times as fast as now a member for each partition is at most: "3.0". */
export function timesFaster(partitions: number, running: number): string {
  return (partitions / Math.max(running, 1)).toFixed(1);
}

/** Records a second that they would reach; null where nothing is read now. */
export function rateAfter(
  outPerSecond: number | null,
  partitions: number,
  running: number,
): number | null {
  if (outPerSecond === null || outPerSecond === 0) return null;
  return (outPerSecond * partitions) / Math.max(running, 1);
}

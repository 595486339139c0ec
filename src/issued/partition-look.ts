/** One partition of the requests' log, as a look-up reads it. */
import type { PartitionBounds } from '../ports/log.js';
import type { LogComparison } from '../records/log-comparison.js';

export interface PartitionLook {
  readonly topic: string;
  readonly bound: PartitionBounds;
  /** Where the store stands; null where it has no position. */
  readonly storeOffset: bigint | null;
  readonly comparison: LogComparison;
}

/** How far the store has read it: not at all where it knows another log. */
export function readTo({ storeOffset, comparison }: PartitionLook): bigint {
  return comparison === 'same' ? (storeOffset ?? 0n) : 0n;
}

/** The first offset that the log has and the store has not read. */
export function unreadFrom(look: PartitionLook): bigint {
  const { startOffset } = look.bound;
  const read = readTo(look);
  return read > startOffset ? read : startOffset;
}

/** By offsets: a few more than there are records. */
export function unreadOffsets(looks: readonly PartitionLook[]): number {
  return looks.reduce((sum, look) => sum + Number(look.bound.endOffset - unreadFrom(look)), 0);
}

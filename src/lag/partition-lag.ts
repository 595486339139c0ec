import type { PartitionEnds } from '../ports/log.js';

export interface PartitionLag extends PartitionEnds {
  readonly topic: string;
  readonly partition: number;
  readonly committedOffset: bigint | null;
  readonly startOffset: bigint;
  /** In records. */
  readonly lag: number;
  /**
   * How long the oldest record that is not committed has waited; 0 without lag. Null: not known, or
   * its timestamp is no instant (usableInstantMs).
   */
  readonly timeLagMs: number | null;
  readonly memberId: string | null;
  readonly clientId: string | null;
  readonly host: string | null;
  readonly pid: number | null;
}

/** Null where it is not known of a partition that has something to read: that one may be the oldest. */
export function longestWaitMs(partitions: readonly PartitionLag[]): number | null {
  let longestMs = 0;
  for (const { timeLagMs } of partitions) {
    if (timeLagMs === null) return null;
    longestMs = Math.max(longestMs, timeLagMs);
  }
  return longestMs;
}

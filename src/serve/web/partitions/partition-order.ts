import type { PartitionData } from '../../console/wire/group.js';

/** By lag, those without a leader before all others: they can't be read at all. */
export function busiestFirst(partitions: readonly PartitionData[]): readonly PartitionData[] {
  return [...partitions].sort((a, b) => urgency(b) - urgency(a));
}

export function isOfSeveralTopics(partitions: readonly PartitionData[]): boolean {
  return new Set(partitions.map(({ topic }) => topic)).size > 1;
}

function urgency({ isOnline, lag }: PartitionData): number {
  return isOnline ? (lag ?? 0) : Number.MAX_SAFE_INTEGER;
}

import type { PartitionBounds } from '../ports/log.js';

/** Up to where letters go: an offset in every partition or in one, or a time. */
export type PurgeLimit =
  | { readonly kind: 'offset'; readonly offset: bigint; readonly partition: number | null }
  | { readonly kind: 'time'; readonly timeMs: number };

/** What a purge does to one partition: everything before `beforeOffset` goes. */
export interface PartitionPurge extends PartitionBounds {
  readonly beforeOffset: bigint;
  readonly letters: number;
}

/** The partitions in which a purge would delete what waits behind an open transaction, unread. */
export function purgesUnread(plan: readonly PartitionPurge[]): readonly PartitionPurge[] {
  return plan.filter(({ beforeOffset, stableEndOffset }) => beforeOffset > stableEndOffset);
}

/**
 * `limits` are the wanted offsets by partition; a partition that is not in there is left alone. None
 * goes beyond what is there.
 */
export function planPurge(
  bounds: readonly PartitionBounds[],
  limits: ReadonlyMap<number, bigint>,
): readonly PartitionPurge[] {
  return bounds.map((bound) => {
    const { partition, startOffset, endOffset } = bound;
    const wanted = limits.get(partition) ?? startOffset;
    const capped = wanted > endOffset ? endOffset : wanted;
    const beforeOffset = capped < startOffset ? startOffset : capped;
    return { ...bound, beforeOffset, letters: Number(beforeOffset - startOffset) };
  });
}

/** How a store stands to what a group has committed: whether it is the group's, and has all that the group has read. */
import type { CommittedOffset, GroupStore } from '../ports/group-store.js';
import type { LogReader, PartitionBounds } from '../ports/log.js';

/** What a group has committed of one topic, by partition. */
export type TopicOffsets = ReadonlyMap<number, CommittedOffset | null>;

/** In how many partitions something was committed. */
export function countOf(committed: TopicOffsets): number {
  return [...committed.values()].filter((each) => each !== null).length;
}

/** The store that the group's offsets follow, where that is another one; null: this one, or nobody says. */
export function otherStoreOf(committed: TopicOffsets, ownId: string): GroupStore | null {
  for (const each of committed.values()) {
    const mark = each?.mark ?? null;
    if (mark !== null && mark.id !== ownId) return mark;
  }
  return null;
}

/** Whether an offset says that it follows this store. */
export function followsStore(committed: TopicOffsets, ownId: string): boolean {
  return [...committed.values()].some((each) => each?.mark?.id === ownId);
}

/** Of members that start at once, with nothing committed: the store whose run began first; then by id. */
export function firstStore(stores: readonly GroupStore[]): GroupStore | null {
  const [first] = stores.toSorted(
    (a, b) => a.sinceMs - b.sinceMs || (a.id < b.id ? -1 : Number(a.id > b.id)),
  );
  return first ?? null;
}

/** A partition where the group has read further than the store. */
export interface PartitionBehind {
  readonly partition: number;
  readonly committedOffset: bigint;
  /** Where the store stands; null where it knows nothing of the partition. */
  readonly nextOffset: bigint | null;
}

interface Known {
  readonly committed: TopicOffsets;
  /** Where the store stands, by partition. */
  readonly positions: ReadonlyMap<number, bigint>;
  readonly bounds: readonly PartitionBounds[];
}

/**
 * The partitions, of those with bounds, where the group has read records that the store lacks. The commit to
 * Kafka follows the store, so that this never holds of the store that the group used, whatever has crashed: it
 * is an older copy, or another program has read for the group. An offset without a mark, of a store that
 * knows nothing of the partition, is a group taken over from another program, and counts for nothing.
 */
export async function partitionsBehind(
  reader: Pick<LogReader, 'read'>,
  topic: string,
  { committed, positions, bounds }: Known,
): Promise<readonly PartitionBehind[]> {
  const found = await Promise.all(
    bounds.map(async (bound): Promise<readonly PartitionBehind[]> => {
      const { partition } = bound;
      const offset = committed.get(partition) ?? null;
      const nextOffset = positions.get(partition) ?? null;
      if (offset === null || !(await isBehind(reader, topic, { offset, nextOffset, bound }))) {
        return [];
      }
      return [{ partition, committedOffset: offset.offset, nextOffset }];
    }),
  );
  return found.flat();
}

interface Place {
  readonly offset: CommittedOffset;
  readonly nextOffset: bigint | null;
  readonly bound: PartitionBounds;
}

async function isBehind(
  reader: Pick<LogReader, 'read'>,
  topic: string,
  { offset: { offset, mark }, nextOffset, bound }: Place,
): Promise<boolean> {
  if (mark !== null) return (nextOffset ?? 0n) < (mark.applied ?? 0n);
  if (nextOffset === null) return false;
  // A committed offset also moves over transaction markers, which the store is not told of.
  const { partition, startOffset, stableEndOffset } = bound;
  const from = nextOffset > startOffset ? nextOffset : startOffset;
  const to = offset < stableEndOffset ? offset : stableEndOffset;
  if (from >= to) return false;
  for await (const records of reader.read(topic, partition, from, to)) {
    if (records.length > 0) return true;
  }
  return false;
}

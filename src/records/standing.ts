/** How a store stands to what a group has committed: whether it is the group's, and has all that the group has read. */
import type { StoredPosition } from '../ports/coupon-store.js';
import type {
  CommittedOffset,
  GroupStore,
  OffsetsMismatch,
  PartitionBehind,
  StoreMismatch,
  StoreStand,
} from '../ports/group-store.js';
import type { LogReader, PartitionBounds } from '../ports/log.js';

/** What a group has committed of one topic, by partition. */
export type TopicOffsets = ReadonlyMap<number, CommittedOffset | null>;

/** In how many partitions something was committed. */
export function countOf(committed: TopicOffsets): number {
  return [...committed.values()].filter((each) => each !== null).length;
}

/** The store that the group's offsets follow, where that is another one; null: this one, or no offset says. */
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

interface Known {
  readonly committed: TopicOffsets;
  /** Where the store stands, by partition. */
  readonly positions: ReadonlyMap<number, bigint>;
  readonly bounds: readonly PartitionBounds[];
}

/**
 * The partitions where the group has read records that the store lacks. The commit to Kafka follows the store,
 * so that this never holds of the store that the group used, whatever has crashed: it is an older copy, or
 * another program has read for the group. Read `committed` before `positions`, which move. An offset without a
 * mark counts for nothing where the store knows nothing of the partition (a group taken over from another
 * program), and in a partition that is not in `bounds`.
 */
export async function partitionsBehind(
  reader: Pick<LogReader, 'read'>,
  topic: string,
  { committed, positions, bounds }: Known,
): Promise<readonly PartitionBehind[]> {
  const found = await Promise.all(
    [...committed].map(async ([partition, offset]): Promise<readonly PartitionBehind[]> => {
      const nextOffset = positions.get(partition) ?? null;
      const bound = bounds.find((each) => each.partition === partition) ?? null;
      if (offset === null) return [];
      const place = { topic, partition, offset, nextOffset, bound };
      const behind = { partition, committedOffset: offset.offset, nextOffset };
      return (await isBehind(reader, place)) ? [behind] : [];
    }),
  );
  return found.flat();
}

interface Place {
  readonly topic: string;
  readonly partition: number;
  readonly offset: CommittedOffset;
  readonly nextOffset: bigint | null;
  readonly bound: PartitionBounds | null;
}

async function isBehind(
  reader: Pick<LogReader, 'read'>,
  { topic, partition, offset: { offset, mark }, nextOffset, bound }: Place,
): Promise<boolean> {
  if (mark !== null) return (nextOffset ?? 0n) < (mark.applied ?? 0n);
  if (nextOffset === null || bound === null) return false;
  // A committed offset also moves over transaction markers, which the store is not told of.
  const { startOffset, stableEndOffset } = bound;
  const from = nextOffset > startOffset ? nextOffset : startOffset;
  const to = offset < stableEndOffset ? offset : stableEndOffset;
  if (from >= to) return false;
  for await (const records of reader.read(topic, partition, from, to)) {
    if (records.length > 0) return true;
  }
  return false;
}

interface Compared extends StoreStand {
  readonly committed: TopicOffsets;
  readonly bounds: readonly PartitionBounds[];
}

/** Who reads which topic of which cluster. */
interface Reading {
  readonly clusterId: string;
  readonly group: string;
  readonly topic: string;
}

/** Why the store does not belong to the group that reads this log; null where nothing says so. */
export async function mismatchOf(
  reader: Pick<LogReader, 'read'>,
  source: Reading,
  compared: Compared,
): Promise<StoreMismatch | null> {
  const foreign = positionOfAnotherCluster(compared.positions, source);
  if (foreign === null) return offsetsMismatchOf(reader, source, compared);
  const { clusterId: storeClusterId } = foreign;
  const { clusterId } = source;
  return { code: 'STORE_OF_ANOTHER_CLUSTER', path: compared.path, storeClusterId, clusterId };
}

/** By the group's offsets alone. Read `committed` before `positions`, which move. */
export async function offsetsMismatchOf(
  reader: Pick<LogReader, 'read'>,
  { group, topic }: Omit<Reading, 'clusterId'>,
  { id, path, positions, committed, bounds }: Compared,
): Promise<OffsetsMismatch | null> {
  const used = otherStoreOf(committed, id);
  if (used !== null) return { code: 'OFFSETS_OF_ANOTHER_STORE', path, topic, used };
  const stands = new Map(
    positions
      .filter((each) => each.group === group && each.topic === topic)
      .map(({ partition, nextOffset }) => [partition, nextOffset]),
  );
  const known = { committed, positions: stands, bounds };
  const [behind] = await partitionsBehind(reader, topic, known);
  return behind === undefined ? null : { code: 'OFFSETS_AHEAD_OF_STORE', path, topic, behind };
}

/** Of this group and topic; or of any, where the store has read nothing of this cluster. */
function positionOfAnotherCluster(
  positions: readonly StoredPosition[],
  { clusterId, group, topic }: Reading,
): StoredPosition | null {
  const others = positions.filter((each) => each.clusterId !== clusterId);
  const same = others.find((each) => each.group === group && each.topic === topic);
  if (same !== undefined) return same;
  return others.length === positions.length ? (others[0] ?? null) : null;
}

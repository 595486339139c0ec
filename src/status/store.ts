/** The store's positions, beside what the group has committed. */
import type { CouponStore } from '../ports/coupon-store.js';
import type { StoreMismatch, StorePlace } from '../ports/group-store.js';
import type { LagSample } from '../ports/lag-sample.js';
import type { LogReader } from '../ports/log.js';
import { comparedIn, standOf, storeMismatch } from '../records/store-comparison.js';

export interface StoreStatus {
  readonly path: string;
  readonly id: string;
  readonly topic: string;
  readonly partitions: readonly StoredPartition[];
  /** Why it is not the store of the group, or not of this cluster; null: nothing says so. */
  readonly mismatch: StoreMismatch | null;
}

export interface StoredPartition {
  readonly partition: number;
  /** Where the store goes on; null: it knows nothing of the partition. */
  readonly nextOffset: bigint | null;
  /** Null where the group has committed nothing. */
  readonly committedOffset: bigint | null;
  readonly endOffset: bigint;
}

/** `sample`: a look at the group that was taken before, for the commit to Kafka follows the store. */
export async function readStore(
  store: Pick<CouponStore, 'identity' | 'allPositions'>,
  reader: Pick<LogReader, 'read' | 'clusterId' | 'ledBounds'>,
  sample: LagSample,
  { path }: StorePlace,
): Promise<StoreStatus> {
  const stand = await standOf(store, path);
  const compared = comparedIn(sample);
  const { group, topic } = compared;
  const clusterId = await reader.clusterId();
  const own = stand.positions.filter(
    (each) => each.clusterId === clusterId && each.group === group && each.topic === topic,
  );
  const next = new Map(own.map(({ partition, nextOffset }) => [partition, nextOffset]));
  const partitions = sample.partitions
    .filter((each) => each.topic === topic)
    .map(({ partition, committedOffset, endOffset }) => ({
      partition,
      nextOffset: next.get(partition) ?? null,
      committedOffset,
      endOffset,
    }));
  return {
    path,
    id: stand.id,
    topic,
    partitions: await withEndsOfNow(reader, topic, partitions),
    mismatch: await storeMismatch(stand, reader, compared),
  };
}

export function isBeyondEnd({ nextOffset, endOffset }: StoredPartition): boolean {
  return nextOffset !== null && nextOffset > endOffset;
}

/** The store was read after the log: only an end that is asked for now is one that it can be beyond. */
async function withEndsOfNow(
  reader: Pick<LogReader, 'ledBounds'>,
  topic: string,
  partitions: readonly StoredPartition[],
): Promise<readonly StoredPartition[]> {
  const beyond = partitions.filter(isBeyondEnd).map(({ partition }) => partition);
  if (beyond.length === 0) return partitions;
  const ends = new Map(
    (await reader.ledBounds(topic, beyond)).map(({ partition, endOffset }) => [
      partition,
      endOffset,
    ]),
  );
  return partitions.map((each) => ({
    ...each,
    endOffset: ends.get(each.partition) ?? each.endOffset,
  }));
}

/** How the store stands to the committed offsets: how many partitions, and by how many offsets in all. */
export interface StoreDistance {
  readonly equal: number;
  readonly ahead: number;
  readonly aheadOffsets: number;
  readonly behind: number;
  readonly behindOffsets: number;
  /** The store knows nothing of them, or the group has committed nothing there. */
  readonly unknown: number;
}

export function distanceOf(partitions: readonly StoredPartition[]): StoreDistance {
  const distance = { equal: 0, ahead: 0, aheadOffsets: 0, behind: 0, behindOffsets: 0, unknown: 0 };
  for (const { nextOffset, committedOffset } of partitions) {
    if (nextOffset === null || committedOffset === null) {
      distance.unknown += 1;
      continue;
    }
    const offsets = Number(nextOffset - committedOffset);
    if (offsets === 0) distance.equal += 1;
    if (offsets > 0) {
      distance.ahead += 1;
      distance.aheadOffsets += offsets;
    }
    if (offsets < 0) {
      distance.behind += 1;
      distance.behindOffsets -= offsets;
    }
  }
  return distance;
}

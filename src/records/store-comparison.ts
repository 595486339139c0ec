/** What a group has committed, compared with a store: gathers what records/standing.ts judges. */
import { REQUEST_TOPIC } from '../coupon/topics.js';
import type { Failure } from '../errors.js';
import type { ClusterAdmin } from '../ports/cluster-admin.js';
import type { CouponStore } from '../ports/coupon-store.js';
import {
  isSameHost,
  type OffsetsMismatch,
  type StoreMark,
  type StoreMismatch,
  type StorePlace,
  type StoreStand,
} from '../ports/group-store.js';
import type { LagSample, PartitionSample } from '../ports/lag-sample.js';
import type { LogReader, PartitionBounds } from '../ports/log.js';
import { mismatchOf, offsetsMismatchOf, type TopicOffsets } from './standing.js';

export type ComparedStore = Pick<CouponStore, 'identity' | 'allPositions'>;

export interface Compared {
  readonly group: string;
  readonly topic: string;
  /** Read before the store is. */
  readonly committed: TopicOffsets;
  /** Where offsets are compared that name no store. */
  readonly bounds: readonly PartitionBounds[];
}

/** What a group has committed of a topic, by partition. */
export async function committedOf(
  admin: Pick<ClusterAdmin, 'committedOffsets'>,
  group: string,
  topic: string,
): Promise<TopicOffsets> {
  return (await admin.committedOffsets(group)).get(topic) ?? new Map<number, null>();
}

/** The same to compare with a store's stand, which is to be read after it. */
export async function comparedNow(
  admin: Pick<ClusterAdmin, 'committedOffsets'>,
  reader: Pick<LogReader, 'bounds'>,
  group: string,
  topic: string,
): Promise<Compared> {
  const committed = await committedOf(admin, group, topic);
  const bounds = committed.size === 0 ? [] : await reader.bounds(topic);
  return { group, topic, committed, bounds };
}

/** Null where nothing says that the store is not that of the group's offsets. */
export async function offsetsMismatch(
  stand: StoreStand,
  reader: Pick<LogReader, 'read'>,
  compared: Compared,
): Promise<OffsetsMismatch | null> {
  return offsetsMismatchOf(reader, compared, { ...stand, ...compared });
}

/** Likewise, or that it is not that of this cluster. */
export async function storeMismatch(
  stand: StoreStand,
  reader: Pick<LogReader, 'read' | 'clusterId'>,
  compared: Compared,
): Promise<StoreMismatch | null> {
  const source = { ...compared, clusterId: await reader.clusterId() };
  return mismatchOf(reader, source, { ...stand, ...compared });
}

/** Of a store that is open; `path`: where it is (StorePlace). */
export async function standOf(store: ComparedStore, path: string): Promise<StoreStand> {
  const [{ id }, positions] = await Promise.all([store.identity(), store.allPositions()]);
  return { id, path, positions };
}

/** The store here, as a look at the lag compares it. */
export interface StoreHere {
  readonly place: StorePlace;
  /** Null where there is none; a failure where it can't be read. */
  readonly stand: () => Promise<StoreStand | Failure | null>;
}

/**
 * Fills in the mismatch of a look at a group's lag. Opening the store takes a good part of the time
 * of `lag`, so it is left where members run whose offsets name this very store: they have compared it themselves.
 */
export async function withMismatch(
  sample: LagSample,
  reader: Pick<LogReader, 'read'>,
  { place, stand }: StoreHere,
): Promise<LagSample> {
  if (!isWorthALook(sample, place)) return sample;
  const found = await stand();
  if (found === null) return sample;
  if ('message' in found) {
    const { path } = place;
    return { ...sample, mismatch: { code: 'STORE_NOT_COMPARED', path, failure: found } };
  }
  return { ...sample, mismatch: await offsetsMismatch(found, reader, comparedIn(sample)) };
}

/** What a look at the lag says of the group's offsets. */
export function comparedIn(sample: LagSample): Compared {
  const { group } = sample.group;
  const topic = markedTopic(sample) ?? REQUEST_TOPIC;
  const bounds = sample.partitions.filter((each) => each.topic === topic);
  return { group, topic, committed: offsetsOf(bounds), bounds };
}

function markedTopic({ partitions }: LagSample): string | null {
  return partitions.find(({ mark }) => mark !== null)?.topic ?? null;
}

function isWorthALook(sample: LagSample, here: StorePlace): boolean {
  const isHere = ({ mark }: PartitionSample) => mark === null || isAt(mark, here);
  if (markedTopic(sample) === null) return false;
  return sample.group.members === 0 || !sample.partitions.every(isHere);
}

function isAt(mark: StoreMark, here: StorePlace): boolean {
  return mark.path === here.path && isSameHost(mark, here);
}

function offsetsOf(partitions: readonly PartitionSample[]): TopicOffsets {
  return new Map(
    partitions.map(({ partition, committedOffset: offset, mark }) => [
      partition,
      offset === null ? null : { offset, mark },
    ]),
  );
}

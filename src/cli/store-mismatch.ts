/** Compares the store of --store with what a group has committed. */
import { REQUEST_TOPIC } from '../coupon/topics.js';
import { CliError } from '../errors.js';
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
import { mismatchOf, offsetsMismatchOf, type TopicOffsets } from '../records/standing.js';
import { mismatchText } from '../words/en/store-mismatch.js';
import type { Services } from './services.js';

type ComparedStore = Pick<CouponStore, 'identity' | 'allPositions'>;

interface Compared {
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

/** Of a store that is open. */
export async function standOf(services: Services, store: ComparedStore): Promise<StoreStand> {
  const [{ id }, positions] = await Promise.all([store.identity(), store.allPositions()]);
  return { id, path: services.storePlace().path, positions };
}

/** Of the store that there is to compare; null where there is none that can be read. */
export async function comparableStand(services: Services): Promise<StoreStand | null> {
  return services.storeStand().catch((error: unknown) => {
    if (!(error instanceof CliError)) throw error;
    services.output.detail(error.message);
    return null;
  });
}

/**
 * Fills in the mismatch of looks at a group's lag. Opening the store takes a good part of the time
 * of `lag`, so it is left where members run whose offsets name this very store: they have compared it themselves.
 */
export function comparingLooks(
  services: Services,
  reader: Pick<LogReader, 'read'>,
  look: () => Promise<LagSample>,
): () => Promise<LagSample> {
  return async () => {
    const sample = await look();
    if (!isWorthALook(services, sample)) return sample;
    const stand = await comparableStand(services);
    if (stand === null) return sample;
    return { ...sample, mismatch: await offsetsMismatch(stand, reader, comparedIn(sample)) };
  };
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

function isWorthALook(services: Services, sample: LagSample): boolean {
  const here = services.storePlace();
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

/**
 * Says on stderr where the store does not belong to the group's log, beside the answer of a command that reads
 * both. What can't be compared (a user may not read the group's offsets) is left.
 */
export async function warnOfMismatch(
  services: Services,
  store: ComparedStore,
  group: string,
  topic: string,
): Promise<void> {
  try {
    const [admin, reader] = [await services.admin(), await services.reader()];
    const compared = await comparedNow(admin, reader, group, topic);
    const mismatch = await storeMismatch(await standOf(services, store), reader, compared);
    if (mismatch !== null) services.output.warn(mismatchText(mismatch, group));
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    services.output.detail(error.message);
  }
}

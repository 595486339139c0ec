import { CliError, errorOf } from '../errors.js';
import { compareLog } from '../records/log-comparison.js';
import type { CouponStore, Source, StoredPosition } from '../ports/coupon-store.js';
import type { LogReader, PartitionBounds } from '../ports/log.js';
import type { GroupStore } from '../ports/group-store.js';
import { assertNotBehindGroup, assertStoreOfGroup, type GroupOffsets } from './group-check.js';
import {
  BROKER,
  COORDINATOR,
  STORE,
  isWaitedFor,
  partitionService,
  type Service,
} from './outages.js';

/** Where to begin in one partition. */
export interface Start {
  readonly partition: number;
  readonly offset: bigint;
  /** What the store's offset must still be at the first batch; null: it knows nothing yet. */
  readonly expectedOffset: bigint | null;
  /** Records that retention deleted before they were read. */
  readonly lostRecords: bigint;
}

/** A partition whose start can't be told now, and what does not work. */
export interface NoStart {
  readonly partition: number;
  readonly service: Service;
  readonly error: Error;
}

export interface FoundStarts {
  readonly starts: readonly Start[];
  /** To be looked up again. */
  readonly waiting: readonly NoStart[];
}

interface Ports {
  readonly store: Pick<CouponStore, 'positions'>;
  readonly reader: LogReader;
}

/**
 * The store's offset is the truth, so a member starts there and not at Kafka's committed offset;
 * where the store knows nothing, at the log's start. First it makes sure that this log is the one
 * the store has read: same cluster, not shorter, same record at the last applied offset; and that the
 * store is the group's (group-check.ts). `stores`: of the group's members. A partition
 * without a leader, or whose broker does not answer, keeps no other from starting.
 * Throws CliError STORE_OF_ANOTHER_CLUSTER, STORE_AHEAD_OF_LOG, LOG_REPLACED, STORE_NOT_OF_GROUP,
 * STORE_BEHIND_GROUP, and what no waiting fixes: TOPIC_NOT_FOUND, a refused login.
 */
export async function findStarts(
  ports: Ports & { readonly groupOffsets: GroupOffsets },
  source: Omit<Source, 'partition'>,
  partitions: readonly number[],
  stores: readonly GroupStore[],
): Promise<FoundStarts> {
  const { store: own, committed: askCommitted } = ports.groupOffsets;
  // Before the store's positions: they only move on.
  const committed = await askCommitted().catch(whatPasses);
  if (committed instanceof Error)
    return { starts: [], waiting: noStarts(partitions, COORDINATOR, committed) };
  return locate(ports, source, partitions, async (positions, bounds) => {
    assertStoreOfGroup(source, own, committed, stores);
    const { reader } = ports;
    await assertNotBehindGroup(source, { reader, own, committed, positions, bounds });
  });
}

/** Of this group and topic alone, all at once, whoever else reads for it. Throws as findStarts does. */
export async function startOffsets(
  ports: Ports,
  source: Omit<Source, 'partition'>,
  partitions: readonly number[],
): Promise<readonly Start[]> {
  const { starts, waiting } = await locate(ports, source, partitions, () => Promise.resolve());
  const [missing] = waiting;
  if (missing !== undefined) throw missing.error;
  return starts;
}

async function locate(
  ports: Ports,
  source: Omit<Source, 'partition'>,
  partitions: readonly number[],
  check: (
    positions: readonly StoredPosition[],
    bounds: readonly PartitionBounds[],
  ) => Promise<void>,
): Promise<FoundStarts> {
  let service = STORE;
  try {
    const positions = await ports.store.positions(source.group, source.topic);
    const foreign = positions.find(({ clusterId }) => clusterId !== source.clusterId);
    if (foreign !== undefined) throw anotherCluster(foreign, source.clusterId);
    service = BROKER;
    const bounds = await ports.reader.ledBounds(source.topic, partitions);
    await check(positions, bounds);
    const found = await Promise.all(
      partitions.map((partition) =>
        findStart(ports.reader, partition, {
          topic: source.topic,
          stored: positions.find((position) => position.partition === partition),
          bounds: bounds.find((bound) => bound.partition === partition),
        }),
      ),
    );
    return {
      starts: found.filter((each) => 'offset' in each),
      waiting: found.filter((each) => 'error' in each),
    };
  } catch (thrown) {
    return { starts: [], waiting: noStarts(partitions, service, whatPasses(thrown)) };
  }
}

function noStarts(
  partitions: readonly number[],
  service: Service,
  error: Error,
): readonly NoStart[] {
  return partitions.map((partition) => ({ partition, service, error }));
}

interface Known {
  readonly topic: string;
  readonly stored: StoredPosition | undefined;
  /** Undefined where the partition has no leader. */
  readonly bounds: PartitionBounds | undefined;
}

async function findStart(
  reader: LogReader,
  partition: number,
  { topic, stored, bounds }: Known,
): Promise<Start | NoStart> {
  if (bounds === undefined) {
    const error = new CliError('PARTITION_OFFLINE', 'it has no leader');
    return { partition, service: partitionService(topic, partition), error };
  }
  const { startOffset } = bounds;
  if (stored === undefined) {
    return { partition, offset: startOffset, expectedOffset: null, lostRecords: 0n };
  }
  try {
    await assertSameLog(reader, stored, bounds);
  } catch (thrown) {
    const error = whatPasses(thrown);
    return { partition, service: partitionService(topic, partition), error };
  }
  const lost = startOffset - stored.nextOffset;
  return {
    partition,
    offset: lost > 0n ? startOffset : stored.nextOffset,
    expectedOffset: stored.nextOffset,
    lostRecords: lost > 0n ? lost : 0n,
  };
}

/** Throws it again where waiting would not fix it. */
function whatPasses(thrown: unknown): Error {
  if (!isWaitedFor(thrown)) throw thrown;
  return errorOf(thrown);
}

async function assertSameLog(
  reader: LogReader,
  stored: StoredPosition,
  log: Omit<PartitionBounds, 'stableEndOffset'>,
): Promise<void> {
  const { lastApplied, nextOffset, topic, partition } = stored;
  const where = `${topic} partition ${String(partition)}`;
  switch (await compareLog(reader, stored, log)) {
    case 'same':
      return;
    case 'ahead':
      throw new CliError(
        'STORE_AHEAD_OF_LOG',
        `The store has read ${where} up to offset ${nextOffset.toString()}, but the log ends at ${log.endOffset.toString()}: the topic was deleted and recreated, or the cluster lost records.`,
        RESET_HINT,
      );
    case 'replaced':
      throw new CliError(
        'LOG_REPLACED',
        `The record at ${where} offset ${lastApplied.offset.toString()} is not the one the store has applied: the topic was deleted and recreated, or this is another cluster.`,
        RESET_HINT,
      );
  }
}

function anotherCluster(stored: StoredPosition, clusterId: string): CliError {
  return new CliError(
    'STORE_OF_ANOTHER_CLUSTER',
    `The store has read ${stored.topic} of cluster ${stored.clusterId}, but this is cluster ${clusterId}.`,
    RESET_HINT,
  );
}

const RESET_HINT =
  'Use another --store for this log; or, to read it from its start into this store (what was issued stays issued), run `coupons store reset-offsets`.';

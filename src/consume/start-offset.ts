import { CliError } from '../errors.js';
import { fingerprintOf, sameRecord } from '../records/fingerprint.js';
import type { CouponStore, Source, StoredPosition } from '../ports/coupon-store.js';
import type { LogReader, PartitionBounds } from '../ports/log.js';

/** Where to begin in one partition. */
export interface Start {
  readonly partition: number;
  readonly offset: bigint;
  /** What the store's offset must still be at the first batch; null: it knows nothing yet. */
  readonly expectedOffset: bigint | null;
  /** Records that retention deleted before they were read. */
  readonly lostRecords: bigint;
}

/**
 * The store's offset is the truth, so a member starts there and not at Kafka's committed offset;
 * where the store knows nothing, at the log's start. First it makes sure that this log is the one
 * the store has read: same cluster, not shorter, same record at the last applied offset.
 * Throws CliError STORE_OF_ANOTHER_CLUSTER, STORE_AHEAD_OF_LOG or LOG_REPLACED.
 */
export async function startOffsets(
  ports: { readonly store: CouponStore; readonly reader: LogReader },
  source: Omit<Source, 'partition'>,
  partitions: readonly number[],
): Promise<readonly Start[]> {
  const positions = await ports.store.positions(source.group, source.topic);
  const foreign = positions.find(({ clusterId }) => clusterId !== source.clusterId);
  if (foreign !== undefined) throw anotherCluster(foreign, source.clusterId);
  const bounds = await ports.reader.bounds(source.topic);
  return Promise.all(
    partitions.map(async (partition) => {
      const log = bounds.find((bound) => bound.partition === partition);
      const { startOffset, endOffset } = log ?? { startOffset: 0n, endOffset: 0n };
      const stored = positions.find((position) => position.partition === partition);
      if (stored === undefined) {
        return { partition, offset: startOffset, expectedOffset: null, lostRecords: 0n };
      }
      await assertSameLog(ports.reader, stored, { partition, startOffset, endOffset });
      const lost = startOffset - stored.nextOffset;
      return {
        partition,
        offset: lost > 0n ? startOffset : stored.nextOffset,
        expectedOffset: stored.nextOffset,
        lostRecords: lost > 0n ? lost : 0n,
      };
    }),
  );
}

async function assertSameLog(
  reader: LogReader,
  stored: StoredPosition,
  log: Omit<PartitionBounds, 'stableEndOffset'>,
): Promise<void> {
  const { lastApplied, nextOffset, topic, partition } = stored;
  const where = `${topic} partition ${String(partition)}`;
  if (nextOffset > log.endOffset) {
    throw new CliError(
      'STORE_AHEAD_OF_LOG',
      `The store has read ${where} up to offset ${nextOffset.toString()}, but the log ends at ${log.endOffset.toString()}: the topic was deleted and made anew, or the cluster lost records.`,
      RESET_HINT,
    );
  }
  if (lastApplied.offset < log.startOffset) return;
  const record = await reader.recordAt({ topic, partition, offset: lastApplied.offset });
  // Compaction may have taken it; then there is nothing to compare with.
  if (record === null || sameRecord(fingerprintOf(record), lastApplied)) return;
  throw new CliError(
    'LOG_REPLACED',
    `The record at ${where} offset ${lastApplied.offset.toString()} is not the one the store has applied: the topic was deleted and made anew, or this is another cluster.`,
    RESET_HINT,
  );
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

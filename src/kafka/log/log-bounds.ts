import type { PartitionBounds } from '../../ports/log.js';
import type { FoundOffsets, InnerCluster } from '../client/kafkajs-internals.js';

const EARLIEST = -2;
const LATEST = -1;

/**
 * Start and end of these partitions, by topic: one request a leader for the starts and one for the
 * ends, however many there are. Each must have a leader, and its topic be among the target topics.
 */
export async function boundsOf(
  inner: InnerCluster,
  partitions: ReadonlyMap<string, readonly number[]>,
): Promise<ReadonlyMap<string, readonly PartitionBounds[]>> {
  const offsets = async (fromTimestamp: number) =>
    byPartition(
      await inner.fetchTopicsOffset(
        [...partitions].map(([topic, ids]) => ({
          topic,
          partitions: ids.map((partition) => ({ partition })),
          fromTimestamp,
        })),
      ),
    );
  const [starts, ends] = await Promise.all([offsets(EARLIEST), offsets(LATEST)]);
  const bounds = [...partitions].map(
    ([topic, ids]) =>
      [
        topic,
        ids.map((partition) => ({
          partition,
          startOffset: starts.get(topic)?.get(partition) ?? 0n,
          endOffset: ends.get(topic)?.get(partition) ?? 0n,
        })),
      ] as const,
  );
  return new Map(bounds);
}

function byPartition(
  found: readonly FoundOffsets[],
): ReadonlyMap<string, ReadonlyMap<number, bigint>> {
  return new Map(
    found.map(({ topic, partitions }) => [
      topic,
      new Map(partitions.map(({ partition, offset }) => [partition, BigInt(offset)])),
    ]),
  );
}

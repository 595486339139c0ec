import type { PartitionBounds } from '../../ports/log.js';
import { withHighWatermarks, withLastStableOffsets } from '../client/inside/isolation.js';
import type { FoundOffsets, InnerCluster } from '../client/inside/objects.js';

const EARLIEST = -2;
const LATEST = -1;

/** Partition ids by topic. */
type Partitions = ReadonlyMap<string, readonly number[]>;
type Offsets = ReadonlyMap<string, ReadonlyMap<number, bigint>>;

/**
 * Start and both ends of these partitions, by topic: three requests a leader at the same time,
 * however many partitions there are. Each must have a leader, and its topic be among the target topics.
 */
export async function boundsOf(
  inner: InnerCluster,
  partitions: Partitions,
): Promise<ReadonlyMap<string, readonly PartitionBounds[]>> {
  const [starts, ends, stable] = await Promise.all([
    offsetsOf(inner, partitions, EARLIEST),
    offsetsOf(withHighWatermarks(inner), partitions, LATEST),
    offsetsOf(withLastStableOffsets(inner), partitions, LATEST),
  ]);
  const confirmed = await confirmedStableEnds(inner, ends, stable);
  const bounds = [...partitions].map(([topic, ids]) => {
    const ofTopic = ids.map((partition) => {
      const endOffset = ends.get(topic)?.get(partition) ?? 0n;
      const stableEndOffset = confirmed.get(topic)?.get(partition) ?? endOffset;
      return {
        partition,
        startOffset: starts.get(topic)?.get(partition) ?? 0n,
        endOffset,
        stableEndOffset: stableEndOffset < endOffset ? stableEndOffset : endOffset,
      };
    });
    return [topic, ofTopic] as const;
  });
  return new Map(bounds);
}

/**
 * The last stable offsets, by topic, of the partitions whose answer may come from before their high
 * watermark's: records that were written in between look as if they were in an open transaction. Only
 * a last stable offset that is asked for afterwards and still lies below the end shows one.
 */
async function confirmedStableEnds(
  inner: InnerCluster,
  ends: Offsets,
  stable: Offsets,
): Promise<Offsets> {
  const doubtful = [...ends].map(([topic, ofTopic]) => {
    const ids = [...ofTopic]
      .filter(([partition, end]) => (stable.get(topic)?.get(partition) ?? end) < end)
      .map(([partition]) => partition);
    return [topic, ids] as const;
  });
  const asked = doubtful.filter(([, ids]) => ids.length > 0);
  if (asked.length === 0) return new Map();
  return offsetsOf(withLastStableOffsets(inner), new Map(asked), LATEST);
}

async function offsetsOf(
  inner: InnerCluster,
  partitions: Partitions,
  fromTimestamp: number,
): Promise<Offsets> {
  const found = await inner.fetchTopicsOffset(
    [...partitions].map(([topic, ids]) => ({
      topic,
      partitions: ids.map((partition) => ({ partition })),
      fromTimestamp,
    })),
  );
  return byPartition(found);
}

function byPartition(found: readonly FoundOffsets[]): Offsets {
  return new Map(
    found.map(({ topic, partitions }) => [
      topic,
      new Map(partitions.map(({ partition, offset }) => [partition, BigInt(offset)])),
    ]),
  );
}

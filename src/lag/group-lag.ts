import { REQUEST_TOPIC } from '../coupon/topics.js';
import type { ClusterAdmin } from '../ports/cluster-admin.js';
import { readingOffset } from '../ports/lag-sample.js';
import type { LogReader } from '../ports/log.js';

/**
 * How many records the group has still to read of a topic, by its committed offsets; 0 of a topic that it
 * has never committed to, but for the request topic. Committed offsets are read before end offsets, so
 * that it is never negative. Throws CliError TOPIC_NOT_FOUND, PARTITION_OFFLINE.
 */
export async function groupLag(
  admin: Pick<ClusterAdmin, 'committedOffsets'>,
  reader: Pick<LogReader, 'bounds'>,
  group: string,
  topic: string,
): Promise<bigint> {
  const committed = (await admin.committedOffsets(group)).get(topic);
  if (topic !== REQUEST_TOPIC && committed === undefined) return 0n;
  const bounds = await reader.bounds(topic);
  return bounds.reduce((lag, { partition, startOffset, endOffset }) => {
    const committedOffset = committed?.get(partition) ?? null;
    const behind = endOffset - readingOffset({ committedOffset, startOffset });
    return lag + (behind > 0n ? behind : 0n);
  }, 0n);
}

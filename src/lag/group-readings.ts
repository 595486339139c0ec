import { REQUEST_TOPIC } from '../coupon/topics.js';
import type { ClusterAdmin } from '../ports/cluster-admin.js';
import { readingOffset } from '../ports/lag-sample.js';
import type { LogReader } from '../ports/log.js';
import type { Reading } from '../records/reading.js';

/**
 * Where the group goes on in each partition of a topic, by its committed offsets; none of a topic that
 * it does not read. Committed offsets are read before the ends, so that they are never ahead of them.
 * Throws CliError TOPIC_NOT_FOUND, PARTITION_OFFLINE.
 */
export async function groupReadings(
  admin: Pick<ClusterAdmin, 'committedOffsets'>,
  reader: Pick<LogReader, 'bounds'>,
  group: string,
  topic: string,
): Promise<readonly Reading[]> {
  const committed = (await admin.committedOffsets(group)).get(topic);
  if (topic !== REQUEST_TOPIC && committed === undefined) return [];
  const bounds = await reader.bounds(topic);
  return bounds.map(({ partition, startOffset, endOffset, stableEndOffset }) => {
    const committedOffset = committed?.get(partition)?.offset ?? null;
    const offset = readingOffset({ committedOffset, startOffset });
    return { topic, partition, offset, endOffset, stableEndOffset };
  });
}

/** Whether a partition's log is the one that a store has read. */
import type { StoredPosition } from '../ports/coupon-store.js';
import type { LogReader, PartitionBounds } from '../ports/log.js';
import { fingerprintOf, sameRecord } from './fingerprint.js';

/**
 * ahead: the store has read beyond its end. replaced: it has another record where the store stood last. Both mean
 * that the topic was deleted and recreated, that the cluster lost records, or that it is another cluster.
 */
export type LogComparison = 'same' | 'ahead' | 'replaced';

/** Also 'same' where retention or compaction took the record: then there is nothing to compare with. */
export async function compareLog(
  reader: Pick<LogReader, 'recordAt'>,
  { lastApplied, nextOffset, topic, partition }: StoredPosition,
  { startOffset, endOffset }: Omit<PartitionBounds, 'stableEndOffset'>,
): Promise<LogComparison> {
  if (nextOffset > endOffset) return 'ahead';
  if (lastApplied.offset < startOffset) return 'same';
  const record = await reader.recordAt({ topic, partition, offset: lastApplied.offset });
  if (record === null || sameRecord(fingerprintOf(record), lastApplied)) return 'same';
  return 'replaced';
}

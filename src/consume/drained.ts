import type { CouponStore, Source } from '../ports/coupon-store.js';
import type { LogReader } from '../ports/log.js';
import { startOffsets } from './start-offset.js';

/**
 * Whether the store has applied every record that is in the log now. Kafka's committed offsets alone
 * do not tell: a new store, or one from a backup, is behind them. Offsets without a record
 * (transaction markers at the end of the log) are nothing to wait for. Throws as startOffsets does:
 * a store that has read another log has not read this one, however far its offsets are.
 */
export async function hasReadAll(
  ports: { readonly store: CouponStore; readonly reader: LogReader },
  source: Omit<Source, 'partition'>,
): Promise<boolean> {
  const { topic } = source;
  const bounds = await ports.reader.bounds(topic);
  const starts = await startOffsets(
    ports,
    source,
    bounds.map(({ partition }) => partition),
  );
  for (const { partition, offset } of starts) {
    const endOffset = bounds.find((bound) => bound.partition === partition)?.endOffset ?? offset;
    if (offset >= endOffset) continue;
    for await (const records of ports.reader.read(topic, partition, offset, endOffset)) {
      if (records.length > 0) return false;
    }
  }
  return true;
}

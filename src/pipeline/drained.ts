import type { CouponStore, LogReader, Source } from './ports.js';

/**
 * Whether the store has applied every record that is in the log now. Kafka's committed offsets alone
 * do not tell: a new store, or one from a backup, is behind them. Offsets without a record
 * (transaction markers at the end of the log) are nothing to wait for.
 */
export async function hasReadAll(
  { store, reader }: { readonly store: CouponStore; readonly reader: LogReader },
  { group, topic }: Omit<Source, 'partition'>,
): Promise<boolean> {
  const positions = await store.positions(group, topic);
  for (const { partition, startOffset, endOffset } of await reader.bounds(topic)) {
    const stored = positions.find((position) => position.partition === partition);
    const next = stored?.nextOffset ?? startOffset;
    const from = next > startOffset ? next : startOffset;
    if (from >= endOffset) continue;
    for await (const records of reader.read(topic, partition, from, endOffset)) {
      if (records.length > 0) return false;
    }
  }
  return true;
}

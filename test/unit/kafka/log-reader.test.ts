import { expect, it } from 'vitest';
import { toRecords } from '../../../src/kafka/log/log-reader.js';

it('a fetch goes on behind the batch, whose last records compaction may have taken', () => {
  const message = {
    ...{ offset: '10', timestamp: '0', key: null, value: null },
    batchContext: { firstOffset: '10', lastOffsetDelta: 9 },
  };
  const ends = { highWatermark: '99', lastStableOffset: '99' };
  const fetched = { partition: 0, ...ends, abortedTransactions: null };
  const next = (from: bigint) => {
    const { records, nextOffset } = toRecords('t', { ...fetched, messages: [message] }, from);
    return [records.length, nextOffset];
  };
  expect(next(10n)).toEqual([1, 20n]);
  // From within the gap on nothing is left of this batch.
  expect(next(15n)).toEqual([0, 20n]);
  // A batch that has no record left is passed over whole; the end of the log is not.
  expect(toRecords('t', { ...fetched, messages: [] }, 15n, 20n).nextOffset).toBe(20n);
  expect(toRecords('t', { ...fetched, messages: [] }, 99n).nextOffset).toBe(99n);
});

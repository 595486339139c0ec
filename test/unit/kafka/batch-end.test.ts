import { describe, expect, it } from 'vitest';
import { endOfBatches } from '../../../src/kafka/log/batch-end.js';
import { batchOf, NOW, withCrc } from '../../support/broker/record-batches.js';

/** A batch that covers these offsets, as compaction leaves it: a header without a record. */
function emptyBatch(firstOffset: bigint, lastOffset: bigint): Buffer {
  const header = batchOf().subarray(0, 61);
  header.writeBigInt64BE(firstOffset, 0);
  header.writeInt32BE(49, 8);
  header.writeInt32BE(Number(lastOffset - firstOffset), 23);
  header.writeInt32BE(0, 57);
  return withCrc(header);
}

describe('where the batches of a fetch end', () => {
  it('is behind the last offset that an empty batch covers', () => {
    expect(endOfBatches(emptyBatch(1000n, 1499n))).toBe(1500n);
    const far = 2n ** 62n;
    expect(endOfBatches(emptyBatch(far, far))).toBe(far + 1n);
  });

  it('is that of the last whole batch', () => {
    const records = batchOf({ timestamps: [NOW, NOW, NOW] });
    records.writeBigInt64BE(8n, 0);
    const batches = Buffer.concat([emptyBatch(0n, 7n), records]);
    expect(endOfBatches(batches)).toBe(11n);
    expect(endOfBatches(batches.subarray(0, -1))).toBe(8n);
    expect(endOfBatches(Buffer.concat([batches, records.subarray(0, 20)]))).toBe(11n);
  });

  it('is behind a message of the formats before Kafka 0.11, which have no batches', () => {
    const message = Buffer.alloc(34);
    message.writeBigInt64BE(41n, 0);
    message.writeInt32BE(message.length - 12, 8);
    message.writeInt8(1, 16);
    expect(endOfBatches(message)).toBe(42n);
  });

  it('is not known where there is no whole batch, or nonsense', () => {
    expect(endOfBatches(Buffer.alloc(0))).toBeNull();
    expect(endOfBatches(emptyBatch(0n, 9n).subarray(0, 60))).toBeNull();
    const nonsense = emptyBatch(0n, 9n);
    nonsense.writeInt32BE(-100, 8);
    expect(endOfBatches(nonsense)).toBeNull();
  });
});

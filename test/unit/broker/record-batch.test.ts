import { expect, test } from 'vitest';
import { crc32c } from '../../../src/broker/wire/crc32c.js';
import {
  batchTimestamps,
  checkBatch,
  firstAtOrAfter,
  setBaseOffset,
  setLogAppendTime,
} from '../../../src/broker/wire/record-batch.js';
import { batchOf, NOW, withCrc } from '../../support/broker/record-batches.js';

const CORRUPT_MESSAGE = 2;
const UNSUPPORTED_FOR_MESSAGE_FORMAT = 43;
const INVALID_RECORD = 87;

test('CRC-32C is the Castagnoli one', () => {
  // The check value of the algorithm's definition (RFC 3720).
  expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
});

test('a sound batch is taken', () => {
  const header = checkBatch(batchOf({ timestamps: [NOW, NOW + 5n] }));
  expect(header).toMatchObject({ recordsCount: 2, maxTimestamp: NOW + 5n, producerId: -1n });
});

test('every single damaged byte behind the checksum is noticed', () => {
  for (let at = 17; at < batchOf().length; at++) {
    const batch = batchOf();
    batch.writeUInt8(batch.readUInt8(at) ^ 1, at);
    expect(checkBatch(batch), `byte ${String(at)}`).toMatchObject({ errorCode: CORRUPT_MESSAGE });
  }
});

test('a batch that is cut off anywhere is refused', () => {
  const batch = batchOf();
  for (let length = 0; length < batch.length; length++) {
    expect(checkBatch(batch.subarray(0, length))).toMatchObject({ errorCode: CORRUPT_MESSAGE });
  }
});

test('two batches at once are refused, as Kafka does', () => {
  const two = Buffer.concat([batchOf(), batchOf()]);
  expect(checkBatch(two)).toMatchObject({ errorCode: INVALID_RECORD });
});

test.each([0, 1])('message format %i is refused by name', (magic) => {
  const batch = batchOf();
  batch.writeInt8(magic, 16);
  expect(checkBatch(batch)).toMatchObject({ errorCode: UNSUPPORTED_FOR_MESSAGE_FORMAT });
});

test('a wrong count of records is refused', () => {
  const batch = batchOf({ timestamps: [NOW, NOW] });
  batch.writeInt32BE(3, 57);
  expect(checkBatch(withCrc(batch))).toMatchObject({ errorCode: INVALID_RECORD });
});

test.each([
  ['transactional', 0b1_0000],
  ['control', 0b10_0000],
])('a %s batch is refused', (_, attributes) => {
  expect(checkBatch(batchOf({ attributes }))).toMatchObject({ errorCode: INVALID_RECORD });
});

test('the base offset is written without touching the checksum', () => {
  const batch = batchOf();
  const before = Buffer.from(batch);
  setBaseOffset(batch, 42n, 0);
  expect(batch.readBigInt64BE(0)).toBe(42n);
  expect(batch.subarray(16)).toEqual(before.subarray(16));
  expect(checkBatch(batch)).toHaveProperty('recordsCount');
});

test('LogAppendTime changes the timestamp and corrects the checksum', () => {
  const batch = batchOf();
  setLogAppendTime(batch, NOW + 99n);
  expect(checkBatch(batch)).toMatchObject({ logAppendTime: true, maxTimestamp: NOW + 99n });
});

const at = (since: bigint, from = 0n) => ({
  from,
  since,
  timeOf: (timestamp: bigint) => timestamp,
});

test.each([
  ['none', 0],
  ['gzip', 1],
])('a time is found to the record in a batch (compression %s)', (_, attributes) => {
  const batch = batchOf({ timestamps: [NOW, NOW - 10n, NOW + 20n], attributes });
  setBaseOffset(batch, 100n, 0);
  expect(firstAtOrAfter(batch, at(NOW - 5n))).toEqual({ offset: 100n, timestamp: NOW });
  expect(firstAtOrAfter(batch, at(NOW + 1n))).toEqual({ offset: 102n, timestamp: NOW + 20n });
  expect(firstAtOrAfter(batch, at(NOW + 21n))).toBeNull();
});

test('a record that is deleted is not what a time finds', () => {
  const batch = batchOf({ timestamps: [NOW, NOW - 10n, NOW + 20n] });
  expect(firstAtOrAfter(batch, at(NOW - 20n, 1n))).toEqual({ offset: 1n, timestamp: NOW - 10n });
});

test.each([
  ['none', 0],
  ['gzip', 1],
])('timestamps come from the records (compression %s)', (_, attributes) => {
  const timestamps = [NOW, -1n, 0n, 2n ** 63n - 1n, -(2n ** 63n), NOW + 5n];
  const batch = batchOf({ timestamps, attributes, maxTimestamp: 1n });
  expect(batchTimestamps(batch)).toEqual({ timestamps, known: true });
});

test.each([
  ['a record that is longer than the batch', 61, 0x7e],
  ['a record that is shorter than what it holds', 61, 0x0a],
  ['another offset than its place', 64, 0x02],
  ['a key beyond the record', 65, 0x7e],
  ['a header that is not there', 72, 0x02],
])('%s: the batch is refused', (_, position, byte) => {
  const batch = batchOf();
  batch.writeUInt8(byte, position);
  expect(batchTimestamps(batch)).toMatchObject({ errorCode: INVALID_RECORD });
});

test('fewer or more records than the batch counts are refused', () => {
  for (const count of [1, 3, 2 ** 31 - 1]) {
    const batch = batchOf({ timestamps: [NOW, NOW] });
    batch.writeInt32BE(count - 1, 23);
    batch.writeInt32BE(count, 57);
    expect(checkBatch(withCrc(batch))).toMatchObject({ recordsCount: count });
    expect(batchTimestamps(batch)).toMatchObject({ errorCode: INVALID_RECORD });
  }
});

test('what says that it is gzip and is not, is refused', () => {
  const batch = batchOf();
  batch.writeInt16BE(1, 21);
  expect(batchTimestamps(batch)).toMatchObject({ errorCode: INVALID_RECORD });
});

test('a compression that cannot be unpacked gives the start of the batch', () => {
  const batch = batchOf({ timestamps: [NOW, NOW + 20n], attributes: 2 });
  expect(firstAtOrAfter(batch, at(NOW + 10n))).toEqual({ offset: 0n, timestamp: NOW });
});

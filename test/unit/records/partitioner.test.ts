import fc from 'fast-check';
import kafkajs from 'kafkajs';
import { expect, it } from 'vitest';
import { partitionOf } from '../../../src/records/partitioner.js';

/** By kafka-clients 4.1.1: toPositive(murmur2(key)) modulo 3, 6, 12 and 1000. */
const JAVA: readonly (readonly [string, number, number, number, number])[] = [
  ['', 0, 3, 9, 681],
  ['1', 0, 3, 3, 159],
  ['2', 2, 2, 8, 168],
  ['42', 1, 4, 4, 972],
  ['1000000', 2, 5, 11, 219],
  ['9007199254740991', 0, 3, 3, 587],
  ['coupon', 0, 0, 0, 244],
  ['abc', 0, 3, 3, 107],
  ['schön', 0, 3, 9, 449],
  ['a-key-longer-than-eight-bytes', 0, 0, 0, 372],
];

it.each(JAVA)('key "%s" lies in the partition that the Java client chooses', (key, ...expected) => {
  expect([3, 6, 12, 1000].map((count) => partitionOf(key, count))).toEqual(expected);
  expect([3, 6, 12, 1000].map((count) => partitionOf(Buffer.from(key), count))).toEqual(expected);
});

it('any key lies in the partition that kafkajs chooses', () => {
  const theirs = kafkajs.Partitioners.DefaultPartitioner();
  const partitionMetadata = Array.from({ length: 997 }, (_unused, partitionId) => ({
    partitionId,
    leader: 0,
    replicas: [],
    isr: [],
    partitionErrorCode: 0,
  }));
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      const key = Buffer.from(bytes);
      const message = { key, value: null };
      expect(partitionOf(key, 997)).toBe(theirs({ topic: '', message, partitionMetadata }));
    }),
  );
});

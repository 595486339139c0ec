import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import '../../../src/kafka/client/codecs.js';
import { decodeFetch } from '../../../src/kafka/client/fetch-decoding.js';
import { batchOf, NOW, type BatchOptions } from '../../support/broker/record-batches.js';
import { CAPTURED } from './fixtures/compressed.js';

interface Answer {
  readonly responses: readonly {
    readonly partitions: readonly { readonly messages: readonly { timestamp: string }[] }[];
  }[];
}

interface Decoding {
  readonly decode: (answer: Buffer) => Promise<Answer>;
}

const { decode } = createRequire(import.meta.url)(
  'kafkajs/src/protocol/requests/fetch/v11/response.js',
) as Decoding;

/** What kafkajs gives, but that timestamps have 64 bits: of two that are far apart it makes more. */
async function decodedByKafkajs(bytes: Buffer): Promise<Answer> {
  const answer = await decode(bytes);
  for (const { partitions } of answer.responses) {
    for (const message of partitions.flatMap(({ messages }) => messages)) {
      message.timestamp = BigInt.asIntN(64, BigInt(message.timestamp)).toString();
    }
  }
  return answer;
}

function int(bytes: 2 | 4 | 8, value: number): Buffer {
  const buffer = Buffer.alloc(8);
  buffer.writeBigInt64BE(BigInt(value));
  return buffer.subarray(8 - bytes);
}

/** What a broker answers to Fetch version 11: one topic, and these record sets in its partitions. */
function answerOf(recordSets: readonly Buffer[], aborted: readonly number[] = []): Buffer {
  const partitions = recordSets.map((records, partition) =>
    Buffer.concat([
      ...[int(4, partition), int(2, 0), int(8, 900), int(8, 800), int(8, 3)],
      ...[int(4, aborted.length), ...aborted.flatMap((producer) => [int(8, producer), int(8, 7)])],
      ...[int(4, -1), int(4, records.length), records],
    ]),
  );
  const topic = Buffer.concat([int(2, 5), Buffer.from('topic'), int(4, partitions.length)]);
  return Buffer.concat([int(4, 0), int(2, 0), int(4, 0), int(4, 1), ...[topic, ...partitions]]);
}

async function expectSame(answer: Buffer): Promise<void> {
  expect(await decodeFetch(answer)).toEqual(await decodedByKafkajs(answer));
}

/** The batch, with -1 as a delta of its first record: the 2nd number is of its timestamp, the 3rd of its offset. */
function withDelta(number: 2 | 3, batch: Buffer): Buffer {
  return batch.fill(1, 61 + number, 62 + number);
}

/** A batch whose first record's key has this in place of its length. */
function withKey(length: Buffer): Buffer {
  const batch = batchOf({ key: Buffer.alloc(50) });
  length.copy(batch, 61 + 4);
  return batch;
}

const BYTES = fc.option(
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  { freq: 5 },
);
const NUMBER = fc.bigInt(-(2n ** 50n), 2n ** 50n);
const INT64 = fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n);
const NAME = fc.constantFrom('a', 'b', '', '한', '__proto__', 'constructor');

const BATCH: fc.Arbitrary<BatchOptions> = fc.record({
  timestamps: fc.array(fc.oneof(fc.constant(NOW), fc.constant(-1n), NUMBER, INT64), {
    minLength: 1,
    maxLength: 5,
  }),
  // gzip or none, LogAppendTime, transactional, control
  attributes: fc
    .tuple(fc.constantFrom(0, 1), fc.constantFrom(0, 8), fc.constantFrom(0, 16, 48))
    .map(([codec, time, kind]) => codec | time | kind),
  maxTimestamp: fc.oneof(fc.constant(NOW + 9n), INT64),
  producerId: fc.constantFrom(-1n, 4000n, 2n ** 62n),
  producerEpoch: fc.constantFrom(-1, 0, 7),
  baseSequence: fc.constantFrom(-1, 0, 2 ** 31 - 1),
  baseOffset: fc.oneof(fc.constantFrom(0n, 17n, 2n ** 40n), NUMBER),
  key: BYTES,
  value: BYTES,
  headers: fc.array(fc.tuple(NAME, BYTES), { maxLength: 4 }),
});

const RECORD_SETS = fc.array(
  fc.array(BATCH, { maxLength: 3 }).map((batches) => Buffer.concat(batches.map(batchOf))),
  { maxLength: 3 },
);

describe('the quick way to decode a fetch', () => {
  it('gives what kafkajs gives, for all kinds of batches', async () => {
    await fc.assert(
      fc.asyncProperty(RECORD_SETS, fc.array(fc.nat(9)), (recordSets, aborted) =>
        expectSame(answerOf(recordSets, aborted)),
      ),
    );
  });

  it.each(CAPTURED.filter(([what]) => what.endsWith('librdkafka')))(
    'gives what kafkajs gives: %s',
    async (_what, codec, hex) => {
      await expectSame(answerOf([batchOf({ attributes: codec, packed: Buffer.from(hex, 'hex') })]));
    },
  );

  it('gives what kafkajs gives where the last batch was cut off', async () => {
    const [first, second] = [batchOf(), batchOf({ timestamps: [NOW, NOW + 1n] })];
    const all = Buffer.concat([first, second]);
    for (let size = first.length; size < all.length; size += 1) {
      await expectSame(answerOf([all.subarray(0, size)]));
    }
  });

  it('gives what kafkajs gives, or leaves it to it, where bytes are damaged', async () => {
    let same = 0;
    await fc.assert(
      fc.asyncProperty(BATCH, fc.nat(), fc.nat(255), async (options, at, byte) => {
        const answer = answerOf([batchOf(options), batchOf()]);
        answer[at % answer.length] = byte;
        const quick = await decodeFetch(answer).catch(() => null);
        if (quick === null) return;
        same += 1;
        expect(quick).toEqual(await decodedByKafkajs(answer));
      }),
      { numRuns: 1000 },
    );
    expect(same).toBeGreaterThan(0);
  });

  it.each([
    ['of one name each', (index: number) => `header-${index}`],
    ['of one name', () => 'header'],
    ['of the name of what objects inherit', () => '__proto__'],
  ])('decodes a record of a hundred thousand headers %s', async (_what, nameOf) => {
    const headers = Array.from({ length: 100_000 }, (_, i) => [nameOf(i), Buffer.of(i)] as const);
    const batch = batchOf({ timestamps: [2n ** 62n], headers });
    const decoded = JSON.stringify(await decodeFetch(answerOf([batch])));
    expect(decoded.match(/"type":"Buffer"/g)).toHaveLength(headers.length + 1);
  });

  it.each([
    ['an offset beyond 2^53', batchOf({ baseOffset: 2n ** 53n })],
    ['a number of more bytes than it needs', withKey(Buffer.alloc(9, 0x80))],
    ['an offset of a batch beyond 2^53', withDelta(3, batchOf({ baseOffset: 2n ** 53n + 1n }))],
    ['an older format', Buffer.alloc(100).fill(1, 16, 17)],
    ['too few bytes for a format', Buffer.alloc(5)],
    ['fewer bytes than it says', batchOf().fill(0xff, 8, 9)],
  ])('leaves to kafkajs: %s', async (_what, records) => {
    await expect(decodeFetch(answerOf([records]))).rejects.toThrow(RangeError);
  });
});

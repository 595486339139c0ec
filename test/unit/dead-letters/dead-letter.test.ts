import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BATCH_OVERHEAD_BYTES, headerBytes } from '../../../src/records/batches.js';
import {
  deadLetterOf,
  cutsIn,
  DLQ_HEADER,
  type Failure,
} from '../../../src/dead-letters/dead-letter.js';
import { originalHeaders } from '../../../src/dead-letters/headers.js';
import { readDeadLetter } from '../../../src/dead-letters/read.js';
import { originalEvent, originalValue } from '../../../src/dead-letters/original-value.js';
import type { Headers, LogRecord } from '../../../src/ports/log.js';
import type { OutgoingRecord } from '../../../src/ports/record-sink.js';

const FAILURE: Failure = {
  reasonCode: 'PROCESSING_FAILED',
  reason: 'the store refused it',
  retryCount: 3,
  stackTrace: 'Error: the store refused it\n    at somewhere',
};

const NOW_MS = Date.UTC(2026, 10, 22, 12);
const ONE_MEBIBYTE = 1_048_588;

function record(given: Partial<LogRecord> = {}): LogRecord {
  return {
    topic: 'coupon-issue-requests',
    partition: 2,
    offset: 41n,
    timestamp: 1_700_000_000_000n,
    key: Buffer.from('1'),
    value: Buffer.from('{"couponId":1}'),
    headers: {},
    ...given,
  };
}

interface Letter {
  readonly originalEvent: unknown;
  readonly failureReason: string;
  readonly retryCount: number;
  readonly lastAttemptAt: string;
  readonly stackTrace: string;
}

function letterOf(
  given: Partial<LogRecord>,
  failure: Partial<Failure> = {},
  maxBytes = ONE_MEBIBYTE,
) {
  const outgoing = deadLetterOf(
    record(given),
    { ...FAILURE, ...failure },
    { nowMs: NOW_MS, maxBytes },
  );
  return { outgoing, letter: JSON.parse(String(outgoing.value)) as Letter };
}

function sizeOf({ key, value, headers }: OutgoingRecord): number {
  return BATCH_OVERHEAD_BYTES + (key?.length ?? 0) + (value?.length ?? 0) + headerBytes(headers);
}

const text = (headers: Headers, name: string): string => String(headers[name]);

describe('a dead letter', () => {
  it('says what failed, how often it was tried, and where it came from', () => {
    const { outgoing, letter } = letterOf({ headers: { trace: Buffer.from('abc') } });
    expect(letter).toEqual({
      originalEvent: { couponId: 1 },
      failureReason: 'the store refused it',
      retryCount: 3,
      lastAttemptAt: '2026-11-22T12:00:00.000Z',
      stackTrace: FAILURE.stackTrace,
    });
    expect(String(outgoing.key)).toBe('1');
    const headers = Object.entries(outgoing.headers).map(([name, value]) => [name, String(value)]);
    expect(Object.fromEntries(headers)).toEqual({
      trace: 'abc',
      'coupon-dlq-origin-topic': 'coupon-issue-requests',
      'coupon-dlq-origin-partition': '2',
      'coupon-dlq-origin-offset': '41',
      'coupon-dlq-origin-timestamp': '1700000000000',
      'coupon-dlq-reason': 'PROCESSING_FAILED',
      'coupon-dlq-retry-count': '3',
      'coupon-dlq-replay-count': '0',
      'coupon-dlq-cut': 'none',
    });
  });

  it('of a replayed record keeps the replay count and replaces the former letter headers', () => {
    const former = Object.fromEntries(
      Object.values(DLQ_HEADER).map((name) => [name, Buffer.from('former')]),
    );
    const { outgoing } = letterOf({
      headers: { ...former, [DLQ_HEADER.replayCount]: Buffer.from('2'), own: Buffer.from('x') },
    });
    expect(text(outgoing.headers, DLQ_HEADER.replayCount)).toBe('2');
    expect(text(outgoing.headers, DLQ_HEADER.offset)).toBe('41');
    expect(text(outgoing.headers, 'own')).toBe('x');
    expect(JSON.stringify(Object.values(outgoing.headers).map(String))).not.toContain('former');
  });

  it('does not say that it is of its original’s class, which a replay says again', () => {
    const typeId = Buffer.from('com.example.CouponIssueRequestEvent');
    const { outgoing } = letterOf({ headers: { __TypeId__: typeId, own: Buffer.from('x') } });
    expect(outgoing.headers).not.toHaveProperty('__TypeId__');
    expect(outgoing.headers['coupon-dlq-type-id']).toEqual(typeId);
    expect(originalHeaders(outgoing.headers)).toEqual({
      __TypeId__: typeId,
      own: Buffer.from('x'),
    });
    expect(readDeadLetter({ ...record(), ...outgoing }).headers).toMatchObject({
      __TypeId__: String(typeId),
    });
  });

  it.each([['not a number'], ['-1'], [''], ['9'.repeat(2_000_000)]])(
    'takes no replay count that is none',
    (replays) => {
      const headers = { [DLQ_HEADER.replayCount]: Buffer.from(replays) };
      const { outgoing } = letterOf({ headers });
      expect(text(outgoing.headers, DLQ_HEADER.replayCount)).toBe('0');
    },
  );

  it('takes the last of several replay counts', () => {
    const headers = { [DLQ_HEADER.replayCount]: [Buffer.from('1'), Buffer.from('4')] };
    expect(text(letterOf({ headers }).outgoing.headers, DLQ_HEADER.replayCount)).toBe('4');
  });
});

describe('the original event', () => {
  it.each([
    ['an object', '{"a":[1,"x"],"b":null}', { a: [1, 'x'], b: null }],
    ['an object with a number beyond 2^53', '{"id":9007199254740993}', '{"id":9007199254740993}'],
    ['a key that occurs twice', '{"a":1,"a":2}', '{"a":1,"a":2}'],
    ['a number too large', '{"a":1e400}', '{"a":1e400}'],
    ['text', 'hello', 'hello'],
    ['an array', '[1]', '[1]'],
    ['a byte order mark', '\uFEFF{}', '\uFEFF{}'],
    ['nothing', '', ''],
  ])('of %s', (_what, value, expected) => {
    expect(originalEvent(Buffer.from(value))).toEqual(expected);
  });

  it('of bytes that are not UTF-8 is base64', () => {
    const bytes = Buffer.from([0xc3, 0x28, 0x00]);
    expect(originalEvent(bytes)).toEqual({ base64: bytes.toString('base64') });
  });

  /** Confluent's five bytes for schema 428, whose id is no UTF-8 text. */
  const framed = (json: string) =>
    Buffer.concat([Buffer.from([0, 0, 0, 1, 0xac]), Buffer.from(json)]);

  it('behind Confluent’s five bytes is the object, and a header has the schema id', () => {
    const { outgoing, letter } = letterOf({ value: framed('{"couponId":1}') });
    expect(letter.originalEvent).toEqual({ couponId: 1 });
    expect(text(outgoing.headers, DLQ_HEADER.schemaId)).toBe('428');
  });

  it.each([
    '{ "couponId": 1 }',
    '{"n":9007199254740993}',
    '{"base64":"AAAAASx7fQ=="}',
    '{}',
    '[1]',
    'x',
  ])('behind Confluent’s five bytes gives back the same bytes: %s', (json) => {
    const value = framed(json);
    const event: unknown = JSON.parse(JSON.stringify(originalEvent(value)));
    expect(originalValue({ originalEvent: event, schemaId: 428 })).toEqual(value);
  });

  it('of no value is null', () => {
    expect(originalEvent(null)).toBeNull();
  });

  it('gives back every text as it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (original) => {
        const { letter } = letterOf({ value: Buffer.from(`x${original}`) });
        expect(letter.originalEvent).toBe(`x${original}`);
      }),
    );
  });

  it('is text where it is nested so deep that no JSON writer can write it', () => {
    const deep = `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
    expect(letterOf({ value: Buffer.from(deep) }).letter.originalEvent === deep).toBe(true);
  });
});

describe('a letter that would not fit its topic', () => {
  it('loses the stack trace first', () => {
    const value = Buffer.from('x'.repeat(7000));
    const { letter } = letterOf({ value }, { stackTrace: 's'.repeat(5000) }, 10_000);
    expect(letter.stackTrace).toBe('');
    expect(letter.originalEvent).toBe('x'.repeat(7000));
    expect(letter.failureReason).toBe(
      'the store refused it (cut to fit the topic: the stack trace)',
    );
  });

  it('then the end of the original value', () => {
    const { letter } = letterOf({ value: Buffer.from('x'.repeat(20_000)) }, {}, 10_000);
    expect(letter.failureReason).toContain('the original value of 20000 bytes');
    expect(letter.originalEvent).toMatch(/^x{2000,}$/);
  });

  it('cuts no character in two', () => {
    for (const shift of ['', 'a', 'ab', 'abc']) {
      const value = Buffer.from(shift + '😀'.repeat(5000));
      const { letter } = letterOf({ value }, {}, 10_000);
      expect(letter.originalEvent).toMatch(/^(abc|ab|a)?(😀)+$/u);
    }
  });

  it('names the headers only where headers were cut, and the key only where the key was', () => {
    const key = Buffer.from('k'.repeat(9000));
    const byKey = letterOf({ key, headers: { own: Buffer.from('x') } }, {}, 10_000);
    expect(byKey.outgoing.key).toBeNull();
    expect(text(byKey.outgoing.headers, 'own')).toBe('x');
    expect(byKey.letter.failureReason).toContain('(cut to fit the topic: the key)');

    const headers = { own: Buffer.from('x'.repeat(9000)) };
    const byHeaders = letterOf({ headers }, {}, 10_000);
    expect(String(byHeaders.outgoing.key)).toBe('1');
    expect(byHeaders.outgoing.headers['own']).toBeUndefined();
    expect(byHeaders.letter.failureReason).toContain(
      "(cut to fit the topic: the record's headers)",
    );
  });

  it.each([
    ['nothing', {}, {}, 'none'],
    [
      'the stack trace',
      { value: Buffer.alloc(7000, 'x') },
      { stackTrace: 's'.repeat(5000) },
      'stack-trace',
    ],
    ['the value', { value: Buffer.alloc(20_000, 'x') }, { stackTrace: '' }, 'value'],
    [
      'headers and key',
      { key: Buffer.alloc(9000), headers: { own: Buffer.alloc(9000) } },
      {},
      'headers,key',
    ],
  ])('says in a header what was cut: %s', (_what, given, failure, said) => {
    const { outgoing, letter } = letterOf(given, failure, 10_000);
    expect(text(outgoing.headers, DLQ_HEADER.cut)).toBe(said);
    const cuts = {
      headers: said.includes('headers'),
      key: said.includes('key'),
      value: said.includes('value'),
    };
    expect(cutsIn(outgoing.headers, letter.failureReason)).toEqual(cuts);
    // Version 0.1 had no such header.
    expect(cutsIn({}, letter.failureReason)).toEqual(cuts);
  });

  it('is not taken for one that was cut because its error ends in such words', () => {
    const reason = 'refused (cut to fit the topic: the key)';
    const { outgoing, letter } = letterOf({}, { reason });
    expect(cutsIn(outgoing.headers, letter.failureReason).key).toBe(false);
  });

  it('fits, whatever the record is', () => {
    const bytes = (max: number) =>
      fc.oneof(
        fc
          .tuple(fc.nat(max), fc.constantFrom('\u0000', 'x', '😀', 'é', '"', '\uFFFD'))
          .map(([length, unit]) => Buffer.from(unit.repeat(length))),
        fc.uint8Array({ maxLength: 2000 }).map((array) => Buffer.from(array)),
      );
    const arbitrary = fc.record({
      key: fc.option(bytes(20_000)),
      value: fc.option(bytes(60_000)),
      headers: fc.dictionary(fc.string(), bytes(10_000), { maxKeys: 5 }),
    });
    const failures = fc.record({
      reason: bytes(5000).map(String),
      stackTrace: bytes(20_000).map(String),
    });
    fc.assert(
      fc.property(
        arbitrary,
        failures,
        fc.integer({ min: 16_384, max: 60_000 }),
        (given, failure, maxBytes) => {
          const { outgoing, letter } = letterOf(given, failure, maxBytes);
          expect(sizeOf(outgoing)).toBeLessThanOrEqual(maxBytes);
          const isWhole =
            JSON.stringify(letter.originalEvent) === JSON.stringify(originalEvent(given.value));
          expect(letter.failureReason.includes('the original value of')).toBe(!isWhole);
        },
      ),
      { numRuns: 300 },
    );
  });
});

import { describe, expect, it } from 'vitest';
import { deadLetterOf } from '../../../../src/dead-letters/dead-letter.js';
import type { LogRecord } from '../../../../src/ports/log.js';
import { isOriginOf, originalOf } from '../../../../src/dead-letters/replay/original.js';

/** Spelt with white space, an escape and a number that a rewriting would lose. */
const VALUE = '{ "couponId": 1, "note": "\\u0041" }';

const origin = (changes: Partial<LogRecord> = {}): LogRecord => ({
  topic: 'requests',
  partition: 0,
  offset: 7n,
  timestamp: 1_700_000_000_000n,
  key: Buffer.from('1'),
  value: Buffer.from(VALUE),
  headers: { traceparent: Buffer.from('00-ab') },
  ...changes,
});

const FAILURE = { reasonCode: 'X', reason: 'it failed', retryCount: 3, stackTrace: 'at a' };

const letterOf = (record: LogRecord, maxBytes = 1_000_000): LogRecord => ({
  topic: 'dlq',
  partition: 0,
  offset: 0n,
  timestamp: 1_700_000_009_000n,
  ...deadLetterOf(record, FAILURE, { nowMs: 1_700_000_009_000, maxBytes }),
});

describe('the original that a replay sends', () => {
  it('is the record at the origin, byte for byte, with its own headers', () => {
    const record = origin();
    expect(originalOf(letterOf(record), record)).toEqual(record);
  });

  it('is the letter’s own where Kafka has the record no longer', () => {
    expect(originalOf(letterOf(origin()), null)).toEqual(
      origin({ value: Buffer.from('{"couponId":1,"note":"A"}') }),
    );
  });

  it.each([
    ['text', Buffer.from('not JSON\u0007')],
    ['text of a number beyond 2^53', Buffer.from('{"n": 12345678901234567890}')],
    ['no UTF-8', Buffer.from([0xc3, 0x28])],
    ['JSON with a field named base64', Buffer.from('{"base64":"YWJj"}')],
    ['nothing', null],
  ])('is exact from the letter where it is %s', (_, value) => {
    expect(originalOf(letterOf(origin({ value })), null)?.value).toEqual(value);
  });

  const writtenAround = (event: string) => {
    const envelope = `{ "failureReason":"db", "originalEvent": ${event} }`;
    return { ...letterOf(origin()), value: Buffer.from(envelope) };
  };

  it.each([
    '{"eventId":"e","trace":12345678901234567890}',
    '{"occurredAt":1795739916.004557251,"n":1.50}',
    '"{\\"quoted\\": 1}"',
  ])('is exact from a letter that another program wrote around it: %s', (event) => {
    const value = event.startsWith('"') ? String(JSON.parse(event)) : event;
    expect(originalOf(writtenAround(event), null)?.value).toEqual(Buffer.from(value));
  });

  it('is the whole value where that nests deeper than it could be written again', () => {
    const letter = writtenAround(`{"deep":${'['.repeat(100_000)}${']'.repeat(100_000)}}`);
    expect(originalOf(letter, null)?.value?.equals(letter.value)).toBe(true);
  });

  it('is the plain value of a letter that another program wrote', () => {
    const letter = {
      ...origin({ topic: 'dlq' }),
      headers: {
        own: Buffer.from('x'),
        'kafka_dlt-original-topic': Buffer.from('requests'),
      },
    };
    expect(originalOf(letter, null)).toEqual({ ...letter, headers: { own: Buffer.from('x') } });
  });

  it.each([
    ['the value', origin({ value: Buffer.from(`{"note":"${'x'.repeat(5000)}"}`) })],
    ['the headers', origin({ headers: { big: Buffer.alloc(1500, 'h') } })],
    ['the key', origin({ key: Buffer.alloc(1800, 'k') })],
  ])(
    'is nowhere when %s did not fit the letter and Kafka has the record no longer',
    (_, record) => {
      const letter = letterOf(record, 2500);
      expect(originalOf(letter, null)).toBeNull();
      expect(originalOf(letter, record)).toMatchObject({ key: record.key, value: record.value });
    },
  );

  it('is whole in a letter whose stack trace alone was cut', () => {
    const record = origin();
    const failure = { ...FAILURE, stackTrace: 's'.repeat(8000) };
    const cut = deadLetterOf(record, failure, { nowMs: 0, maxBytes: 2500 });
    expect(cut.value?.toString()).toContain('the stack trace');
    expect(originalOf({ ...letterOf(record), ...cut }, null)).not.toBeNull();
  });
});

describe('the record at the origin of a letter', () => {
  const letter = letterOf(origin());

  it.each([-(2n ** 63n), -1n, 0n, 1_700_000_000n, 2n ** 63n - 1n])(
    'is known by any timestamp: %d',
    (timestamp) => {
      const record = origin({ timestamp });
      expect(isOriginOf(letterOf(record), record)).toBe(true);
      expect(isOriginOf(letterOf(record), origin({ timestamp: timestamp ^ 1n }))).toBe(false);
      expect(originalOf(letterOf(record), null)?.timestamp).toBe(timestamp);
    },
  );

  it.each([
    ['another timestamp', { timestamp: 1n }],
    ['another key', { key: Buffer.from('2') }],
    ['no key', { key: null }],
    ['another value', { value: Buffer.from('{}') }],
    ['no value', { value: null }],
  ])('is another one if it has %s, and is not sent', (_, changes) => {
    const other = origin(changes);
    expect(isOriginOf(letter, other)).toBe(false);
    expect(originalOf(letter, other)?.value?.toString()).toBe('{"couponId":1,"note":"A"}');
  });

  it.each([
    ['text', Buffer.from('ä'.repeat(3000))],
    ['bytes', Buffer.alloc(5000, 0xff)],
  ])('is known by its beginning where the letter has no more of its %s', (_, value) => {
    const cut = letterOf(origin({ value }), 2500);
    expect(isOriginOf(cut, origin({ value }))).toBe(true);
    expect(isOriginOf(cut, origin({ value: Buffer.alloc(5000, 0x61) }))).toBe(false);
  });
});

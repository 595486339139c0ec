/** Dead letters that a Spring system wrote: its own class as JSON, and no headers of ours. */
import { describe, expect, it } from 'vitest';
import { drawLetters, drawWhole } from '../../../src/cli/dlq/draw-letters.js';
import { letterJson } from '../../../src/cli/dlq/letters.js';
import { couponIdOf } from '../../../src/dead-letters/filter.js';
import { readDeadLetter, type DeadLetter } from '../../../src/dead-letters/read.js';
import { UNKNOWN_MARK } from '../../../src/dead-letters/replay-marks.js';
import { originalOf } from '../../../src/dead-letters/replay/original.js';
import { Output } from '../../../src/output/output.js';
import type { LogRecord } from '../../../src/ports/log.js';
import { springRequest } from '../../support/requests.js';

const EVENT = springRequest(42);

const STACK_TRACE =
  'java.lang.IllegalStateException: no stock service\n\tat com.example.Issuer.issue(Issuer.java:42)\nCaused by: java.net.ConnectException: refused\n\tat a.b.C';

function springLetter(changes: Partial<LogRecord> = {}, event = EVENT): LogRecord {
  const fields = [
    `"originalEvent":${event}`,
    '"failureReason":"no stock service"',
    '"retryCount":3',
    '"lastAttemptAt":[2026,11,26,9,30,15,123456789]',
    `"stackTrace":${JSON.stringify(STACK_TRACE)}`,
  ];
  return {
    topic: 'coupon-issue-dlq',
    partition: 0,
    offset: 7n,
    timestamp: 1_795_739_917_000n,
    key: null,
    value: Buffer.from(`{${fields.join(',')}}`),
    headers: {
      __TypeId__: Buffer.from('com.example.CouponIssueDlqMessage'),
      own: Buffer.from('x'),
    },
    ...changes,
  };
}

const wide = { isTTY: false, columns: 200, write: () => true };
const output = new Output({
  ...{ format: 'table', color: false, quiet: false, verbose: false },
  ...{ stdout: wide, stderr: wide },
});

const marked = (letter: DeadLetter) => ({ letter, mark: UNKNOWN_MARK });

describe('a dead letter that a Spring system wrote', () => {
  const letter = readDeadLetter(springLetter());

  it('is read whole, with its time as ISO and its reason by the exception', () => {
    expect(letterJson(letter, UNKNOWN_MARK)).toEqual({
      partition: 0,
      offset: 7n,
      timestamp: '2026-11-27T00:38:37.000Z',
      key: null,
      originalEvent: JSON.parse(EVENT) as unknown,
      failureReason: 'no stock service',
      reasonCode: 'ILLEGAL_STATE_EXCEPTION',
      retryCount: 3,
      lastAttemptAt: '2026-11-26T09:30:15.123456789Z',
      stackTrace: STACK_TRACE,
      origin: null,
      schemaId: null,
      replayCount: 0,
      headers: { __TypeId__: 'com.example.CouponIssueDlqMessage', own: 'x' },
      replayed: null,
      replayedAt: null,
    });
    expect(couponIdOf(letter)).toBe(1);
  });

  it('is shown with who asked, and with times that say that no zone was given', () => {
    expect(drawLetters(output, [marked(letter)], 0)).toContain('  1/42  ');
    const whole = drawWhole(output, marked(letter));
    expect(whole).toMatch(
      /last attempt +2026-11-26 09:30:15\.123456789 \(no zone given, read as UTC\)/,
    );
    expect(whole).toMatch(
      /occurredAt +2026-11-27 00:38:36\.004557251 \(no zone given, read as UTC\)/,
    );
    expect(whole).toMatch(/timestamp +2026-11-27 00:38:36\.004 UTC$/m);
    expect(whole).toContain('      at com.example.Issuer.issue(Issuer.java:42)');
  });

  it('is replayed under the coupon’s key, without the header about its own class', () => {
    expect(originalOf(springLetter(), null)).toEqual({
      ...springLetter(),
      key: Buffer.from('1'),
      value: Buffer.from(EVENT),
      headers: { own: Buffer.from('x') },
    });
    const keyed = originalOf(springLetter({ key: Buffer.from('own key') }), null);
    expect(keyed?.key).toEqual(Buffer.from('own key'));
  });

  it.each([
    [
      '"2026-11-26T09:30:15.123456789"',
      '2026-11-26T09:30:15.123456789Z',
      '2026-11-26 09:30:15.123456789 (no',
    ],
    ['1795739916.004557251', '2026-11-27T00:38:36.004557251Z', '2026-11-27 00:38:36.004557251 UTC'],
    ['1795739916004', '2026-11-27T00:38:36.004Z', '2026-11-27 00:38:36.004 UTC'],
    ['[2026,11,26,9,30]', '2026-11-26T09:30:00.000Z', '2026-11-26 09:30:00 (no zone'],
    ['"yesterday"', 'yesterday', 'yesterday'],
    ['-1', null, '-'],
    ['0', null, '-'],
    ['null', null, '-'],
    ['{}', null, '-'],
    ['[2026,13,1]', null, '-'],
  ])('has a last attempt at %s: %s, shown as %s', (given, read, shown) => {
    const text = String(springLetter().value).replace('[2026,11,26,9,30,15,123456789]', given);
    const dead = readDeadLetter(springLetter({ value: Buffer.from(text) }));
    expect(letterJson(dead, UNKNOWN_MARK).lastAttemptAt).toBe(read);
    expect(drawWhole(output, marked(dead))).toContain(`last attempt  ${shown}`);
  });

  it('has an original with seconds and digits that no double holds, sent as it was', () => {
    const event = '{"couponId":"1","userId":"42","occurredAt":1795739916.004557251,"price":1.50}';
    const record = springLetter({}, event);
    expect(originalOf(record, null)).toMatchObject({
      key: Buffer.from('1'),
      value: Buffer.from(event),
    });
    const read = readDeadLetter(record);
    expect(read.originalEvent).toBe(event);
    expect(couponIdOf(read)).toBe(1);
    const whole = drawWhole(output, marked(read));
    expect(whole).toMatch(/occurredAt +2026-11-27 00:38:36\.004557251 UTC$/m);
    expect(whole).toContain('"price": 1.50');
  });

  it.each([
    ['com.fasterxml.jackson.core.JsonParseException: x\n\tat y', 'JSON_PARSE_EXCEPTION'],
    ['java.lang.NullPointerException\n\tat a.B.c(B.java:1)', 'NULL_POINTER_EXCEPTION'],
    [
      'org.springframework.kafka.listener.ListenerExecutionFailedException: Listener failed\n\tat x\nCaused by: com.example.SoldOut$Failure: y',
      'FAILURE',
    ],
    ['at com.example.Issuer', null],
    ['it failed', null],
    ['', null],
  ])('is counted by the exception of its stack trace: %j', (stackTrace, reasonCode) => {
    const fields = { ...(JSON.parse(String(springLetter().value)) as object), stackTrace };
    const value = Buffer.from(JSON.stringify(fields));
    expect(readDeadLetter(springLetter({ value })).reasonCode).toBe(reasonCode);
  });

  it('may be behind Confluent’s five bytes, or start with a byte order mark', () => {
    const { value } = springLetter();
    for (const prefix of [Buffer.from([0, 0, 0, 0, 9]), Buffer.from('\ufeff')]) {
      const record = springLetter({ value: Buffer.concat([prefix, value ?? Buffer.alloc(0)]) });
      expect(readDeadLetter(record)).toMatchObject({ ...letter, schemaId: null });
      expect(originalOf(record, null)?.value).toEqual(Buffer.from(EVENT));
    }
  });
});

it.each([-(2n ** 63n), -1n, 0n, 1_795_739_916n, 10n ** 18n, 2n ** 63n - 1n])(
  'a dead letter with the timestamp %d is shown without a time',
  (timestamp) => {
    const letter = readDeadLetter(springLetter({ timestamp }));
    expect(letterJson(letter, UNKNOWN_MARK).timestamp).toBeNull();
    expect(drawWhole(output, marked(letter))).toMatch(/time +-$/m);
    expect(drawLetters(output, [marked(letter)], 0)).toMatch(/0:7 +- +ILLEGAL/);
  },
);

describe('a dead letter of a value behind Confluent’s five bytes', () => {
  const framing = Buffer.from([0, 0, 0, 0, 42]);

  it('of spring-kafka’s own recoverer is shown as such, and sent as it is', () => {
    const value = Buffer.concat([framing, Buffer.from(EVENT)]);
    const headers = { 'kafka_dlt-original-topic': Buffer.from('coupon-issue-requests') };
    const record = springLetter({ value, headers });
    const letter = readDeadLetter(record);
    expect(letter).toMatchObject({ schemaId: 42, originalEvent: JSON.parse(EVENT) as unknown });
    expect(drawWhole(output, marked(letter))).toMatch(
      /framing +Confluent JSON Schema, schema id 42/,
    );
    expect(drawLetters(output, [marked(letter)], 0)).toContain('  1/42  ');
    expect(originalOf(record, null)?.value).toEqual(value);
  });

  it('that version 0.1 wrote as text is shown as such as well', () => {
    const record = springLetter({}, JSON.stringify(`${framing.toString()}${EVENT}`));
    expect(readDeadLetter(record).schemaId).toBe(42);
    expect(originalOf(record, null)?.value).toEqual(Buffer.concat([framing, Buffer.from(EVENT)]));
  });
});

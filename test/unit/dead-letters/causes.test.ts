import { describe, expect, it } from 'vitest';
import { parseRequest } from '../../../src/coupon/request.js';
import { LetterCauses } from '../../../src/dead-letters/causes.js';
import { failureParts, failureText, causeOf } from '../../../src/dead-letters/failure-pattern.js';
import { MAX_GROUPS } from '../../../src/dead-letters/letter-groups.js';
import { readDeadLetter } from '../../../src/dead-letters/read.js';
import type { ReplayMark } from '../../../src/dead-letters/replay-marks.js';
import { letterRecord } from '../../support/letters.js';

const MINUTE = Date.UTC(2026, 10, 27, 9, 41);
const WAITING: ReplayMark = { kind: 'waiting' };
const REPLAYED: ReplayMark = { kind: 'replayed', atMs: MINUTE };

interface LetterOptions {
  readonly reason?: string;
  readonly reasonCode?: string;
  readonly timestampMs?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

let offset = 0n;

function letter({ headers = {}, timestampMs = MINUTE, ...options }: LetterOptions) {
  offset += 1n;
  const written = letterRecord({ key: '1', value: '{}', headers }, options);
  const own = Object.entries(headers).map(([name, value]) => [name, Buffer.from(value)] as const);
  return readDeadLetter({
    ...{ topic: 'dlq', partition: 0, offset, timestamp: BigInt(timestampMs) },
    ...written,
    headers: { ...written.headers, ...Object.fromEntries(own) },
  });
}

/** What went wrong with a value, as its dead letter says it. */
function malformed(value: string): string {
  const parsed = parseRequest(Buffer.from(value));
  return parsed.ok ? '' : parsed.malformed.message;
}

describe('the causes of dead letters', () => {
  it.each([
    ['what was quoted', ['{"couponId":1,"userId":"ann"}', '{"couponId":1,"userId":"bo\\"b"}']],
    ['numbers', ['{"couponId":1,"userId":-5}', '{"couponId":1,"userId":90071992547409931}']],
    [
      'what is not JSON',
      [
        'garbage 1',
        '{"a":"b","c":}',
        '[1, x "quoted" and what V8 does not quote, for it is too long',
      ],
    ],
    ['a text that was cut', ['{"eventType":"A"}', `{"eventType":"${'B'.repeat(300)}"}`]],
  ])('are one, whatever differs in %s', (_, values) => {
    const parts = values.map((value) => failureParts(malformed(value)));
    expect(new Set(parts.map((each) => causeOf(each)))).toHaveLength(1);
  });

  it.each([
    'no row 17 in "stock" for user 7c9e6679-7425-40de-944b-e07fc1f90ae7',
    'no row -4 in "stock 2" for user 11111111-2222-3333-4444-555555555555',
    'no row 0.5 in "a \\" b" for user abcdef01-7425-40de-944b-e07fc1f90ae7',
  ])('are those of words alone: %s', (message) => {
    expect(causeOf(failureParts(message))).toBe('no row \0 in \0 for user \0');
  });

  it('are not mixed up by an apostrophe, and keep the digits that are always the same', () => {
    const message = "the store's lock isn't free after 30 s: it's held by 'consume'";
    expect(failureText(failureParts(message))).toBe(message);
    expect(causeOf(failureParts(message))).toBe(
      "the store's lock isn't free after \0 s: it's held by \0",
    );
  });

  it('have the text that their letters share, an example, and how many wait', () => {
    const causes = new LetterCauses();
    causes.add(letter({ reason: 'userId is "ann", not from 1 to 2^53' }), WAITING);
    causes.add(letter({ reason: 'userId is "bob", not from 1 to 2^53' }), REPLAYED);
    causes.add(letter({ reason: 'it failed', reasonCode: 'OTHER' }), WAITING);
    const last = { partition: 0, offset };
    expect(causes.failures()).toMatchObject([
      { failure: 'userId is …, not from 1 to 2^53', count: 2, waiting: 1 },
      { failure: 'it failed', reasonCode: 'OTHER', count: 1, waiting: 1, example: last },
    ]);
    expect(causes.replays).toEqual({ replayed: 1, waiting: 2 });
  });

  it('know nothing of replays as soon as one letter is unknown to them', () => {
    const causes = new LetterCauses();
    causes.add(letter({}), WAITING);
    causes.add(letter({}), { kind: 'unknown' });
    expect(causes.replays).toBeNull();
  });

  it('are counted by the minute, those without a time first', () => {
    const causes = new LetterCauses();
    for (const timestampMs of [MINUTE + 59_999, MINUTE, MINUTE + 120_000, -1]) {
      causes.add(letter({ timestampMs }), WAITING);
    }
    expect(causes.minutes().map(({ key, count }) => [key, count])).toEqual([
      [null, 1],
      [MINUTE, 2],
      [MINUTE + 120_000, 1],
    ]);
  });

  it('do not grow with the messages that others make up', () => {
    const causes = new LetterCauses();
    const word = (index: number) =>
      index.toString(26).replace(/\d/g, (digit) => 'qrstuvwxyz'.charAt(Number(digit)));
    for (let index = 0; index < MAX_GROUPS + 5; index += 1) {
      causes.add(letter({ reason: `no such ${word(index)}` }), WAITING);
    }
    expect(causes.failures()).toHaveLength(MAX_GROUPS);
    expect(causes.ungrouped).toBe(5);
    expect(causes.replays).toEqual({ replayed: 0, waiting: MAX_GROUPS + 5 });
  });
});

describe('the producer of a dead letter', () => {
  it.each([
    [{ ce_source: '/coupon-api', 'client-id': 'x' }, '/coupon-api', 'ce_source'],
    [{ 'X-Client-Id': 'mobile' }, 'mobile', 'X-Client-Id'],
    [{ __TypeId__: 'com.shop.Event', 'service.name': 'shop' }, 'shop', 'service.name'],
    [{ __TypeId__: 'com.shop.Event' }, 'com.shop.Event', '__TypeId__'],
    [{ 'coupon-dlq-schema-id': '7' }, 'schema id 7', 'schema-id'],
  ])('is what its headers name: %j', (headers, producer, knownBy) => {
    const causes = new LetterCauses();
    causes.add(letter({ headers }), WAITING);
    expect(causes.producers()).toMatchObject([{ producer: { name: producer, knownBy }, count: 1 }]);
  });

  it('is unknown where nothing names it: a trace is of one request', () => {
    const causes = new LetterCauses();
    causes.add(letter({ headers: { traceparent: '00-ab-cd-01', 'client-id': '' } }), WAITING);
    expect(causes.producers()).toMatchObject([{ producer: null, count: 1 }]);
  });

  it('is not the class of a letter that another system wrote', () => {
    const value = '{"originalEvent":{},"failureReason":"no stock"}';
    const causes = new LetterCauses();
    const place = { topic: 'dlq', partition: 0, offset: 0n, timestamp: 0n, key: null };
    const headers = { __TypeId__: Buffer.from('com.shop.DlqMessage') };
    causes.add(readDeadLetter({ ...place, value: Buffer.from(value), headers }), WAITING);
    expect(causes.producers()).toMatchObject([{ producer: null }]);
  });
});

import { describe, expect, it } from 'vitest';
import { couponIdOf, matchesFilter } from '../../../src/dead-letters/filter.js';
import type { DeadLetter } from '../../../src/dead-letters/read.js';

const letter: DeadLetter = {
  partition: 1,
  offset: 7n,
  timestampMs: 1000,
  key: '1',
  originalEvent: { couponId: 1, userId: 42, note: 'Grüße' },
  failureReason: 'the store is broken',
  reasonCode: 'PROCESSING_FAILED',
  retryCount: 3,
  lastAttemptAt: null,
  stackTrace: 'Error: at applyRequest',
  origin: null,
  schemaId: null,
  replayCount: 0,
  headers: { traceparent: '00-abc' },
};

describe('a filter of dead letters', () => {
  it.each([
    ['nothing', {}],
    ['its reason', { reasonCode: 'PROCESSING_FAILED' }],
    ['its reason spelt otherwise', { reasonCode: 'processingFailed' }],
    ['its coupon', { couponId: 1 }],
    ['its partition', { partition: 1 }],
    ['its very time', { sinceMs: 1000, untilMs: 1001 }],
    ['text of the original', { text: 'grüße' }],
    ['text of the key', { text: '1' }],
    ['text of the reason', { text: 'IS BROKEN' }],
    ['text of the stack trace', { text: 'applyRequest' }],
    ['text of a header', { text: '00-ABC' }],
    ['all of it at once', { reasonCode: 'PROCESSING_FAILED', couponId: 1, text: '42' }],
  ])('finds it by %s', (_, filter) => {
    expect(matchesFilter(letter, filter)).toBe(true);
  });

  it.each([
    ['another reason', { reasonCode: 'MALFORMED_JSON' }],
    ['another coupon', { couponId: 2 }],
    ['another partition', { partition: 0 }],
    ['a later start', { sinceMs: 1001 }],
    ['an end at its time, which is left out', { untilMs: 1000 }],
    ['text that is nowhere', { text: 'xyz' }],
    ['one of several that do not match', { reasonCode: 'PROCESSING_FAILED', couponId: 2 }],
  ])('passes it over by %s', (_, filter) => {
    expect(matchesFilter(letter, filter)).toBe(false);
  });
});

describe('the coupon of a dead letter', () => {
  it.each([
    ['what its original asks for', { couponId: 5 }, '1', 5],
    ['the same in text', '{"couponId":5}', '1', 5],
    ['the same as digits', { couponId: '5' }, '1', 5],
    [
      'the same beside a time that no double holds',
      '{"couponId":5,"at":1795739916.004557251}',
      '1',
      5,
    ],
    ['the same behind a byte order mark', '\uFEFF{"couponId":5}', '1', 5],
    ['the same behind Confluent’s five bytes', '\0\0\0\0\u0007{ "couponId":5}', '1', 5],
    [
      'the same in bytes',
      { base64: Buffer.from([0, 0, 0, 1, 200, 0x7b, 0x7d]).toString('base64') },
      '1',
      1,
    ],
    ['its key where the original says nothing', 'garbage', '1', 1],
    ['its key where the original makes no sense', { couponId: 'five' }, '1', 1],
    ['nobody’s where neither does', null, 'x', null],
    ['nobody’s where there is no key', [], null, null],
    ['nobody’s where the key is no coupon', null, '0', null],
  ])('is %s', (_, originalEvent, key, couponId) => {
    expect(couponIdOf({ ...letter, originalEvent, key })).toBe(couponId);
  });
});

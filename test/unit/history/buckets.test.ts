import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../../src/coupon/outcome.js';
import {
  boundariesOf,
  bucketMsOf,
  bucketsOf,
  isEmpty,
  totalsOf,
} from '../../../src/history/buckets.js';
import { MINUTE_MS, type OutcomeMinute } from '../../../src/ports/store-history.js';

const TWO_AM = Date.UTC(2026, 10, 27, 2);
const HOUR_MS = 60 * MINUTE_MS;

function minute(
  afterMinutes: number,
  outcome: Outcome,
  rows: number,
  reasonCode: string | null = null,
): OutcomeMinute {
  return { minuteMs: TWO_AM + afterMinutes * MINUTE_MS, couponId: 1, outcome, reasonCode, rows };
}

describe('the length of a bucket', () => {
  const lengthOf = (hours: number) =>
    bucketMsOf({ fromMs: TWO_AM, toMs: TWO_AM + hours * HOUR_MS }, 'auto') / MINUTE_MS;

  it.each([
    [0.25, 1],
    [1, 1],
    [1.01, 1],
    [1.02, 2],
    [6, 10],
    [24, 30],
    [48, 60],
    [24 * 7, 180],
    [24 * 30, 720],
    [24 * 365, 7 * 24 * 60],
  ])('of %d hours is %d minutes, so that 60 at most cover the period', (hours, minutes) => {
    expect(lengthOf(hours)).toBe(minutes);
  });

  it('is what was asked for', () => {
    const day = { fromMs: TWO_AM, toMs: TWO_AM + 24 * HOUR_MS };
    expect(bucketMsOf(day, 'minute')).toBe(MINUTE_MS);
    expect(bucketMsOf(day, 'hour')).toBe(HOUR_MS);
  });
});

describe('buckets', () => {
  it('begin at multiples of their length; the first begins and the last ends with the period', () => {
    const fromMs = TWO_AM + 50 * MINUTE_MS;
    const toMs = TWO_AM + 3 * HOUR_MS + 1234;
    expect(boundariesOf({ fromMs, toMs }, HOUR_MS)).toEqual([
      fromMs,
      ...[1, 2, 3].map((hours) => TWO_AM + hours * HOUR_MS),
      toMs,
    ]);
    expect(boundariesOf({ fromMs: TWO_AM, toMs: TWO_AM + HOUR_MS }, HOUR_MS)).toEqual([
      TWO_AM,
      TWO_AM + HOUR_MS,
    ]);
  });

  it('count the minutes that begin in them, whatever their order', () => {
    const boundaries = [0, 2, 4].map((minutes) => TWO_AM + minutes * MINUTE_MS);
    const minutes = [
      minute(3, 'SOLD_OUT', 5),
      minute(0, 'ISSUED', 7),
      minute(1, 'ISSUED', 1),
      minute(1, 'DEAD_LETTERED', 2, 'MALFORMED_JSON'),
      minute(0, 'DEAD_LETTERED', 1, 'MALFORMED_JSON'),
      minute(3, 'DEAD_LETTERED', 4, 'WRONG_TYPE'),
    ];
    const buckets = bucketsOf(boundaries, minutes, [11, null]);
    expect(buckets).toMatchObject([
      {
        fromMs: boundaries[0],
        toMs: boundaries[1],
        asked: 11,
        outcomes: { ISSUED: 8, SOLD_OUT: 0, DEAD_LETTERED: 3 },
        deadLetters: { MALFORMED_JSON: 3 },
      },
      { asked: null, outcomes: { ISSUED: 0, SOLD_OUT: 5 }, deadLetters: { WRONG_TYPE: 4 } },
    ]);
    expect(totalsOf(buckets)).toMatchObject({
      asked: null,
      outcomes: { ISSUED: 8, SOLD_OUT: 5, DEAD_LETTERED: 7 },
      deadLetters: { MALFORMED_JSON: 3, WRONG_TYPE: 4 },
    });
    expect(totalsOf(buckets.slice(0, 1)).asked).toBe(11);
  });

  it('count a step that begins before the period in the first', () => {
    const boundaries = [1, 60, 90].map((minutes) => TWO_AM + minutes * MINUTE_MS);
    const buckets = bucketsOf(boundaries, [minute(0, 'ISSUED', 7), minute(60, 'ISSUED', 2)], []);
    expect(buckets.map(({ outcomes }) => outcomes.ISSUED)).toEqual([7, 2]);
  });

  it('are empty without a request and an outcome', () => {
    const boundaries = [0, 1, 2, 3].map((minutes) => TWO_AM + minutes * MINUTE_MS);
    const buckets = bucketsOf(boundaries, [minute(1, 'NOT_FOUND', 1)], [0, 0, 1]);
    expect(buckets.map(isEmpty)).toEqual([true, false, false]);
  });
});

import { describe, expect, it } from 'vitest';
import { MAX_GROUPS } from '../../../src/dead-letters/letter-groups.js';
import { LetterStatistics } from '../../../src/dead-letters/statistics.js';
import { readDeadLetter } from '../../../src/dead-letters/read.js';

function letter(timestamp: number | bigint, reason: string | null, key: string | null) {
  return readDeadLetter({
    topic: 'dlq',
    partition: 0,
    offset: 0n,
    timestamp: BigInt(timestamp),
    key: key === null ? null : Buffer.from(key),
    value: null,
    headers: reason === null ? {} : { 'coupon-dlq-reason': Buffer.from(reason) },
  });
}

/** A full hour. */
const HOUR = Date.UTC(2026, 10, 27, 9);

describe('the statistics of dead letters', () => {
  it('count by reason, by coupon and by hour, and say when', () => {
    const statistics = new LetterStatistics();
    statistics.add(letter(HOUR + 3_600_000, 'B', '1'));
    statistics.add(letter(HOUR + 1, 'A', '2'));
    statistics.add(letter(HOUR, 'B', null));

    expect(statistics).toMatchObject({
      matched: 3,
      firstSeenMs: HOUR,
      lastSeenMs: HOUR + 3_600_000,
    });
    expect(statistics.reasons()).toEqual([
      { key: 'B', count: 2, firstSeenMs: HOUR, lastSeenMs: HOUR + 3_600_000 },
      { key: 'A', count: 1, firstSeenMs: HOUR + 1, lastSeenMs: HOUR + 1 },
    ]);
    expect(statistics.coupons().map(({ key, count }) => [key, count])).toEqual([
      [null, 1],
      [2, 1],
      [1, 1],
    ]);
    expect(statistics.hours().map(({ key, count }) => [key, count])).toEqual([
      [HOUR, 2],
      [HOUR + 3_600_000, 1],
    ]);
  });

  it('count letters that do not say when they came, or say nonsense, and take no time from them', () => {
    const statistics = new LetterStatistics();
    const nonsense = [-(2n ** 63n), -1n, 0n, 1_795_739_916n, 10n ** 18n, 2n ** 63n - 1n];
    for (const timestamp of [...nonsense, HOUR + 1]) statistics.add(letter(timestamp, 'A', '1'));
    const seen = { firstSeenMs: HOUR + 1, lastSeenMs: HOUR + 1 };
    expect(statistics).toMatchObject({ matched: 7, ...seen });
    expect(statistics.reasons()).toEqual([{ key: 'A', count: 7, ...seen }]);
    expect(statistics.hours().map(({ key, count }) => [key, count])).toEqual([
      [null, 6],
      [HOUR, 1],
    ]);
  });

  it('do not grow with the coupons that somebody makes up', () => {
    const statistics = new LetterStatistics();
    for (let coupon = 1; coupon <= MAX_GROUPS + 5; coupon += 1) {
      statistics.add(letter(0, 'A', String(coupon)));
    }

    expect(statistics.coupons()).toHaveLength(MAX_GROUPS);
    expect(statistics).toMatchObject({ matched: MAX_GROUPS + 5, ungrouped: 5 });
  });
});

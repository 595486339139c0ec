import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseRequest } from '../../../src/coupon/request.js';
import { generateRequests, type GeneratorOptions } from '../../../src/produce/request-generator.js';

const NOW_MS = Date.UTC(2026, 10, 22, 12);

/** The user of every record, or null where it is malformed. */
function usersOf(options: Partial<GeneratorOptions>): readonly (number | null)[] {
  const records = generateRequests(
    {
      ...{ couponId: 1, count: 1, firstUser: 1, duplicatesPercent: 0, poisonPercent: 0, seed: 1 },
      ...options,
    },
    () => NOW_MS,
  );
  return [...records].map(({ key, value }) => {
    expect(String(key)).toBe(String(options.couponId ?? 1));
    const parsed = parseRequest(value);
    return parsed.ok ? parsed.request.userId : null;
  });
}

const percent = fc.oneof(
  fc.constantFrom(0, 1, 50, 99, 100),
  fc.double({ min: 0, max: 100, noNaN: true }),
);

it('gives exactly the shares that were asked for; the rest are distinct users', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 300 }),
      percent,
      percent,
      fc.nat(),
      fc.integer({ min: 1, max: 2 ** 40 }),
      (count, duplicatesPercent, poisonPercent, seed, firstUser) => {
        const users = usersOf({ count, duplicatesPercent, poisonPercent, seed, firstUser });
        const poison = Math.round((count * poisonPercent) / 100);
        const wanted = Math.round((count * duplicatesPercent) / 100);
        // The first who asks cannot be a duplicate.
        const duplicates = Math.min(wanted, Math.max(0, count - poison - 1));
        const asking = users.filter((user) => user !== null);
        expect(users).toHaveLength(count);
        expect(asking).toHaveLength(count - poison);
        const distinct = [...new Set(asking)];
        expect(distinct).toHaveLength(count - poison - duplicates);
        expect(distinct).toEqual(distinct.map((_user, index) => firstUser + index));
      },
    ),
    { numRuns: 300 },
  );
});

it('gives the same order under the same seed, and another under another', () => {
  const options = { count: 200, duplicatesPercent: 20, poisonPercent: 10 };
  expect(usersOf({ ...options, seed: 7 })).toEqual(usersOf({ ...options, seed: 7 }));
  expect(usersOf({ ...options, seed: 7 })).not.toEqual(usersOf({ ...options, seed: 8 }));
});

it('gives every request an eventId of its own', () => {
  const events = [
    ...generateRequests(
      { couponId: 1, count: 50, firstUser: 1, duplicatesPercent: 50, poisonPercent: 0, seed: 1 },
      () => NOW_MS,
    ),
  ].map(({ value }) => (JSON.parse(String(value)) as { eventId: string }).eventId);
  expect(new Set(events).size).toBe(50);
});

it('is malformed in several ways', () => {
  const records = generateRequests(
    { couponId: 1, count: 7, firstUser: 1, duplicatesPercent: 0, poisonPercent: 100, seed: 1 },
    () => NOW_MS,
  );
  const codes = [...records].map(({ value }) => {
    const parsed = parseRequest(value);
    return parsed.ok ? 'well-formed' : parsed.malformed.code;
  });
  expect(codes.toSorted()).toEqual([
    'EMPTY_VALUE',
    'INVALID_UTF8',
    'MALFORMED_JSON',
    'MISSING_FIELD',
    'NOT_AN_OBJECT',
    'OUT_OF_RANGE',
    'WRONG_TYPE',
  ]);
});

import { expect, it } from 'vitest';
import { duration, listed, perSecond } from '../../../src/words/ko/figures.js';

it('says durations in the unit that people would', () => {
  const spoken = [0, 850, 999.6, 3200, 59_949, 59_951, 250_000, 3_600_000, 7_500_000].map(duration);

  expect(spoken).toEqual([
    ...['0ms', '850ms', '1.0초', '3.2초', '59.9초', '1분 0초', '4분 10초', '1시간', '2시간 5분'],
  ]);
  expect([172_800_000, 183_600_000].map(duration)).toEqual(['2일', '2일 3시간']);
});

it('says rates by the second, and that one is not known', () => {
  expect([null, 9.54, 1234.5].map(perSecond)).toEqual(['알 수 없음', '초당 9.5건', '초당 1,235건']);
});

it('lists five names, and how many more there are', () => {
  expect(listed(['a', 'b'])).toBe('a, b');
  expect(listed('abcdefg'.split(''))).toBe('a, b, c, d, e 외 2개');
});

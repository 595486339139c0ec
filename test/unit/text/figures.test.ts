import { expect, it } from 'vitest';
import { count, counted, duration, perSecond, wholeSeconds } from '../../../src/text/figures.js';

it.each([
  [0, '0'],
  [999, '999'],
  [1000, '1,000'],
  [12_345.6, '12,346'],
])('count of %d is %s', (value, text) => {
  expect(count(value)).toBe(text);
});

it.each([
  [0, '0 ms'],
  [999.4, '999 ms'],
  [999.6, '1.0 s'],
  [1000, '1.0 s'],
  [59_940, '59.9 s'],
  [59_999, '1 min 0 s'],
  [60_000, '1 min 0 s'],
  [119_700, '2 min 0 s'],
  [250_000, '4 min 10 s'],
])('duration of %d ms is %s', (ms, text) => {
  expect(duration(ms)).toBe(text);
});

it.each([
  [400, '0 s'],
  [3900, '3 s'],
  [59_900, '59 s'],
  [61_200, '1 min 1 s'],
  [426_000, '7 min 6 s'],
])('%d ms that go on are %s', (ms, text) => {
  expect(wholeSeconds(ms)).toBe(text);
});

it.each([
  [0, '0 members'],
  [1, '1 member'],
  [1200, '1,200 members'],
])('%d member(s) are %s', (members, text) => {
  expect(counted(members, 'member')).toBe(text);
});

it.each([
  [null, '-'],
  [9.46, '9.5/s'],
  [1200.4, '1,200/s'],
])('a rate of %d is %s', (rate, text) => {
  expect(perSecond(rate)).toBe(text);
});

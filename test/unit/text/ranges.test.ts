import { expect, it } from 'vitest';
import { ranges } from '../../../src/text/ranges.js';

it.each([
  [[], ''],
  [[4], '4'],
  [[0, 1], '0, 1'],
  [[0, 1, 2, 5, 7, 8, 9], '0-2, 5, 7-9'],
])('%j is %s', (numbers, text) => {
  expect(ranges(numbers)).toBe(text);
});

import { expect, test } from 'vitest';
import { nearest } from '../../../src/text/nearest.js';

const MODES = ['single', 'batch', 'scheduler'];

test.each([
  ['bacth', 'batch'],
  ['batchs', 'batch'],
  ['BATHC', 'batch'],
  ['sinle', 'single'],
  ['xingle', 'single'],
  ['schedule', 'scheduler'],
  ['', null],
  ['fast', null],
  ['both', null],
  ['x', null],
])('of %j the nearest mode is %j', (word, mode) => {
  expect(nearest(word, MODES)).toBe(mode);
});

test('the fewest edits win', () => {
  expect(nearest('minutes', ['auto', 'minus', 'minute'])).toBe('minute');
});

test('a short word is not taken for another one', () => {
  expect(nearest('on', ['off', 'no'])).toBeNull();
});

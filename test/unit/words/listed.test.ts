import { expect, it } from 'vitest';
import { partitionList } from '../../../src/words/en/listed.js';

it.each([
  [[4], 'partition 4'],
  [[0, 2], 'partitions 0, 2'],
  [[0, 1, 2, 3, 4], 'partitions 0, 1, 2, 3, 4'],
  [[0, 1, 2, 3, 4, 7], 'partitions 0, 1, 2, 3, 4 and 1 more'],
])('%j: %s', (partitions, text) => {
  expect(partitionList(partitions)).toBe(text);
});

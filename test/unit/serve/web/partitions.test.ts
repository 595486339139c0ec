import { expect, test } from 'vitest';
import { busiestFirst } from '../../../../src/serve/web/partitions/partition-order.js';
import { readsText } from '../../../../src/serve/web/partitions/reads-text.js';
import { partitionData } from '../../../support/console/sale.js';

const of = (topic: string, ...partitions: number[]) =>
  partitions.map((partition) => ({ topic, partition }));

test.each([
  [of('requests', 0), false, '0'],
  [of('requests', 5, 2, 0, 3, 4), false, '0, 2–5'],
  [of('requests', 1, 2), false, '1, 2'],
  [[...of('orders', 1, 0), ...of('payments', 7)], true, 'orders 0, 1 · payments 7'],
])('%j read as %3$j', (partitions, hasTopics, text) => {
  expect(readsText(partitions, hasTopics)).toBe(text);
});

test('a partition without a leader comes first, then those that wait most', () => {
  const partitions = [
    partitionData(0, { lag: 5 }),
    partitionData(1, { lag: 70 }),
    partitionData(2, { lag: null, isOnline: false }),
    partitionData(3),
  ];
  expect(busiestFirst(partitions).map(({ partition }) => partition)).toEqual([2, 1, 0, 3]);
});

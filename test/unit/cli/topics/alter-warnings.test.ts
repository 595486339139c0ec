import { expect, it } from 'vitest';
import { warningsOf } from '../../../../src/cli/topics/alter-warnings.js';
import { REQUEST_TOPIC } from '../../../../src/coupon/topics.js';

const change = {
  ...{ topic: REQUEST_TOPIC, group: 'g', from: 3, to: 6, sampled: 0, behind: 0, waits: false },
  openTransactions: [],
  moved: [],
  movedOnSale: [],
};

const warned = (topic: string, ...keys: readonly string[]) =>
  warningsOf({
    ...{ ...change, topic, sampled: keys.length },
    moved: keys.map((key) => Buffer.from(key)),
  }).join('\n');

it('says which campaigns on sale move, and that it does not know where it does not', () => {
  const said = (movedOnSale: readonly number[] | null, topic = REQUEST_TOPIC) =>
    warningsOf({ ...change, topic, movedOnSale }).join('\n');
  expect(said([7])).toContain('1 campaign on sale moves (7). Until each producer knows');
  expect(said([1, 2, 3, 4, 5, 6])).toContain('6 campaigns on sale move (1, 2, 3, 4, 5, ...).');
  expect(said(null)).toContain('Which campaigns are on sale is not known here');
  expect(said([])).not.toContain('on sale');
  expect(said(null, 'orders')).not.toContain('on sale');
});

it('names the campaigns that move, and other keys as they are', () => {
  expect(warned(REQUEST_TOPIC, '7', 'x')).toContain('(campaign 7, "x")');
  expect(warned('orders', '7')).toContain('("7")');
});

it('shows the beginning of a key that is as long as a record', () => {
  expect(warned('orders', 'k'.repeat(5000))).toContain(`("${'k'.repeat(40)}…")`);
  expect(warned(REQUEST_TOPIC, '1'.repeat(5000))).toContain(`("${'1'.repeat(40)}…")`);
});

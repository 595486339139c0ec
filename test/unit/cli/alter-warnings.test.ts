import { expect, it } from 'vitest';
import { warningsOf } from '../../../src/cli/topics/alter-warnings.js';
import { REQUEST_TOPIC } from '../../../src/coupon/topics.js';

const warned = (topic: string, ...keys: readonly string[]) =>
  warningsOf({
    ...{ topic, group: 'g', from: 3, to: 6, sampled: keys.length, behind: 0, waits: false },
    openTransactions: [],
    moved: keys.map((key) => Buffer.from(key)),
  }).join('\n');

it('names the campaigns that move, and other keys as they are', () => {
  expect(warned(REQUEST_TOPIC, '7', 'x')).toContain('(campaign 7, "x")');
  expect(warned('orders', '7')).toContain('("7")');
});

it('shows the beginning of a key that is as long as a record', () => {
  expect(warned('orders', 'k'.repeat(5000))).toContain(`("${'k'.repeat(40)}…")`);
  expect(warned(REQUEST_TOPIC, '1'.repeat(5000))).toContain(`("${'1'.repeat(40)}…")`);
});

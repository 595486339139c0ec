import { expect, it } from 'vitest';
import { liveText } from '../../../../src/cli/consume/live-text.js';
import { zeroOutcomes } from '../../../../src/coupon/outcome.js';

const quiet = {
  ...{ records: 20_000, perSecond: 300, lag: 0, repeated: 0, retries: 0 },
  outcomes: zeroOutcomes(),
  outages: [],
};

it('says what was issued, and nothing of what there is none of', () => {
  expect(liveText(quiet)).toBe('20,000 records  300/s  lag 0  issued 0');
  expect(liveText({ ...quiet, lag: null })).toContain('lag -');
});

it('names dead letters, whatever else there is, within 80 columns', () => {
  const outcomes = { ...zeroOutcomes(), DEAD_LETTERED: 19_000, SOLD_OUT: 5, DUPLICATE: 7 };
  const text = liveText({
    ...quiet,
    outcomes: { ...outcomes, NOT_FOUND: 9 },
    retries: 3,
    repeated: 4,
  });
  expect(text.slice(0, 80)).toContain('issued 0  dead letters 19,000  sold out 5');
  expect(text).toMatch(/ {2}duplicates 7 {2}not found 9 {2}repeats 4 {2}retries 3$/);
});

it('says first what the consumer waits for', () => {
  const outages = ['the group coordinator', 'the store'];
  expect(liveText({ ...quiet, outages })).toBe(
    'waiting for the group coordinator, the store  20,000 records  300/s  lag 0  issued 0',
  );
});

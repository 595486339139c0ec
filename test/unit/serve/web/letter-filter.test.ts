import { expect, test } from 'vitest';
import {
  filterOf,
  flagsOf,
  isFiltered,
  NO_FILTER,
} from '../../../../src/serve/web/letters/filter.js';

const NOW_MS = 1_800_000_000_000;

test('what is left empty filters by nothing', () => {
  expect(filterOf(NO_FILTER, NOW_MS)).toEqual({});
  expect(flagsOf(NO_FILTER)).toBe('');
  expect(isFiltered(NO_FILTER)).toBe(false);
});

test('the terminal is told the same as the server', () => {
  const fields = { reason: 'WRONG_TYPE', coupon: '7', text: "it's; rm -rf", span: '1h' } as const;
  expect(filterOf(fields, NOW_MS)).toEqual({
    reason: 'WRONG_TYPE',
    coupon: 7,
    text: "it's; rm -rf",
    sinceMs: NOW_MS - 3_600_000,
  });
  expect(flagsOf(fields)).toBe(
    " --reason WRONG_TYPE --coupon 7 --text 'it'\\''s; rm -rf' --since 1h",
  );
  expect(isFiltered(fields)).toBe(true);
});

test.each(['0', '-1', '1.5', 'x', ' ', '99999999999999999'])('%j is no coupon', (coupon) => {
  expect(filterOf({ ...NO_FILTER, coupon }, NOW_MS)).toBeNull();
});

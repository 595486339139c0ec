import { expect, it } from 'vitest';
import { typed } from '../../../../src/serve/web/shell/shortcuts.js';

/** The targets that these keys reach, one after the other. */
function reached(...keys: readonly string[]): readonly (string | null)[] {
  const targets: (string | null)[] = [];
  let before = '';
  for (const key of keys) {
    const result = typed(before, key);
    before = result.typed;
    if (result.shortcut !== null) targets.push(result.shortcut.target);
  }
  return targets;
}

it('goes to a panel by two keys, and to the search by one', () => {
  expect(reached('g', 'c', 'g', 'v', '/')).toEqual(['campaigns', 'verdict', 'find-coupon']);
});

it('forgets a key that another one follows', () => {
  expect(reached('g', 'x', 'c')).toEqual([]);
  expect(reached('g', 'g', 'c')).toEqual(['campaigns']);
  expect(reached('c')).toEqual([]);
});

it('opens the help by ?, also in the middle of another one', () => {
  expect(reached('g', '?')).toEqual([null]);
});

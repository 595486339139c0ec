import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SettledIds } from '../../../../src/store/postgres/settled-ids.js';

it('settles at once where no other transaction writes', () => {
  expect(new SettledIds().settledTo({ lastId: 7, writers: [] })).toBe(7);
});

it('waits for the transactions that ran when an id was visible, not for those that came later', () => {
  const ids = new SettledIds();

  expect(ids.settledTo({ lastId: 7, writers: ['3/1', '4/1'] })).toBe(0);
  expect(ids.settledTo({ lastId: 9, writers: ['4/1', '5/1'] })).toBe(0);
  expect(ids.settledTo({ lastId: 12, writers: ['5/1', '6/1'] })).toBe(7);
  expect(ids.settledTo({ lastId: 15, writers: ['6/1', '7/1'] })).toBe(9);
  expect(ids.settledTo({ lastId: 15, writers: ['7/1'] })).toBe(12);
});

it('settles all at once where one transaction has held up many', () => {
  const ids = new SettledIds();
  for (let lastId = 1; lastId <= 1000; lastId += 1) {
    expect(ids.settledTo({ lastId, writers: ['3/1'] })).toBe(0);
  }

  expect(ids.settledTo({ lastId: 1001, writers: ['4/1'] })).toBe(1000);
});

it('starts again where the store was set back', () => {
  const ids = new SettledIds();
  ids.settledTo({ lastId: 100, writers: [] });

  expect(ids.settledTo({ lastId: 70, writers: ['3/1'] })).toBe(0);
  expect(ids.settledTo({ lastId: 80, writers: ['4/1'] })).toBe(70);
});

it('never goes back otherwise', () => {
  const views = fc.array(
    fc.record({
      lastId: fc.nat(20),
      writers: fc.uniqueArray(fc.constantFrom('1/1', '2/1', '3/1'), { maxLength: 2 }),
    }),
  );
  fc.assert(
    fc.property(views, (seen) => {
      const ids = new SettledIds();
      const inOrder = seen.toSorted((a, b) => a.lastId - b.lastId);
      const settled = inOrder.map((view) => ids.settledTo(view));
      expect(settled).toEqual(settled.toSorted((a, b) => a - b));
    }),
  );
});

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { OUTCOMES, zeroOutcomes, type Outcome } from '../../../../../src/coupon/outcome.js';
import type { OutcomeCount, OutcomeTotals } from '../../../../../src/ports/store-figures.js';
import { OutcomeSums } from '../../../../../src/serve/console/campaigns/outcome-sums.js';

interface Row {
  readonly couponId: number | null;
  readonly outcome: Outcome;
  isVisible: boolean;
}

/**
 * Rows with ids that were drawn before they were committed, as in PostgreSQL. Each call takes time from the clock.
 */
class Rows {
  readonly #rows: Row[] = [];
  nowMs = 0;
  calls = 0;

  add(couponId: number | null, outcome: Outcome, isVisible = true): number {
    return this.#rows.push({ couponId, outcome, isVisible });
  }

  commit(id: number): void {
    const row = this.#rows[id - 1];
    if (row !== undefined) row.isVisible = true;
  }

  get visible(): readonly Row[] {
    return this.#rows.filter(({ isVisible }) => isVisible);
  }

  outcomeTotals(afterId: number, maxRows: number): Promise<OutcomeTotals> {
    this.calls += 1;
    this.nowMs += 60;
    const firstOpen = this.#rows.findIndex(({ isVisible }) => !isVisible);
    const settledEnd = firstOpen === -1 ? this.#rows.length : firstOpen;
    const settledTo = Math.max(afterId, Math.min(settledEnd, afterId + maxRows));
    const isAll = settledTo >= settledEnd;
    const settled = countsOf(this.#rows.slice(afterId, settledTo));
    const recent = isAll ? countsOf(this.#rows.slice(settledTo)) : [];
    return Promise.resolve({ settledTo, settled, recent, isAll });
  }
}

function countsOf(rows: readonly Row[]): readonly OutcomeCount[] {
  return rows
    .filter(({ isVisible }) => isVisible)
    .map(({ couponId, outcome }) => ({ couponId, outcome, rows: 1 }));
}

function newSums(rows: Rows): OutcomeSums {
  return new OutcomeSums({ now: () => rows.nowMs });
}

it('counts every visible row once, in whatever order transactions are committed', async () => {
  const step = fc.oneof(
    fc.record({
      kind: fc.constant('add' as const),
      couponId: fc.option(fc.integer({ min: 1, max: 4 })),
      outcome: fc.constantFrom(...OUTCOMES),
      isVisible: fc.boolean(),
    }),
    fc.record({ kind: fc.constant('commit' as const), pick: fc.nat() }),
    fc.record({ kind: fc.constant('read' as const) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const rows = new Rows();
      const sums = newSums(rows);
      sums.setCampaigns([1, 2]);
      const open: number[] = [];
      for (const each of steps) {
        if (each.kind === 'add') {
          const id = rows.add(each.couponId, each.outcome, each.isVisible);
          if (!each.isVisible) open.push(id);
        } else if (each.kind === 'commit') {
          const [id] = open.splice(each.pick % Math.max(open.length, 1), 1);
          if (id !== undefined) rows.commit(id);
        } else {
          await sums.catchUp(rows);
        }
      }
      await sums.catchUp(rows);
      const expected = zeroOutcomes();
      for (const { outcome } of rows.visible) expected[outcome] += 1;
      expect(sums.total()).toEqual(expected);
      const ofCoupons = rows.visible.filter(({ couponId }) => couponId !== null);
      const known = ofCoupons.filter(({ couponId }) => couponId === 1 || couponId === 2);
      expect(sums.withoutCampaign()).toBe(ofCoupons.length - known.length);
      const issuedOf1 = known.filter((row) => row.couponId === 1 && row.outcome === 'ISSUED');
      expect(sums.byCampaign().get(1)?.ISSUED).toBe(issuedOf1.length);
    }),
  );
});

it('counts a large store in several readings, and says how far it is', async () => {
  const rows = new Rows();
  for (let row = 0; row < 300_000; row += 1) rows.add(1, 'ISSUED');
  const sums = newSums(rows);
  sums.setCampaigns([1]);
  await sums.catchUp(rows);
  expect(rows.calls).toBe(4);
  expect([sums.isAll, sums.rows]).toEqual([false, 200_000]);
  await sums.catchUp(rows);
  expect([sums.isAll, sums.rows]).toEqual([true, 300_000]);
  expect(sums.byCampaign().get(1)?.ISSUED).toBe(300_000);
});

it('counts from the first row again after a restart', async () => {
  const rows = new Rows();
  rows.add(1, 'ISSUED');
  const sums = newSums(rows);
  sums.setCampaigns([1]);
  await sums.catchUp(rows);
  sums.restart();
  expect(sums.rows).toBe(0);
  await sums.catchUp(rows);
  expect(sums.total().ISSUED).toBe(1);
});

it('counts exactly also where more coupons were made up than are kept apart, and one of them is created later', async () => {
  const rows = new Rows();
  const made = 100_010;
  for (let couponId = 1; couponId <= made; couponId += 1) rows.add(couponId, 'NOT_FOUND');
  const sums = newSums(rows);
  sums.setCampaigns([]);
  for (let readings = 0; readings < 3; readings += 1) await sums.catchUp(rows);
  expect(sums.withoutCampaign()).toBe(made);
  sums.setCampaigns([made]);
  for (let readings = 0; readings < 3; readings += 1) await sums.catchUp(rows);
  expect(sums.byCampaign().get(made)?.NOT_FOUND).toBe(1);
  expect(sums.withoutCampaign()).toBe(made - 1);
});

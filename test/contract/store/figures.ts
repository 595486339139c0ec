import { describe, expect, it } from 'vitest';
import { OUTCOMES } from '../../../src/coupon/outcome.js';
import type { OutcomeCount, OutcomeTotals } from '../../../src/ports/store-figures.js';
import { contentsOf } from '../../support/stores/store-contents.js';
import { NOW_MS, PartitionLog, request, TERMS, type NewEntry, type OpenStore } from './log.js';

const MANY = 1_000_000;

const LETTER: NewEntry = { kind: 'dead-letter', reasonCode: 'MALFORMED_JSON', request: null };

/** The counts of all settled rows, and the latest recent ones, as a console adds them up. */
export class Counted {
  settledTo = 0;
  readonly #settled = new Map<string, number>();
  #recent: readonly OutcomeCount[] = [];

  add({ settledTo, settled, recent }: OutcomeTotals): void {
    for (const count of settled) addTo(this.#settled, count);
    this.#recent = recent;
    this.settledTo = settledTo;
  }

  /** "1 ISSUED" → rows; "null DEAD_LETTERED" where the record could not be parsed. */
  get rows(): Readonly<Record<string, number>> {
    const sum = new Map(this.#settled);
    for (const count of this.#recent) addTo(sum, count);
    return Object.fromEntries(sum);
  }
}

function addTo(counts: Map<string, number>, { couponId, outcome, rows }: OutcomeCount): void {
  const key = `${String(couponId)} ${outcome}`;
  counts.set(key, (counts.get(key) ?? 0) + rows);
}

/** What is in the store, counted row by row. */
function rowsOf(outcomes: readonly Omit<OutcomeCount, 'rows'>[]): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const row of outcomes) addTo(counts, { ...row, rows: 1 });
  return Object.fromEntries(counts);
}

export function figuresContract(open: OpenStore): void {
  const start = async (nowMs = NOW_MS) => {
    const { store } = await open({ clock: () => nowMs });
    await store.createCampaign(1, { ...TERMS, totalQuantity: 3 });
    await store.createCampaign(2, { ...TERMS, status: 'INACTIVE' });
    await store.createCampaign(3, { ...TERMS, validFromMs: NOW_MS + 1 });
    await store.createCampaign(4, { ...TERMS, validUntilMs: NOW_MS - 1 });
    return { store, log: new PartitionLog(store) };
  };
  const requests = (couponId: number, from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, index) => request(couponId, from + index));

  describe('counting outcomes', () => {
    it('counts the rows of each coupon by outcome, those without a coupon or a campaign too', async () => {
      const { store, log } = await start();
      await log.apply(...requests(1, 1, 5), request(1, 2), LETTER, LETTER);
      await log.apply(...[2, 3, 4, 404].map((coupon) => request(coupon, 1)));
      const counted = new Counted();

      counted.add(await store.outcomeTotals(0, MANY));

      expect(counted.rows).toEqual({
        '1 ISSUED': 3,
        '1 SOLD_OUT': 2,
        '1 DUPLICATE': 1,
        'null DEAD_LETTERED': 2,
        '2 INACTIVE': 1,
        '3 NOT_STARTED': 1,
        '4 EXPIRED': 1,
        '404 NOT_FOUND': 1,
      });
      expect(Object.keys(counted.rows).map((key) => key.split(' ')[1])).toEqual(
        expect.arrayContaining([...OUTCOMES]),
      );
    });

    it('goes on from where it has settled, and counts no row twice', async () => {
      const { store, log } = await start();
      const counted = new Counted();
      for (let batch = 0; batch < 5; batch += 1) {
        await log.apply(...requests(1, batch * 2, batch * 2 + 2), LETTER);
        counted.add(await store.outcomeTotals(counted.settledTo, MANY));
        const { outcomes } = await contentsOf(store);
        expect(counted.rows).toEqual(rowsOf(outcomes));
      }
    });

    it('settles what no writer can come before any more, and never goes back', async () => {
      const { store, log } = await start();
      await log.apply(...requests(1, 1, 4));

      const first = await store.outcomeTotals(0, MANY);
      const again = await store.outcomeTotals(first.settledTo, MANY);

      expect(first.isAll).toBe(true);
      expect(first.recent).toEqual([]);
      expect(again).toEqual({ settledTo: first.settledTo, settled: [], recent: [], isAll: true });
      expect(await store.outcomeTotals(first.settledTo + 10, MANY)).toEqual({
        ...again,
        settledTo: first.settledTo + 10,
      });
    });

    it('counts many rows in short calls', async () => {
      const { store, log } = await start();
      await log.apply(...requests(1, 1, 10));
      const counted = new Counted();
      let calls = 0;
      let totals: OutcomeTotals;
      do {
        totals = await store.outcomeTotals(counted.settledTo, 4);
        const rows = totals.settled.reduce((sum, count) => sum + count.rows, 0);
        expect(rows).toBeLessThanOrEqual(4);
        counted.add(totals);
        calls += 1;
      } while (!totals.isAll);

      expect(counted.rows).toEqual({ '1 ISSUED': 3, '1 SOLD_OUT': 7 });
      expect(calls).toBe(3);
    });

    it('counts nothing in an empty store', async () => {
      const { store } = await open({ clock: () => NOW_MS });

      expect(await store.outcomeTotals(0, MANY)).toEqual({
        settledTo: 0,
        settled: [],
        recent: [],
        isAll: true,
      });
    });
  });

  it('says how long coupons took from the record to the issue, behind a row', async () => {
    const { store, log } = await start(NOW_MS + 500);
    const after = (userId: number, ms: number) =>
      request(1, userId, { timestampMs: NOW_MS + 500 - ms });
    await log.apply(after(1, 20));
    const { settledTo } = await store.outcomeTotals(0, MANY);
    await log.apply(after(1, 20), after(2, 70), after(3, 70), after(4, 90), LETTER);

    const sorted = async (afterId: number, every = 1) =>
      [...(await store.issuedAfterMs(afterId, every))].sort(([a], [b]) => a - b);
    expect(await sorted(settledTo)).toEqual([[70, 2]]);
    expect(await sorted(0)).toEqual([
      [20, 1],
      [70, 2],
    ]);
    const firstTwo = await store.issuedAfterMs(0, 2);
    expect(firstTwo.reduce((sum, [, rows]) => sum + rows, 0)).toBeLessThan(3);
    expect(await store.issuedAfterMs(0, 1_000_000)).toEqual([]);
  });

  it('finds the winners by their numbers, in the order asked for', async () => {
    const { store, log } = await start();
    await log.apply(...requests(1, 11, 14));
    const { issued } = await contentsOf(store);
    const numbered = (couponId: number, sequence: number) => ({ couponId, sequence });

    const wanted = [numbered(1, 3), numbered(1, 4), numbered(2, 1), numbered(1, 1), numbered(1, 1)];
    expect(await store.winners(wanted)).toEqual([issued[2], null, null, issued[0], issued[0]]);
    expect(issued[2]).toMatchObject({ userId: 13, sequence: 3 });
    expect(await store.winners([])).toEqual([]);
  });
}

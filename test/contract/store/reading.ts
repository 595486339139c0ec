import { describe, expect, it } from 'vitest';
import type { CouponStore, IssuedCoupon, IssuedFilter } from '../../../src/ports/coupon-store.js';
import { NOW_MS, PartitionLog, request, SOURCE, TERMS, type OpenStore } from './log.js';
import { contentsOf } from '../../support/stores/store-contents.js';

export function readingContract(open: OpenStore): void {
  const start = async (coupons: readonly number[]) => {
    const { store } = await open({ clock: () => NOW_MS });
    for (const id of coupons) await store.createCampaign(id, { ...TERMS, totalQuantity: 10_000 });
    return { store, log: new PartitionLog(store) };
  };
  const list = async (store: CouponStore, filter: IssuedFilter): Promise<IssuedCoupon[]> => {
    const found: IssuedCoupon[] = [];
    for await (const page of store.issued(filter)) found.push(...page);
    return found;
  };
  const users = (count: number) => Array.from({ length: count }, (_, index) => count - index);

  describe('listing issued coupons', () => {
    it('gives them all by coupon and sequence, in pages', async () => {
      const { store, log } = await start([2, 1, 3]);
      await log.apply(...users(1500).map((user) => request(2, user)));
      await log.apply(...users(1000).map((user) => request(1, user)));
      await log.apply(request(3, 1));
      const pages: number[] = [];
      for await (const page of store.issued({})) pages.push(page.length);

      const found = await list(store, {});

      const numbered = (couponId: number, count: number) =>
        users(count).map((userId, index) => [couponId, index + 1, userId]);
      expect(found.map((c) => [c.couponId, c.sequence, c.userId])).toEqual([
        ...numbered(1, 1000),
        ...numbered(2, 1500),
        [3, 1, 1],
      ]);
      expect(pages.length).toBeGreaterThan(1);
      expect(Math.min(...pages)).toBeGreaterThan(0);
      expect(await store.countIssued({})).toBe(2501);
    });

    it('gives those of one coupon, of one user, or of both', async () => {
      const { store, log } = await start([1, 2]);
      await log.apply(...users(1200).flatMap((user) => [request(1, user), request(2, user)]));

      const expectFound = async (filter: IssuedFilter, count: number) => {
        const found = await list(store, filter);
        expect(found).toHaveLength(count);
        expect(found.every((coupon) => matches(coupon, filter))).toBe(true);
        expect(await store.countIssued(filter)).toBe(count);
      };
      await expectFound({ couponId: 1 }, 1200);
      await expectFound({ userId: 77 }, 2);
      await expectFound({ couponId: 2, userId: 77 }, 1);
      await expectFound({ couponId: 3 }, 0);
      await expectFound({ userId: 5000 }, 0);
    });

    it('gives each once though more are issued meanwhile', async () => {
      const { store, log } = await start([1]);
      await log.apply(...users(1200).map((user) => request(1, user)));
      const sequences: number[] = [];

      for await (const page of store.issued({ couponId: 1 })) {
        sequences.push(...page.map(({ sequence }) => sequence));
        await log.apply(request(1, 2000 + sequences.length));
      }

      expect(sequences.slice(0, 1200)).toEqual(Array.from({ length: 1200 }, (_, i) => i + 1));
      expect(new Set(sequences).size).toBe(sequences.length);
    });

    it('gives nothing of an empty store', async () => {
      const { store } = await start([]);

      expect(await list(store, {})).toEqual([]);
      expect(await contentsOf(store)).toEqual({
        positions: [],
        campaigns: [],
        versions: [],
        outcomes: [],
        issued: [],
        counted: {},
      });
    });
  });

  it('tells what became of one user’s requests, in the order of applying', async () => {
    const { store, log } = await start([1]);
    const elsewhere = new PartitionLog(store, { partition: 1 });
    await log.apply(request(1, 42), request(1, 43));
    await elsewhere.apply(request(1, 42));
    await log.apply(request(1, 42), request(2, 42));

    const rows = await store.outcomesOf(1, 42);

    expect(rows.map((r) => [r.outcome, r.position.partition, r.position.offset])).toEqual([
      ['ISSUED', 0, 0n],
      ['DUPLICATE', 1, 0n],
      ['DUPLICATE', 0, 2n],
    ]);
    const ids = (await contentsOf(store)).outcomes.map(({ id }) => id);
    expect(ids).toEqual([1, 2, 3, 4, 5]);
  });

  it('tells what became of one user’s requests for all coupons, also those without a campaign', async () => {
    const { store, log } = await start([2, 1]);
    const letter = { kind: 'dead-letter', reasonCode: 'PROCESSING_FAILED' } as const;
    await log.apply(request(99, 42), request(2, 42), request(1, 43), request(1, 42));
    await log.apply(
      request(2, 42),
      { ...letter, request: { couponId: 7, userId: 42, eventId: 'late' } },
      { ...letter, request: null },
      request(99, 43),
    );

    const { rows, isAll } = await store.outcomesOfUser(42);

    expect(isAll).toBe(true);
    expect(rows.map((r) => [r.couponId, r.outcome, r.position.offset])).toEqual([
      [1, 'ISSUED', 3n],
      [2, 'ISSUED', 1n],
      [2, 'DUPLICATE', 4n],
      [7, 'DEAD_LETTERED', 5n],
      [99, 'NOT_FOUND', 0n],
    ]);
    expect(await store.outcomesOfUser(44)).toEqual({ rows: [], isAll: true });
  });

  it('keeps offsets of 64 bits exactly', async () => {
    const { store } = await start([1]);
    const offset = 2n ** 63n - 3n;
    const log = new PartitionLog(store, {}, offset);

    await log.apply(request(1, 42));
    await log.apply(request(1, 43));

    const { issued, outcomes } = await contentsOf(store);
    expect(issued.map(({ position }) => position.offset)).toEqual([offset, offset + 1n]);
    expect(outcomes.map(({ position }) => position.offset)).toEqual([offset, offset + 1n]);
    expect(await store.positions(SOURCE.group, SOURCE.topic)).toMatchObject([
      { nextOffset: offset + 2n, lastApplied: { offset: offset + 1n } },
    ]);
    expect(await new PartitionLog(store).tryApply(request(1, 44))).toEqual({
      kind: 'fenced',
      nextOffset: offset + 2n,
    });
  });
}

function matches(coupon: IssuedCoupon, { couponId, userId }: IssuedFilter): boolean {
  return (
    (couponId ?? coupon.couponId) === coupon.couponId && (userId ?? coupon.userId) === coupon.userId
  );
}

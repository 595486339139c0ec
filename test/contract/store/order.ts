import { describe, expect, it } from 'vitest';
import type { ApplyBatch } from '../../../src/ports/coupon-store.js';
import { at, batchAt, NOW_MS, request, TERMS, type OpenStore } from './log.js';

/** Law 7 of CouponStore. */
export function orderContract(open: OpenStore): void {
  const start = async () => {
    const { store, refuseUser } = await open({ clock: () => NOW_MS });
    await store.createCampaign(1, TERMS);
    return { store, refuseUser };
  };
  /** Offsets 0 to 3, a batch each, of users 10 to 13. */
  const batches = [0n, 1n, 2n, 3n].map((offset): ApplyBatch => ({
    ...batchAt(offset),
    expectedOffset: offset === 0n ? null : offset,
    entries: [at(request(1, 10 + Number(offset)), offset)],
  }));

  describe('batches that do not wait for one another', () => {
    it('are applied in their order', async () => {
      const { store } = await start();

      const results = await Promise.all(batches.map((batch) => store.applyBatch(batch)));

      expect(results).toMatchObject(
        [1, 2, 3, 4].map((sequence) => ({ kind: 'applied', applied: [{ sequence }] })),
      );
    });

    it('are fenced behind one that is refused', async () => {
      const { store, refuseUser } = await start();
      await refuseUser(12);

      const results = await Promise.allSettled(batches.map((batch) => store.applyBatch(batch)));

      expect(results).toMatchObject([
        { value: { kind: 'applied' } },
        { value: { kind: 'applied' } },
        { status: 'rejected' },
        { value: { kind: 'fenced', nextOffset: 2n } },
      ]);
    });
  });
}

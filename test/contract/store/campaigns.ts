import { describe, expect, it } from 'vitest';
import { NOW_MS, PartitionLog, request, TERMS, type OpenStore } from './log.js';
import { contentsOf } from '../../support/stores/store-contents.js';

export function campaignContract(open: OpenStore): void {
  const openStore = async () => (await open({ clock: () => NOW_MS })).store;

  describe('creating a campaign', () => {
    it('keeps its terms as given', async () => {
      const store = await openStore();
      const terms = {
        name: 'Black Friday 🎉',
        totalQuantity: 3,
        status: 'INACTIVE',
        validFromMs: -1,
        validUntilMs: NOW_MS,
      } as const;
      const campaign = { couponId: 7, ...terms, issuedQuantity: 0, version: 1 };

      expect(await store.createCampaign(7, terms)).toEqual({ kind: 'done', campaign });

      expect(await store.campaign(7)).toEqual(campaign);
      const { versions } = await contentsOf(store);
      expect(versions).toEqual([
        { couponId: 7, version: 1, ...terms, createdAtMs: NOW_MS, changedBy: null },
      ]);
    });

    it('leaves one that exists as it is', async () => {
      const store = await openStore();
      await store.createCampaign(7, TERMS);
      const before = await contentsOf(store);

      const again = await store.createCampaign(7, { ...TERMS, totalQuantity: 5 });

      expect(again).toEqual({ kind: 'exists', campaign: before.campaigns[0] });
      expect(await contentsOf(store)).toEqual(before);
    });

    it('refuses a window that ends before it starts', async () => {
      const store = await openStore();
      const terms = { ...TERMS, validFromMs: 2, validUntilMs: 1 };

      expect(await store.createCampaign(7, terms)).toEqual({
        kind: 'empty-window',
        campaign: terms,
      });
      expect(await store.campaign(7)).toBeNull();
    });

    it('takes a window of one instant', async () => {
      const store = await openStore();

      const created = await store.createCampaign(7, { ...TERMS, validFromMs: 1, validUntilMs: 1 });

      expect(created.kind).toBe('done');
    });

    it('lists campaigns by their coupon', async () => {
      const store = await openStore();
      for (const couponId of [10, 9, 100]) await store.createCampaign(couponId, TERMS);

      expect((await store.campaigns()).map(({ couponId }) => couponId)).toEqual([9, 10, 100]);
    });
  });

  describe('changing a campaign', () => {
    it('changes what is given and remembers the terms before', async () => {
      const store = await openStore();
      await store.createCampaign(7, { ...TERMS, name: 'Spring', validFromMs: 5 });

      const changed = await store.updateCampaign(7, { totalQuantity: 1, validFromMs: null });

      const terms = { ...TERMS, name: 'Spring', totalQuantity: 1 };
      const campaign = { couponId: 7, ...terms, issuedQuantity: 0, version: 2 };
      expect(changed).toEqual({ kind: 'done', campaign });
      expect(await store.campaign(7)).toEqual(campaign);
      expect((await contentsOf(store)).versions).toMatchObject([
        { version: 1, name: 'Spring', totalQuantity: 100, validFromMs: 5 },
        { version: 2, name: 'Spring', totalQuantity: 1, validFromMs: null },
      ]);
    });

    it('makes no new version of the same terms', async () => {
      const store = await openStore();
      await store.createCampaign(7, TERMS);
      const before = await contentsOf(store);

      expect(await store.updateCampaign(7, { ...TERMS })).toMatchObject({ kind: 'done' });
      expect(await store.updateCampaign(7, {})).toMatchObject({ kind: 'done' });

      expect(await contentsOf(store)).toEqual(before);
    });

    it('keeps what is issued, and issues on under the new terms', async () => {
      const store = await openStore();
      const log = new PartitionLog(store);
      await store.createCampaign(7, { ...TERMS, totalQuantity: 1 });
      await log.apply(request(7, 1), request(7, 2));
      await store.updateCampaign(7, { totalQuantity: 2 });

      expect(await log.apply(request(7, 2))).toMatchObject([{ outcome: 'ISSUED', sequence: 2 }]);

      const { outcomes } = await contentsOf(store);
      expect(outcomes.map((row) => [row.outcome, row.campaignVersion])).toEqual([
        ['ISSUED', 1],
        ['SOLD_OUT', 1],
        ['ISSUED', 2],
      ]);
    });

    it('takes stock down to what is issued, never below', async () => {
      const store = await openStore();
      await store.createCampaign(7, TERMS);
      await new PartitionLog(store).apply(request(7, 1), request(7, 2));
      const before = await contentsOf(store);

      expect(await store.updateCampaign(7, { totalQuantity: 1, status: 'INACTIVE' })).toEqual({
        kind: 'below-issued',
        campaign: before.campaigns[0],
      });
      expect(await contentsOf(store)).toEqual(before);
      expect(await store.updateCampaign(7, { totalQuantity: 2 })).toMatchObject({ kind: 'done' });
    });

    it('refuses a window that would end before it starts', async () => {
      const store = await openStore();
      await store.createCampaign(7, { ...TERMS, validUntilMs: 10 });
      const before = await contentsOf(store);

      expect(await store.updateCampaign(7, { validFromMs: 11 })).toEqual({
        kind: 'empty-window',
        campaign: { ...TERMS, validFromMs: 11, validUntilMs: 10 },
      });
      expect(await contentsOf(store)).toEqual(before);
    });

    it('finds none', async () => {
      expect(await (await openStore()).updateCampaign(7, {})).toEqual({ kind: 'not-found' });
    });
  });
}

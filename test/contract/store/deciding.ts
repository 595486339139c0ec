import { describe, expect, it } from 'vitest';
import type { CampaignTerms } from '../../../src/coupon/campaign.js';
import { NOW_MS, PartitionLog, request, TERMS, type OpenStore } from './log.js';
import { contentsOf } from '../../support/stores/store-contents.js';

export function decidingContract(open: OpenStore): void {
  const start = async (terms: Partial<CampaignTerms> = {}) => {
    const { store } = await open({ clock: () => NOW_MS });
    await store.createCampaign(1, { ...TERMS, ...terms });
    return { store, log: new PartitionLog(store) };
  };

  describe('deciding', () => {
    it('issues to the first who ask, numbered from 1, until the stock is gone', async () => {
      const { store, log } = await start({ totalQuantity: 2 });

      const applied = await log.apply(request(1, 42), request(1, 43), request(1, 44));

      expect(applied).toEqual([
        { outcome: 'ISSUED', repeated: false, sequence: 1 },
        { outcome: 'ISSUED', repeated: false, sequence: 2 },
        { outcome: 'SOLD_OUT', repeated: false, sequence: null },
      ]);
      expect(await store.campaign(1)).toMatchObject({ issuedQuantity: 2, totalQuantity: 2 });
    });

    it('goes on with the next sequence number in the next batch', async () => {
      const { log } = await start();

      await log.apply(request(1, 42));

      expect(await log.apply(request(1, 43))).toMatchObject([{ outcome: 'ISSUED', sequence: 2 }]);
    });

    it('keeps what was issued: to whom, when, for which event and from which record', async () => {
      const { store, log } = await start();

      await log.apply(request(1, 42, { eventId: 'a' }));
      await log.apply(request(1, 43, { eventId: 'b', timestampMs: 5 }));

      const topic = 'coupon-issue-requests';
      const issuedAtMs = NOW_MS;
      expect((await contentsOf(store)).issued).toEqual([
        {
          ...{ couponId: 1, userId: 42, sequence: 1, eventId: 'a', issuedAtMs },
          position: { topic, partition: 0, offset: 0n },
        },
        {
          ...{ couponId: 1, userId: 43, sequence: 2, eventId: 'b', issuedAtMs },
          position: { topic, partition: 0, offset: 1n },
        },
      ]);
    });

    it('gives a user one coupon, in one batch or another, even when nothing is left', async () => {
      const { log } = await start({ totalQuantity: 1 });

      expect(await log.outcomes(request(1, 42), request(1, 42))).toEqual(['ISSUED', 'DUPLICATE']);
      expect(await log.outcomes(request(1, 42), request(1, 43))).toEqual(['DUPLICATE', 'SOLD_OUT']);
    });

    it('lets a user hold coupons of several campaigns', async () => {
      const { store, log } = await start();
      await store.createCampaign(2, TERMS);

      expect(await log.apply(request(1, 42), request(2, 42))).toMatchObject([
        { outcome: 'ISSUED', sequence: 1 },
        { outcome: 'ISSUED', sequence: 1 },
      ]);
    });

    it('finds no campaign, until there is one', async () => {
      const { store, log } = await start();

      expect(await log.outcomes(request(2, 42))).toEqual(['NOT_FOUND']);
      await store.createCampaign(2, TERMS);
      expect(await log.outcomes(request(2, 42))).toEqual(['ISSUED']);
    });

    it('issues nothing of a campaign that is inactive', async () => {
      const { log } = await start({ status: 'INACTIVE' });

      expect(await log.outcomes(request(1, 42))).toEqual(['INACTIVE']);
    });

    it('judges the window, both ends in it, by the timestamp of the record', async () => {
      const { log } = await start({ validFromMs: 1000, validUntilMs: 2000 });
      const atMs = (timestampMs: number) => request(1, timestampMs, { timestampMs });

      expect(await log.outcomes(...[999, 1000, 2000, 2001].map(atMs))).toEqual([
        'NOT_STARTED',
        'ISSUED',
        'ISSUED',
        'EXPIRED',
      ]);
    });

    it('knows the largest coupon and user there can be', async () => {
      const { store, log } = await start();
      const max = Number.MAX_SAFE_INTEGER;
      await store.createCampaign(max, { ...TERMS, totalQuantity: max });

      await log.apply(request(max, max), request(max, max - 1));

      expect((await contentsOf(store)).issued).toMatchObject([
        { couponId: max, userId: max, sequence: 1 },
        { couponId: max, userId: max - 1, sequence: 2 },
      ]);
    });
  });

  describe('a request that comes again', () => {
    const again = { eventId: 'a' };
    const issuedBefore = { outcome: 'ISSUED', repeated: true, sequence: null };

    it('gets its outcome back within the same batch', async () => {
      const { log } = await start();

      expect(await log.apply(request(1, 42, again), request(1, 42, again))).toEqual([
        { outcome: 'ISSUED', repeated: false, sequence: 1 },
        issuedBefore,
      ]);
    });

    it.each([
      ['the next batch', {}],
      ['another partition', { partition: 1 }],
      ['another topic', { topic: 'elsewhere' }],
      ['another group', { group: 'elsewhere' }],
      ['another cluster', { clusterId: 'elsewhere' }],
    ])('gets its outcome back in %s, and writes nothing', async (_, elsewhere) => {
      const { store, log } = await start();
      await log.apply(request(1, 42, again));
      const before = await contentsOf(store);
      const other = Object.keys(elsewhere).length === 0 ? log : new PartitionLog(store, elsewhere);

      expect(await other.apply(request(1, 42, again))).toEqual([issuedBefore]);

      const after = await contentsOf(store);
      expect({ ...after, positions: [] }).toEqual({ ...before, positions: [] });
    });

    it('keeps its outcome though the campaign has changed', async () => {
      const { store, log } = await start({ totalQuantity: 0 });
      expect(await log.outcomes(request(1, 42, again))).toEqual(['SOLD_OUT']);
      await store.updateCampaign(1, { totalQuantity: 10 });

      expect(await log.apply(request(1, 42, again))).toEqual([
        { outcome: 'SOLD_OUT', repeated: true, sequence: null },
      ]);
      expect(await store.campaign(1)).toMatchObject({ issuedQuantity: 0 });
    });

    it('keeps that outcome, though the user got the coupon by another request', async () => {
      const { store, log } = await start({ totalQuantity: 0 });
      await log.apply(request(1, 42, again));
      await store.updateCampaign(1, { totalQuantity: 10 });
      expect(await log.outcomes(request(1, 42))).toEqual(['ISSUED']);

      expect(await log.apply(request(1, 42, again))).toEqual([
        { outcome: 'SOLD_OUT', repeated: true, sequence: null },
      ]);
    });

    it('is a request of its own where another user or coupon is named in it', async () => {
      const { store, log } = await start();
      await store.createCampaign(2, TERMS);

      const first = await log.apply(request(1, 42, again), request(1, 43, again));
      const second = await log.apply(request(2, 42, again), request(1, 44, again));

      expect(first).toMatchObject([{ sequence: 1 }, { sequence: 2 }]);
      expect(second).toMatchObject([{ sequence: 1 }, { sequence: 3 }]);
      expect(await store.outcomesOf(1, 43)).toMatchObject([{ eventId: 'a', outcome: 'ISSUED' }]);
    });

    it('does not use up a sequence number', async () => {
      const { log } = await start();

      const applied = await log.apply(request(1, 42, again), request(1, 42, again), request(1, 43));

      expect(applied.map(({ sequence }) => sequence)).toEqual([1, null, 2]);
    });
  });
}

import { describe, expect, it } from 'vitest';
import type { CouponStore } from '../../../src/ports/coupon-store.js';
import { all, contentsOf } from '../../support/stores/store-contents.js';
import {
  NOW_MS,
  PartitionLog,
  request,
  SOURCE,
  TERMS,
  type NewEntry,
  type OpenStore,
} from './log.js';

const { topic } = SOURCE;

export function snapshotContract(open: OpenStore): void {
  const start = async () => {
    const { store } = await open({ clock: () => NOW_MS });
    await store.createCampaign(1, TERMS);
    return { store, log: new PartitionLog(store) };
  };
  const letterOf = (userId: number): NewEntry => ({
    kind: 'dead-letter',
    reasonCode: 'UNEXPECTED_ERROR',
    request: { eventId: 'dead', couponId: 1, userId },
  });
  const offsetsIn = (store: CouponStore, partition: number) =>
    store.snapshot(async (snapshot) => {
      const rows = await all(snapshot.outcomesInLog(topic, partition));
      return rows.map(({ position, outcome }) => [position.offset, outcome]);
    });

  describe('a snapshot', () => {
    it('shows one state, whatever is applied meanwhile', async () => {
      const { store, log } = await start();
      await log.apply(request(1, 1), request(1, 2));

      await store.snapshot(async (snapshot) => {
        await log.apply(request(1, 3));
        await store.createCampaign(2, TERMS);
        expect(await snapshot.positions()).toMatchObject([{ nextOffset: 2n }]);
        expect(await snapshot.campaigns()).toMatchObject([{ couponId: 1, issuedQuantity: 2 }]);
        expect(await snapshot.versions()).toMatchObject([{ couponId: 1, version: 1 }]);
        expect(await all(snapshot.outcomesApplied())).toHaveLength(2);
        expect(await all(snapshot.outcomesInLog(topic, 0))).toHaveLength(2);
        expect(await snapshot.outcomesOf(1, 3)).toEqual([]);
      });

      expect((await contentsOf(store)).outcomes).toHaveLength(3);
    });

    it('is over when its reader fails, in the middle of its rows or not', async () => {
      const { store, log } = await start();
      await log.apply(request(1, 1));
      const failure = new Error('no more');

      const reading = store.snapshot(async (snapshot) => {
        const rows = snapshot.outcomesInLog(topic, 0)[Symbol.asyncIterator]();
        await rows.next();
        throw failure;
      });

      await expect(reading).rejects.toBe(failure);
      expect(await log.outcomes(request(1, 2))).toEqual(['ISSUED']);
      await store.close();
    });

    it('gives the outcomes of one partition in the order of its log, page by page', async () => {
      const { store, log } = await start();
      const elsewhere = new PartitionLog(store, { partition: 2 });
      await log.apply(letterOf(1), ...users(2500).map((user) => request(1, user + 1)));
      await elsewhere.apply(request(1, 9000));
      await new PartitionLog(store, { topic: 'another', partition: 5 }).apply(request(1, 9001));
      // Read again from its start: what was dead-lettered is decided now, after all others.
      await store.forgetPositions(SOURCE.group, topic);
      await new PartitionLog(store).apply(request(1, 1, { eventId: 'dead' }));

      const inLog = await offsetsIn(store, 0);
      expect(inLog.slice(0, 3)).toEqual([
        [0n, 'DEAD_LETTERED'],
        [0n, 'SOLD_OUT'],
        [1n, 'ISSUED'],
      ]);
      expect(inLog.map(([offset]) => offset).slice(1)).toEqual(
        Array.from({ length: 2501 }, (_, offset) => BigInt(offset)),
      );
      expect(await offsetsIn(store, 2)).toHaveLength(1);
      expect(await offsetsIn(store, 1)).toEqual([]);
      expect(await store.snapshot((snapshot) => snapshot.partitionsOf(topic))).toEqual([0, 2]);
      expect(await store.snapshot((snapshot) => snapshot.partitionsOf('missing'))).toEqual([]);
    });

    it('gives all outcomes in the order of applying, with what came before them', async () => {
      const { store, log } = await start();
      await new PartitionLog(store, { partition: 1 }).apply(request(1, 7));
      await log.apply(letterOf(8), request(2, 7), request(1, 8), request(1, 7), request(1, 8));

      const rows = await store.snapshot((snapshot) => all(snapshot.outcomesApplied()));

      expect(
        rows.map((row) => [row.id, row.userId, row.outcome, row.sequence, row.heldBefore]),
      ).toEqual([
        [1, 7, 'ISSUED', 1, false],
        [2, 8, 'DEAD_LETTERED', null, false],
        [3, 7, 'NOT_FOUND', null, false],
        [4, 8, 'ISSUED', 2, false],
        [5, 7, 'DUPLICATE', null, true],
        [6, 8, 'DUPLICATE', null, true],
      ]);
      expect(rows.filter(({ decidedBefore }) => decidedBefore)).toEqual([]);
    });

    it('finds the final outcome of a request: the same coupon, user and eventId', async () => {
      const { store, log } = await start();
      await log.apply(letterOf(3));
      await log.apply(...[1, 2, 1].map((user) => request(1, user, { eventId: `e${user}` })));
      await log.apply(request(1, 1, { eventId: 'another' }));

      const found = await store.snapshot((snapshot) =>
        snapshot.decisionsOf([
          { couponId: 1, userId: 1, eventId: 'another' },
          { couponId: 1, userId: 2, eventId: 'e1' },
          { couponId: 2, userId: 2, eventId: 'e2' },
          { couponId: 1, userId: 2, eventId: 'e2' },
          { couponId: 1, userId: 3, eventId: 'dead' },
        ]),
      );

      expect(found.map((row) => row && [row.outcome, row.position.offset])).toEqual([
        ['DUPLICATE', 4n],
        null,
        null,
        ['ISSUED', 2n],
        null,
      ]);
    });

    it('gives eventIds as they were, and knows of no version before', async () => {
      const { store, log } = await start();
      const uuid = '0123abcd-4567-89ef-0000-ffffffffffff';
      const eventIds = [uuid, uuid.toUpperCase(), uuid.replaceAll('-', ''), 'b', 't1'];
      await log.apply(...eventIds.map((eventId, index) => request(1, index + 1, { eventId })));

      await store.snapshot(async (snapshot) => {
        const applied = await all(snapshot.outcomesApplied());
        expect(applied.map(({ eventId }) => eventId)).toEqual(eventIds);
        const inLog = await all(snapshot.outcomesInLog(topic, 0));
        expect(inLog.map(({ eventId }) => eventId)).toEqual(eventIds);
        expect(await snapshot.lastIdOf01()).toBe(0);
      });
    });

    it('knows which records were dead-lettered', async () => {
      const { store, log } = await start();
      await log.apply(letterOf(1), request(1, 1), letterOf(2));
      const records = [0n, 1n, 2n].map((offset) => ({ offset, timestampMs: NOW_MS }));

      const known = await store.snapshot((snapshot) =>
        snapshot.deadLettered({ topic, partition: 0 }, records),
      );

      expect([...known]).toEqual([0n, 2n]);
    });
  });
}

const users = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

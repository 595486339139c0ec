import { describe, expect, it } from 'vitest';
import { NOW_MS, PartitionLog, request, TERMS, type NewEntry, type OpenStore } from './log.js';
import { contentsOf } from '../../support/stores/store-contents.js';

/** Laws 5 and 6 of CouponStore. */
export function forwardContract(open: OpenStore): void {
  const start = async () => {
    const { store } = await open({ clock: () => NOW_MS });
    await store.createCampaign(1, TERMS);
    return { store, log: new PartitionLog(store) };
  };
  const deadLetter: NewEntry = {
    kind: 'dead-letter',
    reasonCode: 'MALFORMED_JSON',
    request: null,
  };

  describe('a position', () => {
    it.each([
      ['back', 1n],
      ['nowhere', 3n],
    ])('never goes %s: nothing is written', async (_where, nextOffset) => {
      const { store, log } = await start();
      await log.apply(request(1, 41), request(1, 42), request(1, 43));
      const before = await contentsOf(store);
      const [position] = before.positions;
      if (position === undefined) throw new Error('there is no position');
      const { nextOffset: expectedOffset, lastApplied, ...source } = position;

      const batch = { source, expectedOffset, entries: [], nextOffset, lastApplied };
      await expect(store.applyBatch(batch)).rejects.toThrow(RangeError);

      expect(await contentsOf(store)).toEqual(before);
    });

    it('is behind every record of its batch, which come in their order', async () => {
      const { store, log } = await start();
      await log.apply(request(1, 41));
      const [position] = (await contentsOf(store)).positions;
      if (position === undefined) throw new Error('there is no position');
      const { lastApplied, nextOffset: expectedOffset, ...source } = position;
      const entryAt = (offset: bigint) => ({
        ...deadLetter,
        offset,
        timestampMs: NOW_MS,
      });
      for (const offsets of [[0n], [2n, 1n], [1n, 1n], [4n]]) {
        const entries = offsets.map(entryAt);
        const batch = { source, expectedOffset, entries, nextOffset: 4n, lastApplied };
        await expect(store.applyBatch(batch), offsets.join()).rejects.toThrow(RangeError);
      }
      expect((await contentsOf(store)).outcomes).toHaveLength(1);
    });
  });

  describe('a record that is dead-lettered and read again', () => {
    it('is known by its position and timestamp', async () => {
      const { store, log } = await start();
      const { topic, partition } = log.source;
      await log.apply(deadLetter, request(1, 42), deadLetter);
      const timestampMs = NOW_MS;
      const records = [0n, 1n, 2n, 3n].map((offset) => ({ offset, timestampMs }));

      expect(await store.deadLettered({ topic, partition }, records)).toEqual(new Set([0n, 2n]));

      for (const [place, record] of [
        [{ topic: 'other', partition }, {}],
        [{ topic, partition: 1 }, {}],
        [{ topic, partition }, { timestampMs: NOW_MS + 1 }],
      ] as const) {
        const others = records.map((r) => ({ ...r, ...record }));
        expect(await store.deadLettered(place, others)).toEqual(new Set());
      }
    });

    it('keeps its one row', async () => {
      const { store, log } = await start();
      const user42 = request(1, 42);
      await log.apply(deadLetter, user42);
      const before = await contentsOf(store);
      await store.forgetPositions('coupon-issue-group', 'coupon-issue-requests');

      const again = new PartitionLog(store);
      expect(await again.apply(deadLetter, user42)).toEqual([
        { outcome: 'DEAD_LETTERED', repeated: false, sequence: null },
        { outcome: 'ISSUED', repeated: true, sequence: null },
      ]);
      expect((await contentsOf(store)).outcomes).toEqual(before.outcomes);
    });
  });
}

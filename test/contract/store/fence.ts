import { describe, expect, it } from 'vitest';
import { StoreUnavailableError } from '../../../src/ports/coupon-store.js';
import { batchAt, NOW_MS, PartitionLog, request, SOURCE, TERMS, type OpenStore } from './log.js';
import { contentsOf } from '../../support/stores/store-contents.js';

export function fenceContract(open: OpenStore): void {
  const start = async () => {
    const { store, refuseUser } = await open({ clock: () => NOW_MS });
    await store.createCampaign(1, TERMS);
    return { store, refuseUser, log: new PartitionLog(store) };
  };

  describe('the fence', () => {
    it('moves the source on and remembers the last record', async () => {
      const { store, log } = await start();

      await log.apply(request(1, 42), request(1, 43));

      expect(await store.positions(SOURCE.group, SOURCE.topic)).toEqual([
        {
          ...SOURCE,
          nextOffset: 2n,
          lastApplied: { offset: 1n, timestampMs: NOW_MS, checksum: 0xfeedbeef },
        },
      ]);
    });

    it('turns a zombie away, who writes nothing and learns where the source stands', async () => {
      const { store, log } = await start();
      const zombie = new PartitionLog(store);
      await log.apply(request(1, 42));
      await zombie.tryApply(request(1, 42));
      const before = await contentsOf(store);

      const result = await zombie.tryApply(request(1, 43), request(1, 44), request(2, 1));

      expect(result).toEqual({ kind: 'fenced', nextOffset: 1n });
      expect(await contentsOf(store)).toEqual(before);
    });

    it('turns away who expects a source at another offset, behind or ahead', async () => {
      const { store, log } = await start();
      await log.apply(request(1, 42), request(1, 43));

      for (const expectedOffset of [0n, 1n, 3n]) {
        const result = await store.applyBatch(batchAt(expectedOffset));
        expect(result).toEqual({ kind: 'fenced', nextOffset: 2n });
      }
    });

    it('turns away who expects an offset of a source it does not know', async () => {
      const { store } = await start();

      const result = await store.applyBatch(batchAt(5n));

      expect(result).toEqual({ kind: 'fenced', nextOffset: null });
      expect(await store.positions(SOURCE.group, SOURCE.topic)).toEqual([]);
    });

    it('keeps sources apart by cluster, group, topic and partition', async () => {
      const { store, log } = await start();
      await log.apply(request(1, 42));
      for (const elsewhere of [
        { clusterId: 'b' },
        { group: 'b' },
        { topic: 'b' },
        { partition: 1 },
      ])
        await new PartitionLog(store, elsewhere, 7n).apply(request(1, 43));

      const { positions } = await contentsOf(store);

      expect(
        positions.map((p) => [p.clusterId, p.group, p.topic, p.partition, p.nextOffset]),
      ).toEqual([
        ['b', 'coupon-issue-group', 'coupon-issue-requests', 0, 8n],
        ['cluster-a', 'b', 'coupon-issue-requests', 0, 8n],
        ['cluster-a', 'coupon-issue-group', 'b', 0, 8n],
        ['cluster-a', 'coupon-issue-group', 'coupon-issue-requests', 0, 1n],
        ['cluster-a', 'coupon-issue-group', 'coupon-issue-requests', 1, 8n],
      ]);
    });

    it('may skip offsets that hold no record', async () => {
      const { store, log } = await start();
      await log.apply(request(1, 42));

      await store.applyBatch(batchAt(1n, 5n));

      expect(await store.positions(SOURCE.group, SOURCE.topic)).toMatchObject([
        { nextOffset: 5n, lastApplied: { offset: 1n } },
      ]);
    });
  });

  describe('forgetting how far it has read', () => {
    it('takes every partition and cluster of that group and topic, and no other', async () => {
      const { store, log } = await start();
      await log.apply(request(1, 42));
      await new PartitionLog(store, { partition: 1 }).apply(request(1, 43));
      await new PartitionLog(store, { clusterId: 'b' }).apply(request(1, 44));
      await new PartitionLog(store, { group: 'b' }).apply(request(1, 45));
      await new PartitionLog(store, { topic: 'b' }).apply(request(1, 46));

      expect(await store.forgetPositions(SOURCE.group, SOURCE.topic)).toBe(3);
      expect(await store.forgetPositions(SOURCE.group, SOURCE.topic)).toBe(0);

      const positions = await store.allPositions();
      expect(positions.map(({ group, topic }) => [group, topic])).toEqual([
        ['b', SOURCE.topic],
        [SOURCE.group, 'b'],
      ]);
    });

    it('lets the log be read again from its start, which changes nothing', async () => {
      const { store, log } = await start();
      const entries = [request(1, 42), request(1, 42), request(2, 42), request(1, 43)];
      await log.apply(...entries);
      const before = await contentsOf(store);
      await store.forgetPositions(SOURCE.group, SOURCE.topic);

      const applied = await new PartitionLog(store).apply(...entries);

      expect(applied.map(({ repeated }) => repeated)).toEqual([true, true, true, true]);
      expect(await contentsOf(store)).toEqual(before);
    });
  });

  describe('an error in a batch', () => {
    it('leaves nothing of the batch behind, and the next batch goes well', async () => {
      const { store, refuseUser, log } = await start();
      await log.apply(request(1, 41));
      const before = await contentsOf(store);
      await refuseUser(13);

      const failing = log.apply(request(1, 42), request(1, 41), request(1, 13), request(1, 43));

      await expect(failing).rejects.toThrow();
      await expect(failing).rejects.not.toBeInstanceOf(StoreUnavailableError);
      expect(await contentsOf(store)).toEqual(before);
      expect(await log.apply(request(1, 42))).toMatchObject([{ outcome: 'ISSUED', sequence: 2 }]);
    });

    it('leaves a source unknown that was not known before', async () => {
      const { store, refuseUser, log } = await start();
      await refuseUser(13);

      await expect(log.apply(request(1, 13))).rejects.toThrow();

      expect(await store.positions(SOURCE.group, SOURCE.topic)).toEqual([]);
    });
  });

  it('is no record’s fault when the store is closed', async () => {
    const { store, log } = await start();
    await store.close();

    const closed = { name: 'StoreUnavailableError', code: 'STORE_CLOSED' };
    await expect(log.apply(request(1, 42))).rejects.toMatchObject(closed);
    await expect(store.campaigns()).rejects.toMatchObject(closed);
  });
}

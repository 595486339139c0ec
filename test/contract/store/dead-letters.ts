import { describe, expect, it } from 'vitest';
import { NOW_MS, PartitionLog, request, TERMS, type NewEntry, type OpenStore } from './log.js';
import { contentsOf } from '../../support/stores/store-contents.js';

export function deadLetterContract(open: OpenStore): void {
  const start = async () => {
    const { store } = await open({ clock: () => NOW_MS });
    await store.createCampaign(1, TERMS);
    return { store, log: new PartitionLog(store) };
  };
  const identity = { eventId: 'a', couponId: 1, userId: 42 };
  const letter: NewEntry = {
    kind: 'dead-letter',
    reasonCode: 'UNEXPECTED_ERROR',
    request: identity,
  };
  const replay = request(1, 42, { eventId: 'a' });
  const deadLettered = { outcome: 'DEAD_LETTERED', repeated: false, sequence: null };

  describe('a dead letter', () => {
    it('leaves a row that says why, and whose request it was', async () => {
      const { store, log } = await start();

      expect(await log.apply(letter)).toEqual([deadLettered]);

      expect(await store.outcomesOf(1, 42)).toEqual([
        {
          id: 1,
          ...identity,
          outcome: 'DEAD_LETTERED',
          reasonCode: 'UNEXPECTED_ERROR',
          campaignVersion: null,
          position: { topic: 'coupon-issue-requests', partition: 0, offset: 0n },
          timestampMs: NOW_MS,
        },
      ]);
      expect(await store.countIssued({})).toBe(0);
    });

    it('that could not be parsed leaves a row of nobody', async () => {
      const { store, log } = await start();

      await log.apply(
        { kind: 'dead-letter', reasonCode: 'MALFORMED_JSON', request: null },
        { kind: 'dead-letter', reasonCode: 'MALFORMED_JSON', request: null },
      );

      const nobody = { eventId: null, couponId: null, userId: null, outcome: 'DEAD_LETTERED' };
      expect((await contentsOf(store)).outcomes).toMatchObject([nobody, nobody]);
    });

    it('is decided anew when a replay brings it back, and then for good', async () => {
      const { store, log } = await start();
      await log.apply(letter);

      expect(await log.apply(replay, replay)).toEqual([
        { outcome: 'ISSUED', repeated: false, sequence: 1 },
        { outcome: 'ISSUED', repeated: true, sequence: null },
      ]);

      const rows = await store.outcomesOf(1, 42);
      expect(rows.map(({ outcome }) => outcome)).toEqual(['DEAD_LETTERED', 'ISSUED']);
    });

    it('is decided anew in the batch that it died in', async () => {
      const { log } = await start();

      expect(await log.outcomes(letter, replay, letter)).toEqual([
        'DEAD_LETTERED',
        'ISSUED',
        'DEAD_LETTERED',
      ]);
    });

    it('may die again', async () => {
      const { store, log } = await start();

      await log.apply(letter);
      await log.apply(letter);

      expect((await store.outcomesOf(1, 42)).map(({ id }) => id)).toEqual([1, 2]);
    });

    it('does not touch the outcome that its event had before', async () => {
      const { store, log } = await start();
      await log.apply(replay);

      expect(await log.apply(letter)).toEqual([deadLettered]);

      expect(await log.apply(replay)).toMatchObject([{ outcome: 'ISSUED', repeated: true }]);
      expect(await store.countIssued({ couponId: 1 })).toBe(1);
    });
  });
}

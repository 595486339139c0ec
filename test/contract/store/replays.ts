import { describe, expect, it } from 'vitest';
import type { LetterIdentity } from '../../../src/ports/replayed-letters.js';
import { NOW_MS, type OpenStore } from './log.js';
import { contentsOf } from '../../support/stores/store-contents.js';

const LETTER: LetterIdentity = {
  clusterId: 'cluster-a',
  topic: 'coupon-issue-dlq',
  partition: 0,
  offset: 2n ** 60n,
  timestampMs: NOW_MS,
  checksum: 0xfeedbeef,
};

export function replayContract(open: OpenStore): void {
  const openStore = async () => (await open({ clock: () => NOW_MS })).store;

  describe('a replayed letter', () => {
    it('is not remembered before it was replayed', async () => {
      expect(await (await openStore()).wasReplayed(LETTER)).toBe(false);
    });

    it('is remembered, and may be again', async () => {
      const store = await openStore();

      await store.rememberReplayed([LETTER, { ...LETTER, offset: 7n }]);
      await store.rememberReplayed([LETTER]);

      expect(await store.wasReplayed(LETTER)).toBe(true);
      expect(await store.wasReplayed({ ...LETTER, offset: 7n })).toBe(true);
    });

    it.each([
      ['another cluster', { clusterId: 'cluster-b' }],
      ['another topic', { topic: 'other-dlq' }],
      ['another partition', { partition: 1 }],
      ['another offset', { offset: 2n ** 60n + 1n }],
      ['a DLQ made anew, by its timestamp', { timestampMs: NOW_MS + 1 }],
      ['a DLQ made anew, by its checksum', { checksum: 1 }],
    ])('is not taken for that of %s', async (_, other) => {
      const store = await openStore();
      await store.rememberReplayed([LETTER]);

      expect(await store.wasReplayed({ ...LETTER, ...other })).toBe(false);
    });

    it('says when it was replayed last, beside those that never were', async () => {
      let nowMs = NOW_MS;
      const { store } = await open({ clock: () => nowMs });
      await store.rememberReplayed([LETTER, { ...LETTER, offset: 7n }]);
      nowMs += 60_000;
      await store.rememberReplayed([LETTER]);

      const asked = [{ ...LETTER, offset: 8n }, LETTER, { ...LETTER, offset: 7n }, LETTER];
      expect(await store.replayedAt(asked)).toEqual([null, nowMs, NOW_MS, nowMs]);
      expect(await store.replayedAt([])).toEqual([]);
    });

    it('is counted in the offsets that are there, but not where it is older than what is there', async () => {
      const store = await openStore();
      const letters = [3n, 4n, 5n, 9n].map((offset) => ({ ...LETTER, offset }));
      const ofDeletedTopic = { ...LETTER, offset: 4n, timestampMs: NOW_MS - 1 };
      const elsewhere = [
        { ...LETTER, offset: 4n, clusterId: 'cluster-b' },
        { ...LETTER, offset: 4n, topic: 'other-dlq' },
        { ...LETTER, offset: 4n, partition: 1 },
      ];
      await store.rememberReplayed([...letters, ofDeletedTopic, ...elsewhere]);

      const { clusterId, topic, partition } = LETTER;
      const range = { clusterId, topic, partition, fromOffset: 4n, toOffset: 9n, sinceMs: NOW_MS };
      expect(await store.countReplayed(range)).toBe(2);
      expect(await store.countReplayed({ ...range, toOffset: 10n })).toBe(3);
      expect(await store.countReplayed({ ...range, sinceMs: 0 })).toBe(3);
      expect(await store.countReplayed({ ...range, toOffset: 4n })).toBe(0);
    });

    it('is counted in the period in which it was replayed last', async () => {
      let nowMs = NOW_MS;
      const { store } = await open({ clock: () => nowMs });
      await store.rememberReplayed([LETTER, { ...LETTER, offset: 7n }]);
      await store.rememberReplayed([{ ...LETTER, topic: 'other-dlq' }]);
      nowMs += 60_000;
      await store.rememberReplayed([LETTER, { ...LETTER, partition: 1 }]);

      const within = (fromMs: number, toMs: number) =>
        store.countReplayedWithin(LETTER.topic, { fromMs, toMs });
      expect(await within(NOW_MS, nowMs)).toBe(1);
      expect(await within(NOW_MS, nowMs + 1)).toBe(3);
      expect(await within(NOW_MS + 1, nowMs)).toBe(0);
    });

    it('changes nothing that an audit sees', async () => {
      const store = await openStore();
      const before = await contentsOf(store);

      await store.rememberReplayed([LETTER]);

      expect(await contentsOf(store)).toEqual(before);
    });
  });
}

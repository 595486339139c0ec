import { describe, expect, it } from 'vitest';
import type { LetterIdentity } from '../../../src/ports/coupon-store.js';
import { NOW_MS, type OpenStore } from './log.js';
import { contentsOf } from '../../support/store-contents.js';

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

    it('changes nothing that an audit sees', async () => {
      const store = await openStore();
      const before = await contentsOf(store);

      await store.rememberReplayed([LETTER]);

      expect(await contentsOf(store)).toEqual(before);
    });
  });
}

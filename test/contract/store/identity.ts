import { describe, expect, it } from 'vitest';
import { NOW_MS, type OpenStore } from './log.js';

export function identityContract(open: OpenStore): void {
  const openStore = async () => (await open({ clock: () => NOW_MS })).store;

  describe('the identity of a store', () => {
    it('is a UUID and stays the same', async () => {
      const store = await openStore();

      const { id } = await store.identity();

      expect(id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
      expect(await store.identity()).toEqual({ id });
    });

    it('is another one in another store', async () => {
      expect(await (await openStore()).identity()).not.toEqual(
        await (await openStore()).identity(),
      );
    });
  });
}

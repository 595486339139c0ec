import { expect, it } from 'vitest';
import { UnreachableError } from '../../../../src/errors.js';
import type { CouponStore } from '../../../../src/ports/coupon-store.js';
import { CurrentStand } from '../../../../src/serve/console/current-stand.js';
import { MemoryStore } from '../../../support/memory/store.js';
import { VirtualClock } from '../../../support/clock/virtual.js';

const clock = new VirtualClock();

function stand(get: () => Promise<CouponStore>): CurrentStand {
  return new CurrentStand({ get }, '/coupons.db', clock);
}

it('says which store there is, and how far it has read', async () => {
  const store = new MemoryStore();
  const found = await clock.run(stand(() => Promise.resolve(store)).read());
  expect(found).toEqual({ id: (await store.identity()).id, path: '/coupons.db', positions: [] });
});

it('says nothing where there is no store', async () => {
  const missing = () => Promise.reject(new UnreachableError('STORE_NOT_FOUND', 'There is none.'));
  expect(await clock.run(stand(missing).read())).toBeNull();
});

it('does not wait for a store that hangs, and asks it once', async () => {
  let asked = 0;
  const hanging = stand(() => {
    asked += 1;
    return new Promise<never>(() => undefined);
  });
  const sinceMs = clock.now();
  expect(await clock.run(hanging.read())).toBeNull();
  expect(clock.now() - sinceMs).toBeLessThanOrEqual(1000);
  expect(await clock.run(hanging.read())).toBeNull();
  expect(asked).toBe(1);
});

import { expect, it } from 'vitest';
import { ReadStore } from '../../../src/readings/read-store.js';
import { PartitionLog, request } from '../../contract/store/log.js';
import { MemoryStore } from '../../support/memory/store.js';
import { MemoryAccess, proxied } from '../serve/console/console-world.js';

const LATER_MS = 60_000;

async function start() {
  const store = new MemoryStore();
  const log = new PartitionLog(store);
  await log.apply(request(1, 1));
  const access = new MemoryAccess(store);
  const time = { ms: 0 };
  const readStore = new ReadStore(access, { now: () => time.ms });
  return { store, log, access, time, readStore };
}

it('keeps the store open while consumers move on', async () => {
  const { log, access, time, readStore } = await start();
  await readStore.get();

  await log.apply(request(1, 2));
  time.ms += LATER_MS;
  await readStore.get();

  expect(access.opened).toBe(1);
});

it('opens it again where what is open is a copy that consumers have left behind', async () => {
  const { store, log, access, time, readStore } = await start();
  const positions = await store.allPositions();
  access.store = proxied(store, { allPositions: () => Promise.resolve(positions) });
  await readStore.get();
  access.store = store;

  time.ms += LATER_MS;
  await readStore.get();
  expect(access.opened).toBe(1);

  await log.apply(request(1, 2));
  time.ms += LATER_MS;
  await readStore.get();
  expect(access.opened).toBe(2);
});

it('opens it again where another store is in its place', async () => {
  const { access, time, readStore } = await start();
  await readStore.get();

  access.store = new MemoryStore();
  time.ms += LATER_MS;
  await readStore.get();

  expect(access.opened).toBe(2);
});

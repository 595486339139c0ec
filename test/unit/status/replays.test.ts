/** How many of the dead letters were replayed: a figure only where the store of the group says so. */
import { beforeEach, expect, it } from 'vitest';
import { DLQ_TOPIC } from '../../../src/coupon/topics.js';
import { letterIdentity } from '../../../src/dead-letters/letter-identity.js';
import { readNow } from '../../../src/status/parts.js';
import { LIMIT_MS, StatusWorld } from './status-world.js';

let world: StatusWorld;

/** Five dead letters, two of which were replayed. */
beforeEach(async () => {
  world = await StatusWorld.start();
  world.failLetters(5);
  const clusterId = await world.cluster.clusterId();
  const letters = [0n, 3n].map(async (offset) => {
    const letter = await world.cluster.recordAt({ topic: DLQ_TOPIC, partition: 0, offset });
    if (letter === null) throw new Error('there is no such dead letter');
    return letterIdentity(letter, clusterId);
  });
  await world.store.rememberReplayed(await Promise.all(letters));
});

const replays = async () => {
  const letters = readNow((await world.look()).parts.letters);
  return [letters?.total, letters?.replayed, letters?.replayedUnknown];
};

it('is what the store remembers', async () => {
  expect(await replays()).toEqual([5, 2, null]);
});

it('is not known without a store, and not from one that is not of the group', async () => {
  await world.commit(10n, { id: 'another' });
  expect(await replays()).toEqual([5, null, 'OFFSETS_OF_ANOTHER_STORE']);
  world.access.store = null;
  expect(await replays()).toEqual([5, null, 'STORE_NOT_FOUND']);
});

it('does not keep the dead letters waiting for a store that hangs', async () => {
  world.replaceStore({ countReplayed: () => new Promise<never>(() => undefined) });
  const startedMs = world.clock.now();
  expect(await replays()).toEqual([5, null, 'NO_ANSWER']);
  expect(world.clock.now() - startedMs).toBe(LIMIT_MS / 2);
});

it('is not asked for where there is no dead letter topic', async () => {
  await world.cluster.deleteTopics([DLQ_TOPIC]);
  expect(await replays()).toEqual([null, null, null]);
});

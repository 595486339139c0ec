import { describe, expect, it } from 'vitest';
import { StoreUnavailableError } from '../../../src/ports/coupon-store.js';
import { ask, drain, letters, newWorld, only, start, winners } from '../../support/consume-run.js';

const COMMIT_MS = 10;

describe('records of a partition, one a transaction', () => {
  it('share a commit, and are acknowledged in their order when it is over', async () => {
    const world = await newWorld({ faults: () => ({ commitMs: COMMIT_MS }) });
    ask(world, users(30));
    const startMs = world.clock.now();
    const { events } = await drain(world);

    const applied = only(events, 'applied');
    expect(applied.map(({ firstOffset }) => firstOffset)).toEqual(
      users(30).map((_, i) => BigInt(i)),
    );
    expect(applied.every(({ records }) => records === 1)).toBe(true);
    expect(new Set(applied.map(({ atMs }) => atMs - startMs))).toEqual(new Set([COMMIT_MS]));
  });

  it('wait for one that is refused: those behind it are sent again when it is done', async () => {
    const world = await newWorld({ faults: () => ({ commitMs: COMMIT_MS, failing: { 4: 1 } }) });
    ask(world, users(8));
    const { events, result } = await drain(world);

    const [retry] = only(events, 'retry');
    expect(only(events, 'retry')).toMatchObject([{ retry: 1, position: { offset: 3n } }]);
    const before = only(events, 'applied').filter(({ atMs }) => atMs < (retry?.atMs ?? 0) + 1000);
    expect(before.map(({ firstOffset }) => firstOffset)).toEqual([0n, 1n, 2n]);
    expect(result).toMatchObject({ records: 8, retries: 1, repeated: 0 });
    expect(await winners(world)).toEqual(users(8));
  });

  it('are dead-lettered on their own among others that are in flight', async () => {
    const world = await newWorld({
      faults: () => ({ commitMs: COMMIT_MS, failing: { 2: Infinity, 5: Infinity } }),
    });
    ask(world, users(6));
    world.log.append(0, { value: Buffer.from('?') });
    ask(world, [7]);
    const { result } = await drain(world);

    expect(await winners(world)).toEqual([1, 3, 4, 6, 7]);
    expect(letters(world).map(({ retryCount }) => retryCount)).toEqual([3, 3, 0]);
    expect(result).toMatchObject({ records: 8, retries: 6, deadLettered: 3 });
  });

  it('are committed to Kafka all the same when the run is stopped while they are in flight', async () => {
    const world = await newWorld({ faults: () => ({ commitMs: COMMIT_MS }) });
    ask(world, users(20));
    const stop = new AbortController();
    world.clock.after(COMMIT_MS / 2, () => {
      stop.abort();
    });
    const run = start(world, { signal: stop.signal });
    const { records } = await world.clock.run(run.summary);

    expect(records).toBe(20);
    expect(world.group.committed.get(0)).toBe(20n);
    expect(only(run.events, 'stopping')).toMatchObject([{ why: 'asked to stop', onTheWay: 20 }]);
  });
});

describe('slices behind one that the store could not take', () => {
  it.each(['single', 'batch'] as const)('are sent again behind it, in mode %s', async (mode) => {
    const world = await newWorld({ faults: () => ({ commitMs: COMMIT_MS }) });
    ask(world, users(20));
    const { store } = world;
    const applyBatch = store.applyBatch.bind(store);
    let failures = 0;
    store.applyBatch = async (batch) => {
      if (batch.entries[0]?.offset !== 4n || failures > 0) return applyBatch(batch);
      failures += 1;
      await world.clock.wait(COMMIT_MS);
      throw new StoreUnavailableError('STORE_FULL', 'the disk is full');
    };
    const { events, result } = await drain(world, { mode, batchSize: 4 });

    expect(failures).toBe(1);
    expect(only(events, 'outage')).toMatchObject([{ what: 'the store' }]);
    expect(only(events, 'fenced')).toEqual([]);
    expect(result).toMatchObject({ records: 20, repeated: 0, retries: 0 });
    expect(await winners(world)).toEqual(users(20));
  });
});

describe('a record whose dead letter is in the store', () => {
  it.each(['single', 'batch'] as const)(
    'is not sent to the DLQ again when the log is read again, in mode %s',
    async (mode) => {
      const world = await newWorld({ faults: () => ({ failing: { 2: Infinity } }) });
      ask(world, users(3));
      world.log.append(0, { value: Buffer.from('?') });
      await drain(world, { mode });
      const before = letters(world);
      expect(before).toHaveLength(2);

      await world.store.forgetPositions('coupon-issue-group', world.log.topic);
      world.group.committed.clear();
      const { result, events } = await drain(world, { mode });

      expect(letters(world)).toEqual(before);
      expect(only(events, 'dead-letter')).toEqual([]);
      expect(result).toMatchObject({ records: 4, deadLettered: 2 });
    },
  );
});

/** From 1 on. */
function users(count: number): number[] {
  return Array.from({ length: count }, (_unused, index) => index + 1);
}

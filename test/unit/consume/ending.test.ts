import { describe, expect, it } from 'vitest';
import { ask, drain, letters, newWorld, only, start, winners } from '../../support/consume-run.js';
import { MemoryGroup } from '../../support/memory/group.js';

describe('--max-records', () => {
  it.each(['single', 'batch'] as const)(
    'applies exactly so many over several members in mode %s',
    async (mode) => {
      for (const maxRecords of [1, 2, 7, 10, 29]) {
        const world = await newWorld({ partitions: 3, turnMs: 1 });
        for (const partition of [0, 1, 2]) ask(world, users(partition), partition);
        const run = start(world, { mode, maxRecords, concurrency: 3, batchSize: 4 });
        const result = await world.clock.run(run.summary);

        expect(result.records).toBe(maxRecords);
        expect(await winners(world)).toHaveLength(maxRecords);
        expect(await world.group.lag()).toBe(BigInt(30 - maxRecords));
      }
    },
  );

  it('counts a record that fails when it is dead-lettered, and not before', async () => {
    const world = await newWorld({ partitions: 2, faults: () => ({ failing: { 1: Infinity } }) });
    ask(world, users(0), 0);
    ask(world, users(1), 1);
    const startMs = world.clock.now();
    const run = start(world, { mode: 'batch', maxRecords: 11, concurrency: 2, batchSize: 6 });
    const result = await world.clock.run(run.summary);

    expect(result).toMatchObject({ records: 11, deadLettered: 1, retries: 3 });
    expect(world.clock.now() - startMs).toBeLessThan(6100);
    expect(letters(world)).toHaveLength(1);
  });
});

describe('--until-drained', () => {
  it('ends at once where there is nothing to do', async () => {
    const world = await newWorld({ partitions: 2 });
    const { result, events } = await drain(world, { concurrency: 2 });
    expect(result).toMatchObject({
      ...{ records: 0, firstRecordMs: null, lastCommitMs: null, elapsedMs: 0 },
      latencyMs: { p50: null, p99: null },
    });
    expect(only(events, 'stopping').map(({ why }) => why)).toEqual(['drained']);
  });

  it('reads what a new store lacks, though the group has read it before', async () => {
    const old = await newWorld();
    ask(old, users(0));
    await drain(old);
    const { store } = await newWorld();
    const group = new MemoryGroup({ log: old.log, clock: old.clock, joinMs: 3000 });
    group.committed.set(0, 10n);
    const world = { ...old, store, group };
    const { result } = await drain(world);

    expect(result.records).toBe(10);
    expect(await winners(world)).toEqual(users(0));
  });

  it('passes over transaction markers at the end of the log', async () => {
    const world = await newWorld();
    ask(world, [1]);
    world.log.appendMarker(0);
    await drain(world);
    expect(world.group.committed.get(0)).toBe(2n);

    world.log.appendMarker(0);
    const { result } = await drain(world);
    expect(result.records).toBe(0);
    ask(world, [2]);
    await drain(world);
    expect(await winners(world)).toEqual([1, 2]);
  });
});

describe('a run that is stopped', () => {
  it('ends before it begins where it was stopped already', async () => {
    const world = await newWorld();
    ask(world, [1]);
    const run = start(world, { signal: AbortSignal.abort() });
    expect((await world.clock.run(run.summary)).records).toBe(0);
    expect(only(run.events, 'assigned')).toEqual([]);
  });

  it('finishes and commits the transaction that it is in, and starts no other', async () => {
    const world = await newWorld({ turnMs: 10 });
    ask(world, users(0));
    const stop = new AbortController();
    world.clock.after(25, () => {
      stop.abort();
    });
    const run = start(world, { signal: stop.signal });
    const result = await world.clock.run(run.summary);

    expect(result.records).toBe(3);
    expect(await winners(world)).toEqual([0, 1, 2].map((user) => user + FIRST_USER));
    expect(world.group.committed.get(0)).toBe(3n);
  });

  it('says how long it worked, from the first record to the last commit', async () => {
    const world = await newWorld({ turnMs: 10 });
    world.clock.after(1000, () => {
      ask(world, users(0));
    });
    const run = start(world, { maxRecords: 10 });
    const startedMs = world.clock.now();
    expect(await world.clock.run(run.summary)).toMatchObject({
      ...{ firstRecordMs: startedMs + 1000, lastCommitMs: startedMs + 1090 },
      ...{ elapsedMs: 90, perSecond: 111 },
    });
  });
});

describe('the scheduler mode', () => {
  it('wakes every 5 seconds and takes up to 100 records, over all members', async () => {
    const world = await newWorld({ partitions: 2, stock: 1000 });
    ask(
      world,
      Array.from({ length: 150 }, (_unused, user) => user + 1),
      0,
    );
    ask(
      world,
      Array.from({ length: 100 }, (_unused, user) => user + 1001),
      1,
    );
    const startMs = world.clock.now();
    const { events } = await drain(world, { mode: 'scheduler', concurrency: 2 });

    const perWake = new Map<number, number>();
    for (const { atMs, records } of only(events, 'applied')) {
      perWake.set(atMs - startMs, (perWake.get(atMs - startMs) ?? 0) + records);
    }
    expect([...perWake]).toEqual([
      [5000, 100],
      [10_000, 100],
      [15_000, 50],
    ]);
  });

  it('leaves what comes between two times for the next one, though it took fewer than 100', async () => {
    const world = await newWorld({ stock: 1000 });
    ask(world, [1]);
    const startMs = world.clock.now();
    const run = start(world, { mode: 'scheduler', maxRecords: 2 });
    void world.clock.wait(6000).then(() => {
      ask(world, [2]);
    });
    await world.clock.run(run.summary);

    const applied = only(run.events, 'applied').map(({ atMs }) => atMs - startMs);
    expect(applied).toEqual([5000, 10_000]);
  });
});

const FIRST_USER = 1;

/** Ten users of a partition. */
function users(partition: number): number[] {
  return Array.from({ length: 10 }, (_unused, index) => FIRST_USER + partition * 100 + index);
}

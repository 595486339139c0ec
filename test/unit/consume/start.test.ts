import { describe, expect, it } from 'vitest';
import { CliError } from '../../../src/errors.js';
import type { CouponStore } from '../../../src/ports/coupon-store.js';
import {
  ask,
  drain,
  newWorld,
  only,
  start,
  winners,
  type World,
} from '../../support/consume-run.js';
import { MemoryGroup } from '../../support/memory/group.js';
import { MemoryLog } from '../../support/memory/log.js';
import { contentsOf } from '../../support/stores/store-contents.js';

/** A world whose store has read requests of users 1 to 5. */
async function readUpToFive(): Promise<World> {
  const world = await newWorld({ partitions: 2 });
  ask(world, [1, 2, 3, 4, 5]);
  await drain(world);
  return world;
}

/** The same store with another log behind the same address. */
function withLog(world: World, log: MemoryLog): World {
  return { ...world, log, group: new MemoryGroup({ log, clock: world.clock }) };
}

/** An offset that says nothing about a store. */
function committedByAnother({ group }: World, offset: bigint): void {
  group.committed.set(0, offset);
  group.marks.clear();
}

async function errorOf(world: World): Promise<CliError> {
  const run = start(world, { untilDrained: true });
  const error = await world.clock.run(run.summary.catch((thrown: unknown) => thrown));
  expect(error).toBeInstanceOf(CliError);
  return error as CliError;
}

describe('a member starts', () => {
  it("at the log's start where the store knows nothing, whatever Kafka has committed", async () => {
    const world = await newWorld();
    ask(world, [1, 2, 3]);
    world.log.deleteBefore(0, 1n);
    world.group.committed.set(0, 3n);
    const { events } = await drain(world);
    expect(only(events, 'assigned')[0]?.partitions[0]).toMatchObject({ offset: 1n });
    expect(await winners(world)).toEqual([2, 3]);
  });

  it("where the store is, though Kafka's committed offset is further, over markers alone", async () => {
    const world = await readUpToFive();
    world.log.appendMarker(0);
    committedByAnother(world, 6n);
    ask(world, [6, 7]);
    await drain(world);
    expect(await winners(world)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it("where the store is, though Kafka's committed offset is behind", async () => {
    const world = await readUpToFive();
    world.group.committed.clear();
    const { result } = await drain(world);
    expect(result.records).toBe(0);
    expect(world.group.committed.get(0)).toBe(5n);
  });

  it('and says how many records retention has deleted unread', async () => {
    const world = await readUpToFive();
    ask(world, [6, 7, 8]);
    world.log.deleteBefore(0, 7n);
    const { events } = await drain(world);
    expect(only(events, 'records-lost')).toMatchObject([{ partition: 0, records: 2n }]);
    expect(await winners(world)).toEqual([1, 2, 3, 4, 5, 8]);
  });

  it('behind a transaction marker that the store has passed', async () => {
    const world = await newWorld();
    ask(world, [1]);
    world.log.appendMarker(0);
    await drain(world, { mode: 'batch' });
    expect((await contentsOf(world.store)).positions).toMatchObject([{ nextOffset: 2n }]);
    const { result } = await drain(world);
    expect(result.records).toBe(0);
  });
});

describe('a member refuses to start', () => {
  it('when the store is ahead of the log', async () => {
    const world = await readUpToFive();
    const shorter = new MemoryLog(2);
    shorter.append(0, {});
    const error = await errorOf(withLog(world, shorter));
    expect(error).toMatchObject({ code: 'STORE_AHEAD_OF_LOG', exitCode: 1 });
    expect(error.message).toContain('offset 5, but the log ends at 1');
    expect(error.hint).toContain('coupons store reset-offsets');
  });

  it('when the store has read another cluster', async () => {
    const world = await readUpToFive();
    const other = new MemoryLog(2, world.log.topic, 'another-cluster');
    const error = await errorOf(withLog(world, other));
    expect(error.code).toBe('STORE_OF_ANOTHER_CLUSTER');
    expect(error.message).toContain('another-cluster');
  });

  it('when the topic was made anew and has grown past the old offset', async () => {
    const world = await readUpToFive();
    const anew = withLog(world, new MemoryLog(2));
    ask(anew, [11, 12, 13, 14, 15, 16]);
    const error = await errorOf(anew);
    expect(error.code).toBe('LOG_REPLACED');
    expect(error.message).toContain('offset 4');
    expect(await winners(anew)).toEqual([1, 2, 3, 4, 5]);
  });

  it.each(['timestamp', 'key', 'value'])('when only the %s differs', async (part) => {
    const world = await readUpToFive();
    const anew = new MemoryLog(2);
    for (const record of world.log.all()) {
      const { key, value, timestamp } = record;
      anew.append(0, {
        key: part === 'key' ? Buffer.from('2') : key,
        value: part === 'value' ? Buffer.from('{}') : value,
        timestamp: part === 'timestamp' ? timestamp + 1n : timestamp,
      });
    }
    expect((await errorOf(withLog(world, anew))).code).toBe('LOG_REPLACED');
  });

  it('but not when the last applied record is gone from the log', async () => {
    const world = await readUpToFive();
    world.log.deleteBefore(0, 5n);
    ask(world, [6]);
    await drain(world);
    expect(await winners(world)).toEqual([1, 2, 3, 4, 5, 6]);
  });
});

describe('a member whose store is not the group', () => {
  it('decides nothing, and says which store the group uses and what to do', async () => {
    const world = await readUpToFive();
    ask(world, [6, 7]);
    const other = { ...(await newWorld({ partitions: 2 })), log: world.log, group: world.group };
    const error = await errorOf(other);
    expect(error).toMatchObject({ code: 'STORE_NOT_OF_GROUP', exitCode: 1 });
    expect(error.message).toContain('/data/coupons.db on host');
    for (const way of ['--store', 'coupons store take-over', 'coupons store reset-offsets']) {
      expect(error.hint).toContain(way);
    }
    expect((await contentsOf(other.store)).outcomes).toEqual([]);
  });

  it('refuses where nothing is committed and a member with another store began before it', async () => {
    const world = await newWorld({ partitions: 2 });
    const late = { ...world.groupStore, id: 'another', path: '/late.db', sinceMs: Infinity };
    const first = start(world);
    const second = start({ ...world, store: (await newWorld()).store, groupStore: late });
    const error = await world.clock.run(second.summary.catch((thrown: unknown) => thrown));
    expect(error).toMatchObject({ code: 'STORE_NOT_OF_GROUP' });
    expect(String(error)).toContain('began before this run');
    ask(world, [1], 0);
    ask(world, [2], 1);
    await world.clock.run(world.clock.wait(1000));
    expect(only(first.events, 'stopping')).toEqual([]);
    expect((await winners(world)).toSorted()).toEqual([1, 2]);
  });

  it('goes on where the group has followed it, though a member with another one began earlier', async () => {
    const world = await readUpToFive();
    const early = { ...world.groupStore, id: 'another', sinceMs: -1 };
    const other = start({ ...world, store: (await newWorld()).store, groupStore: early });
    const refused = other.summary.catch((thrown: unknown) => thrown);
    ask(world, [6]);
    await drain(world);
    expect(await refused).toMatchObject({ code: 'STORE_NOT_OF_GROUP' });
    expect(await winners(world)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('refuses where a member that began before works on another copy of it', async () => {
    const world = await readUpToFive();
    const copy = { ...world.groupStore, path: 'postgres://db/coupons', sinceMs: Infinity };
    const first = start(world);
    await world.clock.run(world.clock.wait(1000));

    const second = start({ ...world, groupStore: copy });
    const error = await world.clock.run(second.summary.catch((thrown: unknown) => thrown));

    expect(error).toMatchObject({ code: 'STORE_NOT_OF_GROUP', exitCode: 1 });
    expect(String(error)).toContain('/data/coupons.db on host');
    expect(String(error)).toContain('postgres://db/coupons');
    ask(world, [6], 0);
    ask(world, [7], 1);
    await world.clock.run(world.clock.wait(1000));
    expect(only(first.events, 'stopping')).toEqual([]);
    expect((await winners(world)).toSorted()).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it('goes on beside members that name the same file or database otherwise', async () => {
    const world = await newWorld({ partitions: 2 });
    const alias = { ...world.groupStore, host: 'container', path: '/mnt/coupons.db' };
    const runs = [start(world), start({ ...world, groupStore: { ...alias, sinceMs: Infinity } })];
    ask(world, [1], 0);
    ask(world, [2], 1);

    await world.clock.run(world.clock.wait(1000));

    expect((await winners(world)).toSorted()).toEqual([1, 2]);
    for (const { events } of runs) expect(only(events, 'stopping')).toEqual([]);
  });

  it('refuses where it is an older copy of the store that the group has used', async () => {
    const world = await readUpToFive();
    const mark = world.group.marks.get(0);
    expect(mark).toMatchObject({ id: world.groupStore.id, applied: 5n });
    if (mark !== undefined) world.group.marks.set(0, { ...mark, applied: 7n });
    world.group.committed.set(0, 7n);
    ask(world, [6, 7, 8]);
    const error = await errorOf(world);
    expect(error).toMatchObject({ code: 'STORE_BEHIND_GROUP', exitCode: 1 });
    expect(error.message).toContain('up to offset 5, but group coupon-issue-group has committed');
    expect(await winners(world)).toEqual([1, 2, 3, 4, 5]);
    // Also where retention has taken what it lacks.
    world.log.deleteBefore(0, 7n);
    expect((await errorOf(world)).code).toBe('STORE_BEHIND_GROUP');
  });

  it('refuses where another program has read further for the group', async () => {
    const world = await readUpToFive();
    ask(world, [6, 7]);
    committedByAnother(world, 7n);
    expect((await errorOf(world)).code).toBe('STORE_BEHIND_GROUP');
  });

  it('is not locked out by what retention has deleted before it started, or by markers', async () => {
    const world = await readUpToFive();
    ask(world, [6, 7]);
    world.log.appendMarker(0);
    world.log.deleteBefore(0, 7n);
    // Nothing is left to apply: the offset alone moves on.
    await drain(world);
    expect(world.group.committed.get(0)).toBe(8n);
    await drain(world);
    ask(world, [8]);
    await drain(world);
    expect(await winners(world)).toEqual([1, 2, 3, 4, 5, 8]);
  });
});

describe('a member that another has overtaken', () => {
  it('writes nothing, says so, and goes on where the store is', async () => {
    const world = await newWorld({ turnMs: 10 });
    ask(world, [1, 2, 3, 4, 5, 6]);
    const zombie = start(world);
    world.clock.after(15, () => {
      // The coordinator has given the partition to another process, and the zombie knows nothing.
      const [member] = world.group.members;
      if (member !== undefined) world.group.evict(member);
      start(world, { untilDrained: true, mode: 'batch' });
    });
    await world.clock.run(world.clock.wait(1000));

    expect(only(zombie.events, 'fenced')).toMatchObject([{ partition: 0, offset: 6n }]);
    expect(only(zombie.events, 'assigned').at(-1)?.partitions).toMatchObject([{ offset: 6n }]);
    expect(await winners(world)).toEqual([1, 2, 3, 4, 5, 6]);
    const { outcomes } = await contentsOf(world.store);
    expect(outcomes).toHaveLength(6);
  });

  it('counts only what it has applied itself', async () => {
    const world = await newWorld();
    ask(world, [1, 2, 3]);
    const { store } = world;
    const applyBatch = store.applyBatch.bind(store);
    const overtaken = Object.assign(Object.create(store) as CouponStore, {
      applyBatch: async (...[batch]: Parameters<CouponStore['applyBatch']>) => {
        if (batch.expectedOffset === 1n) await applyBatch(batch);
        return applyBatch(batch);
      },
      positions: store.positions.bind(store),
    });
    const { result } = await drain(world, { ports: { store: overtaken } });
    expect(result.records).toBe(2);
    expect(await winners(world)).toEqual([1, 2, 3]);
  });
});

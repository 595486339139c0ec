import { describe, expect, it } from 'vitest';
import { Assignment } from '../../../src/ports/assignment.js';
import { ask, drain, newWorld, only, start, winners } from '../../support/consume-run.js';
import { contentsOf } from '../../support/stores/store-contents.js';

function assignmentOf(...partitions: number[]) {
  const calls: string[] = [];
  const assignment = new Assignment(partitions, {
    hold: (partition) => calls.push(`hold ${partition}`),
    fetchFrom: (partition, offset) => calls.push(`fetch ${partition} from ${offset.toString()}`),
    moved: (partition) => calls.push(`moved ${partition}`),
  });
  return { assignment, calls };
}

describe('an assignment', () => {
  it('hands over nothing of a partition before it is known where to start', () => {
    const { assignment, calls } = assignmentOf(0, 2);
    expect(calls).toEqual(['hold 0', 'hold 2']);
    expect(assignment.isReading(0)).toBe(false);
    assignment.readFrom(0, 5n);
    expect([assignment.isReading(0), assignment.isReading(2)]).toEqual([true, false]);
    expect(assignment.position(0)).toBe(5n);
    expect(calls.slice(2)).toEqual(['fetch 0 from 5', 'moved 0']);
  });

  it('refuses to go back', () => {
    const { assignment } = assignmentOf(0);
    assignment.readFrom(0, 5n);
    assignment.advance(0, 8n);
    expect(() => {
      assignment.advance(0, 7n);
    }).toThrow("partition 0 can't go back from offset 8 to 7");
  });

  it('moves on by what was on its way when it was closed, and reads nothing more', () => {
    const { assignment, calls } = assignmentOf(0);
    assignment.readFrom(0, 5n);
    assignment.close();
    expect(assignment.isReading(0)).toBe(false);
    expect(assignment.signal.aborted).toBe(true);
    assignment.advance(0, 8n);
    assignment.readFrom(0, 9n);
    expect(assignment.position(0)).toBe(8n);
    expect(calls.at(-1)).toBe('moved 0');
  });

  it('does nothing any more once it has ended, nor for a partition that it does not have', () => {
    const { assignment, calls } = assignmentOf(0);
    assignment.readFrom(0, 5n);
    assignment.readFrom(1, 5n);
    const before = [...calls];
    assignment.end();
    assignment.readFrom(0, 9n);
    assignment.advance(0, 9n);
    assignment.hold(0);
    expect(calls).toEqual(before);
    expect(assignment.position(0)).toBe(5n);
    expect(assignment.signal.aborted).toBe(true);
    expect(assignment.isReading(0)).toBe(false);
  });
});

describe('a rebalance while start positions are looked up', () => {
  it('leaves the late answer without effect: partitions that came since are read all the same', async () => {
    const world = await newWorld({ partitions: 2 });
    ask(world, [1, 2], 0);
    ask(world, [11, 12], 1);
    // The first look-up, for both partitions, is answered after the one of the rebalance.
    let isFirst = true;
    const { log } = world;
    const ledBounds = log.ledBounds.bind(log);
    log.ledBounds = async (topic, partitions) => {
      const isSlow = isFirst;
      isFirst = false;
      const bounds = await ledBounds(topic, partitions);
      if (isSlow) await world.clock.wait(5000);
      return bounds;
    };
    world.clock.after(1000, () => {
      void world.group.rebalance();
    });
    const { result, events } = await drain(world);

    expect(result.records).toBe(4);
    expect((await winners(world)).toSorted((a, b) => a - b)).toEqual([1, 2, 11, 12]);
    expect(only(events, 'assigned').map(({ partitions }) => partitions.length)).toEqual([2]);
    expect(only(events, 'fenced')).toEqual([]);
  });
});

describe('a partition that another member has moved on in', () => {
  it('is looked up again by itself: retries and dead letters of the others go on', async () => {
    const world = await newWorld({
      partitions: 2,
      faults: () => ({ failing: { 7: Infinity } }),
    });
    ask(world, [7], 0);
    const startMs = world.clock.now();
    // Between two retries of partition 0, partition 1 is overtaken.
    world.clock.after(1500, () => {
      ask(world, [21, 22], 1);
    });
    const { store } = world;
    const applyBatch = store.applyBatch.bind(store);
    let isOvertaken = false;
    store.applyBatch = async (batch) => {
      if (batch.source.partition === 1 && !isOvertaken) {
        isOvertaken = true;
        await applyBatch(batch);
      }
      return applyBatch(batch);
    };
    const { events } = await drain(world);

    expect(only(events, 'fenced')).toMatchObject([{ partition: 1 }]);
    // As without the other partition's trouble: after 1, 2 and 3 seconds, and one dead letter.
    expect(only(events, 'retry').map(({ atMs, retry }) => [atMs - startMs, retry])).toEqual([
      [0, 1],
      [1000, 2],
      [3000, 3],
    ]);
    expect(world.deadLetters.records).toHaveLength(1);
    expect(await winners(world)).toEqual([21, 22]);
  });
});

describe('a partition without a leader', () => {
  it('is waited for, and keeps no other partition of the member from being read', async () => {
    const world = await newWorld({ partitions: 3 });
    for (const partition of [0, 1, 2]) ask(world, [partition + 1], partition);
    world.log.offline.add(1);
    world.clock.after(150_000, () => {
      world.log.offline.clear();
    });
    const run = start(world, { maxRecords: 3 });
    await world.clock.run(world.clock.wait(1000));
    expect((await winners(world)).toSorted()).toEqual([1, 3]);
    const result = await world.clock.run(run.summary);

    expect(result.records).toBe(3);
    const outage = { what: 'partition 1 of coupon-issue-requests' };
    expect(only(run.events, 'outage')).toMatchObject([outage, outage, outage]);
    expect(only(run.events, 'outage').map(({ lastedMs }) => Math.round(lastedMs / 60_000))).toEqual(
      [0, 1, 2],
    );
    expect(only(run.events, 'recovered')).toMatchObject([outage]);
  });
});

describe('records that retention deletes while a member reads', () => {
  it('are reported, and the member goes on at the start of the log', async () => {
    const world = await newWorld({ turnMs: 100, group: { fetchRecords: 2 } });
    ask(world, [1, 2, 3, 4, 5, 6, 7, 8]);
    world.clock.after(150, () => {
      world.log.deleteBefore(0, 6n);
    });
    const { events, result } = await drain(world);

    expect(await winners(world)).toEqual([1, 2, 7, 8]);
    expect(only(events, 'records-lost')).toMatchObject([{ partition: 0, records: 4n }]);
    expect(result.records).toBe(4);
    expect((await contentsOf(world.store)).positions).toMatchObject([{ nextOffset: 8n }]);
  });
});

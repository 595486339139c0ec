import { describe, expect, it } from 'vitest';
import { UnreachableError } from '../../../src/errors.js';
import { STORE_UNREACHABLE, StoreUnavailableError } from '../../../src/ports/coupon-store.js';
import { OUTAGE_LIMIT_MS } from '../../../src/consume/outages.js';
import {
  ask,
  drain,
  letters,
  newWorld,
  only,
  start,
  winners,
  type World,
} from '../../support/consume-run.js';
import type { Faults } from '../../support/stores/faulty-store.js';
import { MemorySink } from '../../support/memory/sink.js';
import type { VirtualClock } from '../../support/clock/virtual.js';

const awayFor =
  (ms: number) =>
  (clock: VirtualClock): Faults => ({
    outages: [{ fromMs: clock.now(), untilMs: clock.now() + ms }],
  });

/** Nothing answers for an hour; then the store refuses for so long. */
const unreachableThenBusyFor =
  (ms: number) =>
  (clock: VirtualClock): Faults => {
    const backMs = clock.now() + HOUR_MS;
    return {
      outages: [
        { fromMs: clock.now(), untilMs: backMs, code: STORE_UNREACHABLE },
        { fromMs: backMs, untilMs: backMs + ms },
      ],
    };
  };

const HOUR_MS = 3_600_000;

describe('a store that is away', () => {
  it('is waited for, longer each time, and nothing goes to the DLQ', async () => {
    const world = await newWorld({ faults: awayFor(20_000) });
    ask(world, [1, 2, 3]);
    const { events, result } = await drain(world);

    const attempts = world.store.attempts
      .filter(({ offset }) => offset === 0n)
      .map(({ atMs }) => atMs);
    expect(attempts.slice(0, 7).map((atMs, index) => atMs - (attempts[index - 1] ?? atMs))).toEqual(
      [0, 500, 1000, 2000, 4000, 8000, 10_000],
    );
    // One warning, not one an attempt.
    expect(only(events, 'outage')).toMatchObject([{ what: 'the store', lastedMs: 0 }]);
    expect(only(events, 'recovered')).toEqual([
      expect.objectContaining({ what: 'the store', afterMs: 25_500 }),
    ]);
    expect(result).toMatchObject({ records: 3, retries: 0, deadLettered: 0 });
    expect(letters(world)).toEqual([]);
    expect(await winners(world)).toEqual([1, 2, 3]);
  });

  it('ends the run with exit code 4 after a minute, and says that nothing is lost', async () => {
    const world = await newWorld({ faults: awayFor(Infinity) });
    ask(world, [1]);
    const startMs = world.clock.now();
    const error = await failureOf(world);

    expect(error).toMatchObject({ code: 'STORE_BUSY', exitCode: 4 });
    expect(error.hint).toContain('Nothing is lost');
    expect(world.clock.now() - startMs).toBeGreaterThanOrEqual(OUTAGE_LIMIT_MS);
    expect(world.clock.now() - startMs).toBeLessThan(OUTAGE_LIMIT_MS + 10_000);
    // Where it starts, and nothing further.
    expect(world.group.committed.get(0)).toBe(0n);
  });

  it('is waited for without a limit where nothing answers, and may refuse for a while when it is back', async () => {
    const world = await newWorld({ faults: unreachableThenBusyFor(30_000) });
    ask(world, [1, 2, 3]);
    const { events, result } = await drain(world);

    expect(only(events, 'outage')).toHaveLength(61);
    expect(only(events, 'recovered')).toHaveLength(1);
    expect(result).toMatchObject({ records: 3, retries: 0, deadLettered: 0 });
    expect(await winners(world)).toEqual([1, 2, 3]);
  });

  it('has a minute from its first refusal, however long it was unreachable before', async () => {
    const world = await newWorld({ faults: unreachableThenBusyFor(Infinity) });
    ask(world, [1]);
    const startMs = world.clock.now();
    const error = await failureOf(world);

    expect(error).toMatchObject({ code: 'STORE_BUSY', exitCode: 4 });
    const refusedMs = world.clock.now() - startMs - HOUR_MS;
    expect(refusedMs).toBeGreaterThanOrEqual(OUTAGE_LIMIT_MS);
    expect(refusedMs).toBeLessThan(OUTAGE_LIMIT_MS + 20_000);
  });

  it('is waited for also when a member asks where to start', async () => {
    const world = await newWorld();
    ask(world, [1]);
    const { store, clock } = world;
    const untilMs = clock.now() + 3000;
    const positions = store.positions.bind(store);
    store.positions = (group, topic) =>
      clock.now() < untilMs ? Promise.reject(locked()) : positions(group, topic);
    await drain(world);
    expect(await winners(world)).toEqual([1]);
  });
});

describe('a DLQ that is away', () => {
  it('is waited for; its partition goes no further and the others do', async () => {
    const awayUntil = { ms: 0 };
    const base = await newWorld({ partitions: 2 });
    awayUntil.ms = base.clock.now() + 5000;
    const world: World = {
      ...base,
      deadLetters: new MemorySink(() =>
        base.clock.now() < awayUntil.ms ? new Error('not enough in-sync replicas') : null,
      ),
    };
    world.log.append(0, { value: Buffer.from('?') });
    ask(world, [1], 0);
    for (let ms = 100; ms < 10_000; ms += 100) {
      world.clock.after(ms, () => {
        ask(world, [1000 + ms], 1);
      });
    }
    const startMs = world.clock.now();
    const { events, result } = await drain(world, { mode: 'batch' });

    expect(only(events, 'outage')).toMatchObject([
      { what: 'the dead letter topic', reason: 'not enough in-sync replicas' },
    ]);
    expect(only(events, 'recovered').map(({ atMs }) => atMs - startMs)).toEqual([7500]);
    expect(letters(world)).toHaveLength(1);
    expect(result).toMatchObject({ retries: 0, deadLettered: 1 });
  });

  it('ends the run with exit code 4 after a minute, though other partitions go on', async () => {
    const base = await newWorld({ partitions: 2 });
    const world: World = { ...base, deadLetters: new MemorySink(() => new Error('away')) };
    world.log.append(0, { value: Buffer.from('?') });
    for (let ms = 100; ms < 90_000; ms += 100) {
      world.clock.after(ms, () => {
        ask(world, [1000 + ms], 1);
      });
    }
    const startMs = world.clock.now();
    expect(await failureOf(world)).toMatchObject({ code: 'DEAD_LETTERS_UNAVAILABLE', exitCode: 4 });
    expect(world.clock.now() - startMs).toBeLessThan(OUTAGE_LIMIT_MS + 10_000);
  });

  it('gets no letter twice that it has acknowledged', async () => {
    const base = await newWorld();
    const refusedSend = 2;
    const world: World = {
      ...base,
      deadLetters: new MemorySink((send) => (send === refusedSend ? new Error('away') : null)),
    };
    // Two letters of this size do not fit one send.
    for (const name of ['a', 'b']) {
      world.log.append(0, { value: Buffer.from(name.repeat(2000)) });
    }
    await drain(world, { mode: 'batch', ports: { deadLetterMaxBytes: 4000 } });
    expect(letters(world).map(({ originalEvent }) => String(originalEvent)[0])).toEqual(['a', 'b']);
  });

  it('keeps a record dead-lettered whose letter it has, though the store failed then', async () => {
    const world = await newWorld({ faults: () => ({ failing: { 7: 4 } }) });
    ask(world, [7]);
    const { store, clock } = world;
    const startMs = clock.now();
    const applyBatch = store.applyBatch.bind(store);
    store.applyBatch = (batch) =>
      batch.entries[0]?.kind === 'dead-letter' && clock.now() === startMs + 6000
        ? Promise.reject(locked())
        : applyBatch(batch);
    const { result } = await drain(world);

    expect(letters(world)).toHaveLength(1);
    expect(result).toMatchObject({ records: 1, deadLettered: 1 });
    expect(await winners(world)).toEqual([]);
  });
});

const locked = () => new StoreUnavailableError('STORE_BUSY', 'locked');

async function failureOf(world: World): Promise<UnreachableError> {
  const run = start(world);
  const error: unknown = await world.clock.run(
    run.summary.then(
      () => new Error('it did not fail'),
      (thrown: unknown) => thrown,
    ),
  );
  expect(error).toBeInstanceOf(UnreachableError);
  return error as UnreachableError;
}

describe('a broker that is away', () => {
  /** Until so many ms from now on, every look at the cluster fails, or hangs. */
  function takeAway(world: World, ms: number, how: 'fails' | 'hangs'): void {
    const { log, clock } = world;
    const untilMs = clock.now() + ms;
    const ledBounds = log.ledBounds.bind(log);
    log.ledBounds = (topic, partitions) =>
      clock.now() < untilMs
        ? Promise.reject(new UnreachableError('BROKER_UNREACHABLE', 'refused'))
        : ledBounds(topic, partitions);
    const clusterId = log.clusterId.bind(log);
    log.clusterId = async () => {
      const leftMs = untilMs - clock.now();
      if (leftMs > 0 && how === 'fails')
        throw new UnreachableError('BROKER_UNREACHABLE', 'refused');
      if (leftMs > 0) await clock.wait(leftMs);
      return clusterId();
    };
  }

  it('is reported at once and every minute, waited for without a limit, and reported when back', async () => {
    const world = await newWorld();
    takeAway(world, 150_000, 'fails');
    const startMs = world.clock.now();
    const run = start(world);
    await world.clock.run(world.clock.wait(200_000));

    const outages = only(run.events, 'outage');
    expect(outages.map(({ what, atMs }) => [what, atMs - startMs])).toEqual([
      ['the broker', 0],
      ['the broker', 60_000],
      ['the broker', 120_000],
    ]);
    expect(only(run.events, 'recovered')).toMatchObject([{ what: 'the broker', afterMs: 150_000 }]);
    expect(only(run.events, 'stopping')).toEqual([]);
  });

  it('is reported after 5 s where it hangs', async () => {
    const world = await newWorld();
    const run = start(world);
    await world.clock.run(world.clock.wait(100));
    takeAway(world, 30_000, 'hangs');
    // The next look, two seconds after the first.
    const startMs = world.clock.now() + 6900;
    const backMs = world.clock.now() + 30_000;
    await world.clock.run(world.clock.wait(40_000));
    expect(only(run.events, 'outage')).toMatchObject([{ what: 'the broker', atMs: startMs }]);
    expect(only(run.events, 'recovered')).toMatchObject([{ atMs: backMs }]);
  });
});

describe('a coordinator that refuses commits', () => {
  const diskError = new Error('Disk error when trying to access log file on the disk');

  it('is reported at once and every minute, waited for without a limit, and reported when it takes them', async () => {
    const world = await newWorld();
    ask(world, [1, 2, 3]);
    world.group.refusal = diskError;
    const startMs = world.clock.now();
    const run = start(world);
    await world.clock.run(world.clock.wait(150_000));
    expect(await winners(world)).toEqual([]);
    expect(only(run.events, 'outage')).toMatchObject([
      { what: 'the group coordinator', reason: diskError.message, atMs: startMs },
      { what: 'the group coordinator', lastedMs: 60_000 },
      { what: 'the group coordinator', lastedMs: 120_000 },
    ]);

    world.group.refusal = null;
    await world.clock.run(world.clock.wait(1000));
    expect(only(run.events, 'recovered')).toMatchObject([{ what: 'the group coordinator' }]);
    expect(await winners(world)).toEqual([1, 2, 3]);
  });

  it('holds up no record of a partition that the group has begun', async () => {
    const world = await newWorld();
    ask(world, [1]);
    const run = start(world);
    await world.clock.run(world.clock.wait(1000));
    world.group.refusal = diskError;
    ask(world, [2, 3]);
    await world.clock.run(world.clock.wait(1000));
    expect(await winners(world)).toEqual([1, 2, 3]);
    expect(only(run.events, 'outage')).toMatchObject([{ what: 'the group coordinator' }]);
  });
});

describe('a DLQ that acknowledges late', () => {
  it('holds up its own partition, and no other of the member', async () => {
    const base = await newWorld({ partitions: 2 });
    const world: World = { ...base, deadLetters: new MemorySink(() => null) };
    const { deadLetters, clock, log } = world;
    const send = deadLetters.send.bind(deadLetters);
    deadLetters.send = async (records) => {
      await clock.wait(20_000);
      return send(records);
    };
    log.append(0, { value: Buffer.from('?') });
    ask(world, [1], 0);
    ask(world, [11, 12], 1);
    const startMs = clock.now();
    const { events, result } = await drain(world);

    const applied = only(events, 'applied').map(({ partition, atMs }) => [
      partition,
      atMs - startMs,
    ]);
    expect(applied.filter(([partition]) => partition === 1).every(([, ms = 0]) => ms <= 1000)).toBe(
      true,
    );
    expect(applied.filter(([partition]) => partition === 0).map(([, ms]) => ms)).toEqual([
      20_000, 20_000,
    ]);
    expect(result).toMatchObject({ records: 4, deadLettered: 1 });
    expect(letters(world)).toHaveLength(1);
    expect(only(events, 'outage')).toEqual([]);
  });
});

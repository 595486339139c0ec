import { describe, expect, it } from 'vitest';
import { UnreachableError } from '../../../src/errors.js';
import { StoreUnavailableError, STORE_UNREACHABLE } from '../../../src/ports/coupon-store.js';
import {
  ask,
  newWorld,
  only,
  start,
  winners,
  type RunOptions,
  type StartedRun,
  type World,
} from '../../support/consume-run.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** A run, and a step of time; whether what it needs works is up to the test. */
async function watched(world: World, options: RunOptions = {}) {
  const stop = new AbortController();
  const run = start(world, { signal: stop.signal, ...options });
  const pass = (ms: number) => world.clock.run(world.clock.wait(ms));
  await pass(SECOND);
  const end = async () => {
    stop.abort();
    return world.clock.run(run.summary);
  };
  return { ...run, pass, end };
}

/** Each outage as it was reported, and its end. */
function told({ events }: Pick<StartedRun, 'events'>): readonly string[] {
  return events.flatMap((event) =>
    event.kind === 'outage' || event.kind === 'recovered' ? [`${event.kind}: ${event.what}`] : [],
  );
}

const away = () => new UnreachableError('BROKER_UNREACHABLE', 'it does not answer', null);

describe('a coordinator that is away', () => {
  const withCoordinator = (world: World, isAway: () => boolean, fail: () => Promise<never>) => ({
    ports: {
      groupOffsets: {
        store: world.groupStore,
        committed: () => (isAway() ? fail() : Promise.resolve(world.group.offsets())),
      },
    },
  });

  it.each([
    ['answers with an error', () => Promise.reject(away())],
    ['says nothing', () => new Promise<never>(() => undefined)],
  ])('is an outage though other brokers answer, where it %s', async (_how, fail) => {
    const world = await newWorld();
    let isAway = false;
    const asked = withCoordinator(world, () => isAway, fail);
    const run = await watched(world, asked);
    isAway = true;
    await run.pass(11 * SECOND);
    expect(told(run)).toEqual(['outage: the group coordinator']);
    await run.end();
  });

  it('is reported every minute, and once it is back', async () => {
    const world = await newWorld();
    let isAway = false;
    const run = await watched(
      world,
      withCoordinator(
        world,
        () => isAway,
        () => Promise.reject(away()),
      ),
    );
    isAway = true;
    await run.pass(2 * MINUTE);
    expect(told(run)).toEqual(['outage: the group coordinator', 'outage: the group coordinator']);
    isAway = false;
    await run.pass(6 * SECOND);
    expect(told(run).at(-1)).toBe('recovered: the group coordinator');
    await run.end();
  });

  it('is not reported beside a cluster of which no broker answers', async () => {
    const world = await newWorld();
    let isAway = false;
    const fail = () => Promise.reject(away());
    const { ports } = withCoordinator(world, () => isAway, fail);
    const clusterId = world.log.clusterId.bind(world.log);
    world.log.clusterId = () => (isAway ? fail() : clusterId());
    const run = await watched(world, { ports });
    isAway = true;
    await run.pass(MINUTE);
    expect(told(run)).toEqual(['outage: the broker']);
    await run.end();
  });

  it('is what a member waits for that asks where to start', async () => {
    const world = await newWorld();
    let isAway = true;
    const fail = () => Promise.reject(away());
    ask(world, [1]);
    const run = await watched(
      world,
      withCoordinator(world, () => isAway, fail),
    );
    await run.pass(MINUTE - 5 * SECOND);
    expect(told(run)).toEqual(['outage: the group coordinator']);
    isAway = false;
    await run.pass(11 * SECOND);
    expect(told(run)).toEqual([
      'outage: the group coordinator',
      'recovered: the group coordinator',
    ]);
    expect(await winners(world)).toEqual([1]);
    await run.end();
  });
});

it('a rebalance that another member does not answer is reported, and its end', async () => {
  const world = await newWorld({ group: { joinMs: 2 * MINUTE } });
  const run = await watched(world);
  await run.pass(30 * SECOND);
  expect(told(run)).toEqual([]);
  await run.pass(20 * SECOND);
  const [outage] = only(run.events, 'outage');
  expect(outage?.what).toBe('the consumer group');
  expect(outage?.reason).toContain('member 1 has not joined');
  await run.pass(2 * MINUTE);
  expect(told(run).at(-1)).toBe('recovered: the consumer group');
  await run.end();
});

describe('a partition that loses its leader while it is read', () => {
  it('is an outage once that lasts, and keeps no other from being read', async () => {
    const world = await newWorld({ partitions: 2 });
    const run = await watched(world);
    await run.pass(10 * SECOND);
    world.log.offline.add(1);
    await run.pass(4 * SECOND);
    expect(told(run)).toEqual([]);
    await run.pass(9 * SECOND);
    expect(told(run)).toEqual(['outage: partition 1 of coupon-issue-requests']);
    ask(world, [1], 0);
    await run.pass(SECOND);
    expect(await winners(world)).toEqual([1]);

    world.log.offline.delete(1);
    await run.pass(6 * SECOND);
    expect(told(run).at(-1)).toBe('recovered: partition 1 of coupon-issue-requests');
    await run.end();
  });

  it('is one outage with all others where the topic is gone', async () => {
    const world = await newWorld({ partitions: 3 });
    const run = await watched(world);
    const ledBounds = world.log.ledBounds.bind(world.log);
    world.log.ledBounds = () => Promise.reject(new Error('the topic does not exist'));
    await run.pass(15 * SECOND);
    expect(told(run)).toEqual(['outage: coupon-issue-requests']);
    world.log.ledBounds = ledBounds;
    await run.pass(6 * SECOND);
    expect(told(run).at(-1)).toBe('recovered: coupon-issue-requests');
    await run.end();
  });

  it('is no outage of this run any more when another member has it', async () => {
    const world = await newWorld({ partitions: 2 });
    const run = await watched(world);
    await run.pass(10 * SECOND);
    world.log.offline.add(1);
    await run.pass(15 * SECOND);
    expect(told(run)).toHaveLength(1);
    const other = world.group.member({ ...world.groupStore, pid: 8 });
    other.start({
      assigned: () => ({ fetched: () => Promise.resolve(), positionLost: () => undefined }),
      committed: () => undefined,
      failed: () => undefined,
    });
    await run.pass(10 * SECOND);
    expect(told(run).at(-1)).toBe('recovered: partition 1 of coupon-issue-requests');
    await run.end();
  });
});

describe('a store without requests', () => {
  /** Fails as it is told to, and counts how often it is looked at. */
  function lookedAt(world: World) {
    const looks = { count: 0, failure: null as Error | null };
    const { store } = world;
    const identity = store.identity.bind(store);
    store.identity = () => {
      looks.count += 1;
      return looks.failure === null ? identity() : Promise.reject(looks.failure);
    };
    return looks;
  }

  const unreachable = () => new StoreUnavailableError(STORE_UNREACHABLE, 'the server is away');

  it('is looked at, and is an outage while it does not work, however it fails: the run goes on', async () => {
    const world = await newWorld();
    const looks = lookedAt(world);
    const run = await watched(world);
    await run.pass(10 * SECOND);
    expect(looks.count).toBe(1);

    looks.failure = new StoreUnavailableError('STORE_GONE', 'the file was deleted');
    await run.pass(3 * MINUTE);
    expect(told(run)).toEqual(Array<string>(3).fill('outage: the store'));
    looks.failure = null;
    await run.pass(11 * SECOND);
    expect(told(run).at(-1)).toBe('recovered: the store');
    await run.end();
  });

  it('is not looked at while requests come', async () => {
    const world = await newWorld();
    const looks = lookedAt(world);
    const run = await watched(world);
    for (let user = 1; user <= 100; user += 1) {
      ask(world, [user]);
      await run.pass(SECOND);
    }
    expect(looks.count).toBe(0);
    await run.end();
  });

  it('is not looked at while it refuses a request, and no look ends that outage', async () => {
    const world = await newWorld({
      faults: (clock) => ({
        outages: [{ fromMs: clock.now(), untilMs: clock.now() + MINUTE, code: STORE_UNREACHABLE }],
      }),
    });
    const looks = lookedAt(world);
    ask(world, [1]);
    const run = await watched(world);
    await run.pass(50 * SECOND);
    expect([told(run), looks.count]).toEqual([['outage: the store'], 0]);
    await run.pass(30 * SECOND);
    expect(told(run)).toEqual(['outage: the store', 'recovered: the store']);
    await run.end();
  });

  it('is an outage where a look hangs, which is followed by no other, and holds up no request', async () => {
    const world = await newWorld();
    const { store } = world;
    let asked = 0;
    store.identity = () => {
      asked += 1;
      return new Promise(() => undefined);
    };
    const run = await watched(world);
    await run.pass(30 * SECOND);
    expect([asked, told(run)]).toEqual([1, ['outage: the store']]);
    ask(world, [1]);
    await run.pass(SECOND);
    expect([asked, await winners(world)]).toEqual([1, [1]]);
    await run.end();
  });

  it('is reported as down before a request comes, which then waits as ever', async () => {
    const world = await newWorld();
    const looks = lookedAt(world);
    const run = await watched(world);
    looks.failure = unreachable();
    await run.pass(20 * SECOND);
    ask(world, [1]);
    await run.pass(SECOND);
    // What takes a request works.
    expect(told(run)).toEqual(['outage: the store', 'recovered: the store']);
    await run.end();
  });
});

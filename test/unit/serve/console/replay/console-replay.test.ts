import { describe, expect, it } from 'vitest';
import { DLQ_TOPIC, REQUEST_TOPIC } from '../../../../../src/coupon/topics.js';
import { UnreachableError } from '../../../../../src/errors.js';
import { StoreUnavailableError } from '../../../../../src/ports/coupon-store.js';
import { ReplayWorld } from './replay-world.js';

const requests = (world: ReplayWorld) => world.kafka.log(REQUEST_TOPIC).all().length;

describe('a replay in the console', () => {
  it('is planned, confirmed, sent, and decided by the group', async () => {
    const world = await ReplayWorld.new();
    const replays = world.replays();
    for (const user of [1, 2, 3]) world.die(user);
    world.die(4, { reasonCode: 'MALFORMED_JSON', value: Buffer.from('{"couponId":') });

    const planned = await replays.plan({});
    expect(planned).toMatchObject({
      phase: 'planned',
      looked: 4,
      plan: {
        selected: 4,
        replayable: 3,
        topics: [{ topic: REQUEST_TOPIC, replayable: 3 }],
        expected: [
          {
            ...{ couponId: 1, stockLeft: 5000, waitingAhead: 0 },
            ...{ outcome: 'ISSUED', letters: 3, replayable: 3 },
          },
        ],
        steps: [],
        skipped: [{ code: 'NOT_A_REQUEST', count: 1 }],
        reasons: [
          { reasonCode: 'PROCESSING_FAILED', selected: 3, replayable: 3 },
          { reasonCode: 'MALFORMED_JSON', selected: 1, replayable: 0 },
        ],
      },
      replayed: 0,
      outcomes: null,
      failure: null,
      endedAtMs: null,
    });
    expect(planned.plan?.skipped[0]?.text.en).toContain('fix the producer');
    expect(requests(world)).toBe(4);
    expect(world.modes).toEqual(['read-only']);

    expect(replays.confirm(planned.id)).toMatchObject({ phase: 'sending' });
    await world.pass(1500);
    expect(world.last).toMatchObject({ phase: 'deciding', replayed: 3, outcomes: { pending: 3 } });
    expect(requests(world)).toBe(7);
    expect(world.sinks.map(({ isOpen }) => isOpen)).toEqual([false]);

    await world.consume();
    await world.pass(1500);
    expect(world.last).toMatchObject({
      phase: 'done',
      replayed: 3,
      outcomes: { outcomes: { ISSUED: 3 }, pending: 0 },
      failure: null,
      endedAtMs: expect.any(Number) as unknown,
    });
    expect(world.phases).toEqual(['planning', 'planned', 'sending', 'deciding', 'done']);
    const run = expect.any(String) as unknown;
    const of = { topic: DLQ_TOPIC, letters: 3, run };
    expect(world.events).toEqual([
      { kind: 'REPLAY_BEGUN', ...of },
      { kind: 'LETTERS_REPLAYED', ...of, sent: 3, failed: 0, endedBy: null },
    ]);
    expect(world.modes).toEqual(['read-only', 'read-write', 'read-only']);
    expect(world.openStores).toBe(0);
    expect(replays.data).toBe(world.last);
  });

  it('sends what was planned, and none of what died since', async () => {
    const world = await ReplayWorld.new();
    const replays = world.replays();
    world.die(1);
    world.die(2, { reasonCode: 'OTHER' });
    const { id } = await replays.plan({ reason: 'processingFailed' });
    world.die(3);
    replays.confirm(id);
    await world.pass(100);
    expect(world.last).toMatchObject({ phase: 'deciding', replayed: 1 });
    await world.consume();
    await world.pass(2000);
    expect(world.last).toMatchObject({ phase: 'done', outcomes: { outcomes: { ISSUED: 1 } } });
  });

  it('names the topics that letters come from, and sends to that of requests alone: anybody may forge one', async () => {
    const world = await ReplayWorld.new();
    const topic = { partitions: 1, replicationFactor: 1, config: {} };
    await world.kafka.createTopics([{ name: 'payments', ...topic }]);
    world.die(1, { topic: 'payments' });
    world.die(2);
    world.die(3);
    world.die(4, { topic: 'no-such-topic' });
    expect((await world.replays().plan({})).plan).toMatchObject({
      topics: [{ topic: REQUEST_TOPIC, replayable: 2 }],
      otherTopics: [{ topic: 'payments', letters: 1 }],
      skipped: [
        { code: 'OTHER_TOPIC', count: 1 },
        { code: 'NO_SUCH_TOPIC', count: 1 },
      ],
    });
  });

  it('leaves out what the rules would reject, and says what to do first', async () => {
    const world = await ReplayWorld.new({ stock: 2 });
    const replays = world.replays();
    for (const user of [1, 2, 3]) world.die(user);
    const planned = await replays.plan({});
    const ofOne = { couponId: 1, stockLeft: 2, waitingAhead: 0 };
    expect(planned.plan).toMatchObject({
      replayable: 2,
      expected: [
        { ...ofOne, outcome: 'ISSUED', letters: 2, replayable: 2 },
        { ...ofOne, outcome: 'SOLD_OUT', letters: 1, replayable: 0 },
      ],
      skipped: [{ code: 'WOULD_BE_REJECTED', count: 1 }],
      steps: [{ code: 'RAISE_STOCK', command: 'coupons campaigns update 1 --stock 3' }],
    });

    replays.confirm(planned.id);
    await world.pass(1500);
    await world.consume();
    await world.pass(1500);
    expect(world.last).toMatchObject({ phase: 'done', outcomes: { outcomes: { ISSUED: 2 } } });
    await world.store.updateCampaign(1, { totalQuantity: 3 });
    expect((await replays.plan({})).plan).toMatchObject({ replayable: 1, steps: [] });
  });

  it('is refused in a console that only reads', async () => {
    const world = await ReplayWorld.new();
    const replays = world.replays({ isAllowed: false });
    const readOnly = {
      code: 'READ_ONLY',
      hint: expect.stringContaining('--allow-replay') as unknown,
    };
    await expect(replays.plan({})).rejects.toMatchObject(readOnly);
    expect(() => replays.confirm('x')).toThrow(expect.objectContaining(readOnly) as Error);
    expect(() => replays.cancel('x')).toThrow(expect.objectContaining(readOnly) as Error);
    expect(world.told).toEqual([]);
    expect(world.modes).toEqual([]);
  });

  it('is refused while another one sends', async () => {
    const world = await ReplayWorld.new();
    const replays = world.replays();
    world.die(1);
    world.beforeSend = () => world.clock.wait(3000);
    replays.confirm((await replays.plan({})).id);
    await world.pass(1000);
    await expect(replays.plan({})).rejects.toMatchObject({ code: 'REPLAY_RUNNING' });
    await world.pass(3000);
    // Sent; only the group has not decided yet.
    expect(world.last).toMatchObject({ phase: 'deciding' });
    expect(await replays.plan({})).toMatchObject({ phase: 'planned', plan: { replayable: 0 } });
    expect(world.openStores).toBe(0);
  });

  it('takes the place of a plan that was not confirmed', async () => {
    const world = await ReplayWorld.new();
    const replays = world.replays();
    world.die(1);
    const first = await replays.plan({});
    const second = await replays.plan({ coupon: 1 });
    expect(() => replays.confirm(first.id)).toThrow(
      expect.objectContaining({ code: 'REPLAY_NOT_FOUND' }) as Error,
    );
    expect(() => replays.cancel(first.id)).toThrow(
      expect.objectContaining({ code: 'REPLAY_NOT_FOUND' }) as Error,
    );
    expect(replays.confirm(second.id)).toMatchObject({ phase: 'sending', filter: { coupon: 1 } });
    // Once.
    expect(() => replays.confirm(second.id)).toThrow(
      expect.objectContaining({ code: 'REPLAY_NOT_FOUND' }) as Error,
    );
    await world.pass(1000);
    expect(requests(world)).toBe(2);
  });

  it('ends one that is still planned for where the next one is', async () => {
    const world = await ReplayWorld.new();
    const replays = world.replays();
    for (let user = 1; user <= 250; user += 1) world.die(user);
    const [first, second] = await Promise.all([replays.plan({}), replays.plan({ coupon: 1 })]);
    expect(first).toMatchObject({ phase: 'cancelled', plan: null });
    expect(second).toMatchObject({ phase: 'planned', looked: 250, plan: { replayable: 250 } });
    expect(world.last.id).toBe(second.id);
  });

  it('expires after ten minutes, and sends nothing', async () => {
    const world = await ReplayWorld.new();
    const replays = world.replays();
    world.die(1);
    const { id } = await replays.plan({});
    await world.pass(10 * 60_000 - 1);
    expect(world.last.phase).toBe('planned');
    await world.pass(2);
    expect(world.last).toMatchObject({ phase: 'cancelled', failure: { code: 'PLAN_EXPIRED' } });
    expect(() => replays.confirm(id)).toThrow(
      expect.objectContaining({ code: 'REPLAY_NOT_FOUND' }) as Error,
    );
    expect(requests(world)).toBe(1);
  });

  it('can be cancelled before it is confirmed', async () => {
    const world = await ReplayWorld.new();
    const replays = world.replays();
    world.die(1);
    const { id } = await replays.plan({});
    expect(replays.cancel(id)).toMatchObject({ phase: 'cancelled' });
    expect(world.last).toMatchObject({ phase: 'cancelled', failure: null });
    expect(() => replays.confirm(id)).toThrow();
    await world.pass(20 * 60_000);
    expect(world.phases).toEqual(['planning', 'planned', 'cancelled']);
  });

  it('ends after the present batch where it is cancelled, and the next one sends the rest', async () => {
    const world = await ReplayWorld.new();
    const replays = world.replays();
    for (let user = 1; user <= 1200; user += 1) world.die(user);
    const { id } = await replays.plan({});
    let batches = 0;
    world.beforeSend = () => {
      batches += 1;
      if (batches === 2) replays.cancel(id);
      return Promise.resolve();
    };
    replays.confirm(id);
    await world.pass(1000);
    expect(world.last).toMatchObject({ phase: 'cancelled', outcomes: null, failure: null });
    const { replayed } = world.last;
    expect(replayed).toBeGreaterThan(0);
    expect(replayed).toBeLessThan(1200);
    expect(requests(world)).toBe(1200 + replayed);

    const rest = await replays.plan({});
    expect(rest.plan).toMatchObject({
      replayable: 1200 - replayed,
      skipped: [{ code: 'ALREADY_REPLAYED', count: replayed }],
    });
  });

  it('fails where Kafka takes no more, and says how many were sent', async () => {
    const world = await ReplayWorld.new();
    const replays = world.replays();
    world.die(1);
    world.beforeSend = () =>
      Promise.reject(new UnreachableError('BROKER_UNREACHABLE', 'gone', 'hint'));
    replays.confirm((await replays.plan({})).id);
    await world.pass(1000);
    expect(world.last).toMatchObject({
      phase: 'failed',
      replayed: 0,
      failure: { code: 'BROKER_UNREACHABLE', message: 'gone', hint: 'hint' },
    });
    world.beforeSend = () => Promise.resolve();
    expect(await replays.plan({})).toMatchObject({ plan: { replayable: 1 } });
  });

  it('fails where there is no store, no DLQ or no such partition, and plans nothing', async () => {
    const world = await ReplayWorld.new();
    const replays = world.replays();
    world.die(1);
    expect(await replays.plan({ partition: 7 })).toMatchObject({
      phase: 'failed',
      plan: null,
      failure: { code: 'PARTITION_NOT_FOUND' },
    });
    world.openStore = () => {
      throw new UnreachableError('STORE_NOT_FOUND', 'There is no store.');
    };
    expect(await replays.plan({})).toMatchObject({ failure: { code: 'STORE_NOT_FOUND' } });
    world.openStore = () => world.store;
    await world.kafka.deleteTopics([DLQ_TOPIC]);
    expect(await replays.plan({})).toMatchObject({ failure: { code: 'TOPIC_NOT_FOUND' } });
    expect(world.openStores).toBe(0);
  });

  it('sends nothing of a DLQ that was recreated since it was planned', async () => {
    const world = await ReplayWorld.new();
    const replays = world.replays();
    world.die(1);
    const { id } = await replays.plan({});
    await world.kafka.deleteTopics([DLQ_TOPIC]);
    await world.createTopics();
    world.die(2);
    replays.confirm(id);
    await world.pass(100);
    expect(world.last).toMatchObject({ phase: 'failed', failure: { code: 'LETTERS_REPLACED' } });
    expect(requests(world)).toBe(2);
  });

  it('says while it waits why the group’s decisions can’t be read, and goes on when they can', async () => {
    const world = await ReplayWorld.new();
    const replays = world.replays();
    world.die(1);
    replays.confirm((await replays.plan({})).id);
    await world.pass(100);
    world.openStore = () => {
      throw new StoreUnavailableError('STORE_UNREACHABLE', 'away');
    };
    world.store.positions = () =>
      Promise.reject(new StoreUnavailableError('STORE_UNREACHABLE', 'away'));
    await world.pass(3000);
    expect(world.last).toMatchObject({
      phase: 'deciding',
      outcomes: { pending: 1 },
      failure: { code: 'STORE_UNREACHABLE' },
    });
    Reflect.deleteProperty(world.store, 'positions');
    world.openStore = () => world.store;
    await world.consume();
    await world.pass(3000);
    expect(world.last).toMatchObject({ phase: 'done', outcomes: { pending: 0 }, failure: null });
    expect(world.openStores).toBe(0);
  });

  it('waits five minutes for a group that does not read, and says how many are not decided', async () => {
    const world = await ReplayWorld.new();
    const replays = world.replays();
    world.die(1);
    replays.confirm((await replays.plan({})).id);
    await world.pass(5 * 60_000 - 2000);
    expect(world.last.phase).toBe('deciding');
    await world.pass(4000);
    expect(world.last).toMatchObject({ phase: 'done', replayed: 1, outcomes: { pending: 1 } });
  });

  it('need not be waited for', async () => {
    const world = await ReplayWorld.new();
    const replays = world.replays();
    world.die(1);
    const { id } = await replays.plan({});
    replays.confirm(id);
    await world.pass(1000);
    expect(replays.cancel(id)).toMatchObject({ phase: 'deciding' });
    await world.pass(10);
    expect(world.last).toMatchObject({ phase: 'done', outcomes: { pending: 1 } });
  });

  it('says how far it is, but not at each batch', async () => {
    const world = await ReplayWorld.new();
    const replays = world.replays();
    for (let user = 1; user <= 1000; user += 1) world.die(user);
    let batches = 0;
    world.beforeSend = () => {
      batches += 1;
      return world.clock.wait(100);
    };
    replays.confirm((await replays.plan({})).id);
    await world.clock.run(world.clock.wait(60_000));
    expect(world.last).toMatchObject({ phase: 'deciding', replayed: 1000 });
    expect(batches).toBeGreaterThan(6);
    const told = world.told.filter(({ phase }) => phase === 'sending').length;
    expect(told).toBeGreaterThan(2);
    expect(told).toBeLessThan(batches);
  });

  it('ends with its console', async () => {
    const world = await ReplayWorld.new();
    const replays = world.replays();
    await replays.close();
    world.die(1);
    replays.confirm((await replays.plan({})).id);
    await world.pass(1000);
    await world.clock.run(replays.close());
    expect(world.last).toMatchObject({ phase: 'done' });
    expect(world.openStores).toBe(0);
  });
});

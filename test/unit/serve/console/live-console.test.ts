import { beforeEach, describe, expect, it } from 'vitest';
import { REQUEST_TOPIC } from '../../../../src/coupon/topics.js';
import { UnreachableError } from '../../../../src/errors.js';
import type { ClusterAdmin } from '../../../../src/ports/cluster-admin.js';
import { MemoryStore } from '../../../support/memory/store.js';
import { MOST_CAMPAIGNS } from '../../../../src/serve/console/wire/campaigns.js';
import type { EventDetails } from '../../../../src/ports/store-history.js';
import { ConsoleWorld, proxied, Viewer } from './console-world.js';

const TERMS = { name: null, status: 'ACTIVE', validFromMs: null, validUntilMs: null } as const;

let world: ConsoleWorld;
beforeEach(async () => {
  world = await ConsoleWorld.new();
});

/** The world's admin, and how often it was asked to describe a group. */
function counting(): { readonly admin: ClusterAdmin; readonly looks: () => number } {
  let looks = 0;
  const admin = proxied(world.cluster, {
    describeGroup: (group: string) => {
      looks += 1;
      return world.cluster.describeGroup(group);
    },
  });
  return { admin, looks: () => looks };
}

describe('reading', () => {
  it('Kafka is read once a second for all viewers together, and not at all without one', async () => {
    const { admin, looks } = counting();
    const console = world.console({ admin });
    await world.pass(10_000);
    expect(looks()).toBe(0);
    const viewers = [1, 2, 3].map(() => new Viewer(console));
    await world.pass(10_500);
    expect(looks()).toBe(11);
    for (const viewer of viewers) expect(viewer.all('beat')).toHaveLength(11);
    for (const viewer of viewers) viewer.leave();
    await world.pass(10_000);
    expect(looks()).toBe(11);
    await console.close();
  });

  it('a state is read where none is a second old, once for all who ask at the same time', async () => {
    const { admin, looks } = counting();
    const console = world.console({ admin });
    await world.clock.run(Promise.all([console.state(), console.state(), console.state()]));
    expect(looks()).toBe(1);
    await world.clock.run(console.state());
    expect(looks()).toBe(1);
    await world.pass(1000);
    const state = await world.clock.run(console.state());
    expect(looks()).toBe(2);
    expect(state.group.failure).toBeNull();
    expect(state.group.data?.totalLag).toBe(0);
    await console.close();
  });

  it('a chart has points also of the time when only Prometheus asked', async () => {
    const console = world.console();
    for (let scrape = 0; scrape < 4; scrape += 1) {
      await world.clock.run(console.state());
      await world.pass(15_000);
    }
    const { atMs, lag } = new Viewer(console).last('history');
    expect(atMs.map((ms) => ms - (atMs[0] ?? 0))).toEqual([0, 15_000, 30_000, 45_000]);
    expect(lag).toEqual([0, 0, 0, 0]);
    await console.close();
  });

  it('a new viewer gets at once what is known', async () => {
    const console = world.console();
    await world.createCampaign(1, 10);
    const first = new Viewer(console);
    expect(first.events.map(({ name }) => name)).toEqual([
      ...['site', 'history', 'group', 'campaigns', 'letters', 'advice', 'audit', 'replay'],
    ]);
    expect(first.last('campaigns').data).toBeNull();
    await world.pass(3500);
    const second = new Viewer(console);
    expect(second.last('campaigns').data?.campaigns[0]?.couponId).toBe(1);
    expect(second.last('history').atMs).toHaveLength(4);
    await console.close();
  });

  it('what has not changed is not sent again, and the beat says when it was read', async () => {
    const console = world.console();
    const viewer = new Viewer(console);
    // Until then the lag of each second is new: a minute of them is kept.
    await world.pass(61_500);
    const before = viewer.all('campaigns').length;
    const groups = viewer.all('group').length;
    await world.pass(5000);
    expect(viewer.all('campaigns')).toHaveLength(before);
    expect(viewer.all('group')).toHaveLength(groups);
    const { atMs, asOfMs } = viewer.last('beat');
    expect(asOfMs.campaigns).toBe(atMs);
    await world.createCampaign(7, 10);
    await world.pass(1000);
    expect(viewer.all('campaigns')).toHaveLength(before + 1);
    await console.close();
  });

  it('what changed without a viewer, and changed back, reaches a viewer who came in between', async () => {
    const console = world.console();
    world.append(0, 1);
    const first = new Viewer(console);
    await world.pass(1500);
    first.leave();
    await world.pass(1000);
    const kept = world.access.store;
    world.access.store = null;
    await world.pass(10_000);
    expect((await world.clock.run(console.state())).campaigns.failure?.code).toBe(
      'STORE_NOT_FOUND',
    );
    world.access.store = kept;
    const second = new Viewer(console);
    expect(second.last('campaigns').failure?.code).toBe('STORE_NOT_FOUND');
    await world.pass(1500);
    expect(second.last('campaigns').failure).toBeNull();
    await console.close();
  });
});

describe('failing', () => {
  it('the store goes on without Kafka, and Kafka without the store', async () => {
    let isAway = true;
    const admin = proxied(world.cluster, {
      describeGroup: (group: string) =>
        isAway
          ? Promise.reject(new UnreachableError('BROKER_UNREACHABLE', 'No broker answers.'))
          : world.cluster.describeGroup(group),
    });
    const console = world.console({ admin });
    const viewer = new Viewer(console);
    await world.pass(2500);
    expect(viewer.last('group')).toMatchObject({
      data: null,
      failure: { code: 'BROKER_UNREACHABLE', message: 'No broker answers.' },
    });
    expect(viewer.last('campaigns').failure).toBeNull();
    isAway = false;
    world.access.store = null;
    await world.pass(11_000);
    expect(viewer.last('group').failure).toBeNull();
    expect(viewer.last('campaigns').failure?.code).toBe('STORE_NOT_FOUND');
    expect(viewer.last('campaigns').data).not.toBeNull();
    await console.close();
  });

  it('a broker that hangs holds up neither the beat nor the store, and is asked once', async () => {
    let looks = 0;
    const admin = proxied(world.cluster, {
      describeGroup: () => {
        looks += 1;
        return new Promise<never>(() => undefined);
      },
    });
    const console = world.console({ admin });
    const viewer = new Viewer(console);
    await world.pass(5500);
    expect(viewer.all('beat')).toHaveLength(5);
    await world.createCampaign(1, 10);
    await world.pass(2000);
    expect(viewer.last('campaigns').data?.campaigns).toHaveLength(1);
    expect(looks).toBe(1);
    await console.close();
  });

  it('a state is given without what does not answer, and says so', async () => {
    const admin = proxied(world.cluster, {
      describeGroup: () => new Promise<never>(() => undefined),
    });
    const console = world.console({ admin });
    const state = await world.clock.run(console.state());
    expect(state.group.failure?.code).toBe('NO_ANSWER');
    expect(state.campaigns.failure).toBeNull();
    await console.close();
  });

  it('a store that comes later is opened then, and one that is put in its place is counted from the start', async () => {
    world.access.store = null;
    const console = world.console();
    const viewer = new Viewer(console);
    await world.pass(1500);
    expect(viewer.last('campaigns').failure?.code).toBe('STORE_NOT_FOUND');
    await world.createCampaign(1, 100);
    await world.request(1, [1, 2, 3]);
    world.access.store = world.store;
    await world.pass(1000);
    expect(viewer.last('campaigns').data?.outcomes.ISSUED).toBe(3);
    world.access.store = new MemoryStore({ clock: world.clock.now });
    await world.pass(12_000);
    expect(viewer.last('campaigns').data).toMatchObject({ campaigns: [], outcomes: { ISSUED: 0 } });
    expect(viewer.last('campaigns').failure).toBeNull();
    await console.close();
  });
});

it('a clock that is set back by an hour holds nothing up', async () => {
  await world.createCampaign(1, 10_000);
  const setBackAtMs = world.clock.now() + 15_000;
  let backMs = 0;
  const clock = { now: () => world.clock.now() - backMs, wait: world.clock.wait };
  const admin = proxied(world.cluster, {
    describeGroup: (group: string) => {
      if (world.clock.now() >= setBackAtMs) backMs = 3_600_000;
      return world.cluster.describeGroup(group);
    },
  });
  const console = world.console({ clock, admin });
  const viewer = new Viewer(console);
  await world.pass(15_500);
  world.append(0, 50);
  await world.request(1, [1, 2, 3]);
  await world.pass(2000);
  expect(viewer.last('group')).toMatchObject({ failure: null, data: { totalLag: 50 } });
  expect(viewer.last('campaigns').data?.outcomes.ISSUED).toBe(3);
  expect(viewer.last('campaigns').data?.campaigns[0]?.issuedPerSecond).toBeGreaterThan(0);
  world.access.store = new MemoryStore({ clock: world.clock.now });
  world.append(0, 20);
  await world.pass(12_000);
  expect(viewer.last('beat').asOfMs.group).toBe(viewer.last('beat').atMs);
  expect(viewer.last('group').data?.inPerSecond).toBeGreaterThan(0);
  expect(viewer.last('campaigns').data?.campaigns).toEqual([]);
  await console.close();
});

it('a store that was set back to an earlier state is counted from the start', async () => {
  await world.createCampaign(1, 100);
  await world.request(1, [1, 2, 3]);
  const earlier = new MemoryStore({ clock: world.clock.now });
  let now = world.store;
  // The same store all the time, as a database that was restored.
  world.access.store = proxied(world.store, {
    outcomeTotals: (afterId, maxRows) => now.outcomeTotals(afterId, maxRows),
    campaigns: () => now.campaigns(),
    winners: (wanted) => now.winners(wanted),
  });
  const console = world.console();
  const viewer = new Viewer(console);
  await world.pass(1500);
  expect(viewer.last('campaigns').data?.outcomes.ISSUED).toBe(3);
  await earlier.createCampaign(1, { ...TERMS, totalQuantity: 100 });
  now = earlier;
  await world.pass(2000);
  expect(viewer.last('campaigns').data).toMatchObject({
    campaigns: [{ issuedQuantity: 0, outcomes: { ISSUED: 0 } }],
    outcomes: { ISSUED: 0 },
    counted: null,
  });
  await console.close();
});

describe('the group', () => {
  it('has the members, its lag, and what came before of each partition', async () => {
    world.join('coupons-batch-1', [0, 1]);
    world.commit(0, 0n);
    world.append(0, 300);
    world.append(1, 5);
    const console = world.console();
    const viewer = new Viewer(console);
    await world.pass(2500);
    const group = viewer.last('group').data;
    expect(group).toMatchObject({
      state: 'Stable',
      memberCount: 1,
      totalLag: 305,
      status: 'CAUTION',
    });
    expect(group?.members).toEqual([
      {
        memberId: 'coupons-batch-1-id',
        clientId: 'coupons-batch-1',
        host: '10.0.0.1',
        partitions: [0, 1].map((partition) => ({ topic: REQUEST_TOPIC, partition })),
      },
    ]);
    expect(group?.partitions.map(({ isHot }) => isHot)).toEqual([true, false, false]);
    expect(group?.partitions[0]).toMatchObject({
      committedOffset: '0',
      endOffset: '300',
      lagHistory: [300, 300, 300],
      memberId: 'coupons-batch-1-id',
    });
    expect(group?.notes.map(({ code }) => code)).toContain('HOT_PARTITION');
    await console.close();
  });

  it('an offline partition stands among the others, without figures', async () => {
    world.cluster.log(REQUEST_TOPIC).offline.add(1);
    const console = world.console();
    const viewer = new Viewer(console);
    await world.pass(500);
    const partitions = viewer.last('group').data?.partitions;
    expect(partitions?.map(({ isOnline }) => isOnline)).toEqual([true, false, true]);
    expect(partitions?.[1]).toMatchObject({ partition: 1, lag: null, lagHistory: [] });
    await console.close();
  });

  it('names a store that is not that of the group, as `coupons lag` does', async () => {
    const mark = {
      id: 'another',
      host: 'elsewhere',
      path: '/other.db',
      sinceMs: 0,
      pid: null,
      applied: 3n,
    };
    world.append(0, 5);
    world.cluster.commit('coupon-issue-group', REQUEST_TOPIC, 0, 3n, mark);
    const console = world.console();
    const viewer = new Viewer(console);
    await world.pass(500);
    expect(viewer.last('group').data?.notes.map(({ code }) => code)).toContain(
      'OFFSETS_OF_ANOTHER_STORE',
    );
    await console.close();
  });

  it('charts have the records a second in and out, and the lag', async () => {
    world.join('coupons-batch-1');
    world.commit(0, 0n);
    const console = world.console();
    const viewer = new Viewer(console);
    for (let second = 1; second <= 6; second += 1) {
      await world.pass(1000);
      world.append(0, 100);
      world.commit(0, BigInt(second * 40));
    }
    await world.pass(1000);
    expect(viewer.last('point')).toMatchObject({ inPerSecond: 100, outPerSecond: 40, lag: 360 });
    await console.close();
  });
});

describe('campaigns', () => {
  it('have their outcomes, the moment they sold out, and both winners', async () => {
    await world.createCampaign(1, 2);
    const console = world.console();
    const viewer = new Viewer(console);
    await world.pass(1500);
    await world.request(1, [11]);
    await world.request(1, [12]);
    const soldOutAtMs = world.clock.now();
    await world.pass(700);
    await world.request(1, [13, 14]);
    await world.pass(1000);
    const [campaign] = viewer.last('campaigns').data?.campaigns ?? [];
    expect(campaign).toMatchObject({
      issuedQuantity: 2,
      outcomes: { ISSUED: 2, SOLD_OUT: 2 },
      soldOutAtMs,
      firstWinner: { userId: 11, sequence: 1 },
      lastWinner: { userId: 12, sequence: 2 },
    });
    expect(viewer.last('campaigns').data).toMatchObject({
      outcomes: { ISSUED: 2, SOLD_OUT: 2 },
      withoutCampaign: 0,
      oversold: 0,
      counted: null,
    });
    await console.close();
  });

  it('outcomes of a coupon without a campaign are counted apart', async () => {
    await world.request(99, [1, 2]);
    const console = world.console();
    const viewer = new Viewer(console);
    await world.pass(500);
    expect(viewer.last('campaigns').data).toMatchObject({
      campaigns: [],
      withoutCampaign: 2,
      outcomes: { NOT_FOUND: 2 },
    });
    await console.close();
  });

  it('of a great many the first 500 are shown, and the others counted', async () => {
    for (let couponId = 1; couponId <= MOST_CAMPAIGNS + 7; couponId += 1) {
      await world.createCampaign(couponId, 10);
    }
    const console = world.console();
    const viewer = new Viewer(console);
    await world.pass(500);
    expect(viewer.last('campaigns').data).toMatchObject({ omitted: 7 });
    expect(viewer.last('campaigns').data?.campaigns).toHaveLength(MOST_CAMPAIGNS);
    await console.close();
  });

  it('a point has how long coupons took that were issued since the point before', async () => {
    await world.createCampaign(1, 10);
    await world.request(1, [1]);
    const console = world.console();
    const viewer = new Viewer(console);
    await world.pass(1500);
    expect(viewer.last('point').issuedP50Ms).toBeNull();
    await world.request(1, [2]);
    await world.pass(1000);
    expect(viewer.last('point')).toMatchObject({ issuedP50Ms: 20, issuedP99Ms: 20 });
    await world.pass(1000);
    expect(viewer.last('point').issuedP50Ms).toBeNull();
    await console.close();
  });
});

describe('advice', () => {
  it('comes after ten seconds of looking at the group, with commands that can be pasted', async () => {
    world.append(0, 1000);
    world.commit(0, 0n);
    const console = world.console();
    const viewer = new Viewer(console);
    await world.pass(9500);
    expect(viewer.last('advice').data).toBeNull();
    await world.pass(3000);
    const advice = viewer.last('advice').data;
    expect(advice?.observedMs).toBeGreaterThanOrEqual(10_000);
    expect(advice?.findings.map(({ code }) => code)).toContain('NO_MEMBERS');
    expect(advice?.steps[0]).toMatchObject({ order: 1, code: 'START_CONSUMERS' });
    expect(advice?.steps[0]?.command).toMatch(/^coupons consume .*--brokers broker:9092$/);
    await console.close();
  });
});

describe('audits', () => {
  it('one runs at a time, says how far it is, and its result is kept', async () => {
    const console = world.console();
    const viewer = new Viewer(console);
    console.startAudit();
    console.startAudit();
    await world.pass(1500);
    const audits = viewer.all('audit');
    expect(audits.filter(({ running, last }) => running !== null && last === null)).toHaveLength(1);
    expect(viewer.last('audit')).toMatchObject({
      running: null,
      last: { verdict: 'PASS', findingCount: 0 },
      failure: null,
    });
    const state = await world.clock.run(console.state());
    expect(state.audit.last?.verdict).toBe('PASS');
    await console.close();
  });

  it('each that comes to a verdict is an event of the store', async () => {
    const events: EventDetails[] = [];
    const happened = (event: EventDetails) => {
      events.push(event);
      return Promise.resolve();
    };
    const console = world.console({ happened });
    console.startAudit();
    await world.pass(500);
    await world.cluster.deleteTopics([REQUEST_TOPIC]);
    console.startAudit();
    await world.pass(500);
    expect(events).toMatchObject([{ kind: 'AUDITED', couponId: null, verdict: 'PASS' }]);
    await console.close();
  });

  it('one that fails says why, and the last result stays', async () => {
    const console = world.console();
    const viewer = new Viewer(console);
    console.startAudit();
    await world.pass(500);
    await world.cluster.deleteTopics([REQUEST_TOPIC]);
    console.startAudit();
    await world.pass(500);
    expect(viewer.last('audit')).toMatchObject({
      running: null,
      last: { verdict: 'PASS' },
      failure: { code: 'TOPIC_NOT_FOUND' },
    });
    await console.close();
  });

  it('runs by itself every so many minutes, also without viewers', async () => {
    const console = world.console({}, { auditEveryMs: 60_000 });
    const ends = [];
    for (let minute = 0; minute < 3; minute += 1) {
      await world.pass(60_000);
      ends.push((await world.clock.run(console.state())).audit.last?.endedAtMs);
    }
    expect(new Set(ends).size).toBe(3);
    await console.close();
  });
});

describe('a user', () => {
  it('is answered as `issued show` does', async () => {
    await world.createCampaign(1, 1);
    await world.request(1, [5, 6]);
    const console = world.console();
    const never = new AbortController().signal;
    expect(await console.user(1, 5, never)).toMatchObject({ status: 'ISSUED', sequence: 1 });
    expect(await console.user(1, 6, never)).toMatchObject({
      status: 'FAILED',
      outcome: 'SOLD_OUT',
      reason: {
        en: expect.stringMatching(/^1 of 1 were gone at .*; the last went to user 5\.$/) as unknown,
      },
    });
    expect(await console.user(1, 7, never)).toMatchObject({
      status: 'NOT_REQUESTED',
      reason: null,
    });
    await console.close();
  });

  it('is not looked for any longer once the caller is gone', async () => {
    world.append(0, 10);
    const console = world.console();
    await expect(console.user(1, 7, AbortSignal.abort())).rejects.toThrow('Interrupted');
    await console.close();
  });
});

it('half an hour of readings leaves no more behind than its points', async () => {
  world.join('coupons-batch-1');
  await world.createCampaign(1, 10);
  const console = world.console();
  const viewer = new Viewer(console);
  const heard = viewer.events;
  await world.pass(26 * 60_000);
  const points = (hours: number) => 900 + 10 + hours * 360;
  const second = new Viewer(console);
  expect(second.last('history').atMs.length).toBeLessThanOrEqual(points(0.25));
  expect(second.last('group').data?.partitions[0]?.lagHistory).toHaveLength(60);
  expect(heard.length).toBeGreaterThan(1000);
  await console.close();
});

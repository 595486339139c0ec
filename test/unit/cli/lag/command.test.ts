/** One look of `lag` on the cluster in memory. */
import { beforeEach, describe, expect, it } from 'vitest';
import { run } from '../../../../src/cli/lag/lag.js';
import {
  CONSUMER_GROUP,
  DLQ_TOPIC,
  REQUEST_TOPIC,
  topicsOf,
} from '../../../../src/coupon/topics.js';
import type { GroupMemberDescription } from '../../../../src/ports/cluster-admin.js';
import { UnreachableError } from '../../../../src/errors.js';
import type { StoreStand } from '../../../../src/ports/group-store.js';
import { CommandServices } from '../../../support/command-line/command-services.js';
import * as contract from '../../../support/json-contract/contract.js';
import { MemoryCluster } from '../../../support/memory/cluster.js';
import { VirtualClock } from '../../../support/clock/virtual.js';

const NOW = new VirtualClock().now();
const OPTIONS = { group: CONSUMER_GROUP, warnAbove: 1000, interval: 2 };

let cluster: MemoryCluster;
beforeEach(async () => {
  cluster = new MemoryCluster([1]);
  await cluster.createTopics(topicsOf('local'));
});

async function lag(options: Partial<Parameters<typeof run>[1]> = {}) {
  const services = new CommandServices(cluster, { format: 'json' });
  const result = await run(services, { ...OPTIONS, ...options });
  return { result, report: contract.lag.parse(services.json()) };
}

function append(partition: number, records: number): void {
  for (let left = records; left > 0; left -= 1) cluster.append(REQUEST_TOPIC, partition, {});
}

function member(clientId: string, partitions: readonly number[]): GroupMemberDescription {
  return {
    memberId: `${clientId}-id`,
    clientId,
    host: '10.0.0.1',
    assignment: partitions.length === 0 ? {} : { [REQUEST_TOPIC]: partitions },
    isAssignmentReadable: true,
    subscription: [REQUEST_TOPIC],
    store: null,
  };
}

it('counts from the committed offsets, and from the start where nothing was committed', async () => {
  append(0, 5);
  append(1, 3);
  cluster.log(REQUEST_TOPIC).deleteBefore(1, 1n);
  cluster.commit(CONSUMER_GROUP, REQUEST_TOPIC, 0, 4n);
  const { report } = await lag();
  expect(report).toMatchObject({ group: CONSUMER_GROUP, totalLag: 3 });
  expect(report.partitions.map((partition) => partition.lag)).toEqual([1, 2, 0]);
});

it('fails the check above its limit, not at it', async () => {
  append(0, 5);
  expect((await lag({ failAbove: 5 })).result).toBeUndefined();
  expect((await lag({ failAbove: 4 })).result).toBe('check-failed');
});

it('names who reads each partition, and the members that have none', async () => {
  cluster.describe(CONSUMER_GROUP, {
    state: 'Stable',
    sharesPartitions: true,
    members: [member('coupons-batch-1', [0, 1, 2]), member('coupons-batch-2', [])],
  });
  append(0, 1);
  const { report } = await lag();
  expect(report).toMatchObject({ state: 'Stable', members: 2 });
  expect(report.partitions[0]).toMatchObject({ clientId: 'coupons-batch-1', host: '10.0.0.1' });
  expect(report.notes.join('\n')).toContain('1 of 2 members is idle');
});

it('counts an offline partition nowhere, and fails a check for it', async () => {
  append(0, 2);
  append(1, 2);
  cluster.log(REQUEST_TOPIC).offline.add(1);
  const { report, result } = await lag({ failAbove: 100 });
  expect(report).toMatchObject({
    totalLag: 2,
    status: 'STOPPED',
    offlinePartitions: [{ topic: REQUEST_TOPIC, partition: 1 }],
  });
  expect(result).toBe('check-failed');
});

it('names the members whose assignment is not readable, and does not call them idle', async () => {
  const custom = { ...member('custom', []), isAssignmentReadable: false };
  cluster.describe(CONSUMER_GROUP, { state: 'Stable', sharesPartitions: true, members: [custom] });
  cluster.commit(CONSUMER_GROUP, REQUEST_TOPIC, 0, 0n);
  append(0, 3);
  const { report, result } = await lag();
  expect(result).toBeUndefined();
  const unreadableMembers = [{ clientId: 'custom', host: '10.0.0.1' }];
  expect(report).toMatchObject({ totalLag: 3, idleMembers: [], unreadableMembers });
  expect(report.noteCodes).toEqual(['ASSIGNMENT_NOT_READABLE']);
  expect(report.notes[0]).toContain('is not readable');
});

describe('a topic that no member subscribes to any more', () => {
  beforeEach(() => {
    const orders = 'order-created-events';
    const joined = member('coupons-batch-1', [0, 1, 2]);
    const members = [joined];
    cluster.describe(CONSUMER_GROUP, { state: 'Stable', sharesPartitions: true, members });
    cluster.commit(CONSUMER_GROUP, orders, 0, 0n);
    for (let left = 7; left > 0; left -= 1) cluster.append(orders, 0, {});
    cluster.commit(CONSUMER_GROUP, REQUEST_TOPIC, 0, 0n);
  });

  it('is named, and counted nowhere', async () => {
    const { report } = await lag({ failAbove: 0 });
    expect(report).toMatchObject({
      ...{ totalLag: 0, status: 'OK', missingTopics: [] },
      abandonedTopics: [{ topic: 'order-created-events', lag: 7 }],
      noteCodes: ['TOPIC_ABANDONED'],
    });
    expect(report.partitions.map(({ topic }) => topic)).not.toContain('order-created-events');
  });

  it('is shown where it is asked for', async () => {
    const { report } = await lag({ topic: 'order-created-events' });
    expect(report).toMatchObject({ totalLag: 7, abandonedTopics: [] });
  });

  it('is counted while it is not known what a member subscribes to', async () => {
    const members = [
      member('coupons-batch-1', [0, 1, 2]),
      { ...member('b', []), subscription: null },
    ];
    cluster.describe(CONSUMER_GROUP, { state: 'Stable', sharesPartitions: true, members });
    const { report } = await lag();
    expect(report).toMatchObject({ totalLag: 7, abandonedTopics: [] });
  });

  it('is never that of requests: that they are not read is what there is to say', async () => {
    append(0, 2);
    const members = [{ ...member('other', []), subscription: ['order-created-events'] }];
    cluster.describe(CONSUMER_GROUP, { state: 'Stable', sharesPartitions: true, members });
    expect((await lag()).report).toMatchObject({ totalLag: 9, abandonedTopics: [] });
  });
});

it('says that no group reads dead letters, and raises no alarm for them', async () => {
  cluster.append(DLQ_TOPIC, 0, {});
  const services = new CommandServices(cluster);
  await run(services, { ...OPTIONS, topic: DLQ_TOPIC });
  expect(services.printed).toContain('does not read this topic');
  expect(services.printed).toContain(`No group reads ${DLQ_TOPIC}`);
  expect(services.printed).not.toMatch(/STOPPED|coupons consume/);
  expect((await lag({ topic: DLQ_TOPIC })).report.noteCodes).toEqual(['TOPIC_NOT_READ']);
});

it('says how many dead letters came lately, though there is no lag', async () => {
  cluster.append(DLQ_TOPIC, 0, { timestampMs: NOW - 3_600_000 });
  cluster.commit(CONSUMER_GROUP, REQUEST_TOPIC, 0, 0n);
  expect((await lag()).report).toMatchObject({ recentDeadLetters: 0, notes: [] });
  for (const minutes of [9, 1]) {
    cluster.append(DLQ_TOPIC, 0, { timestampMs: NOW - minutes * 60_000 });
  }
  const { report } = await lag();
  expect(report).toMatchObject({ recentDeadLetters: 2, noteCodes: ['RECENT_DEAD_LETTERS'] });
  await cluster.deleteTopics([DLQ_TOPIC]);
  expect((await lag()).report).toMatchObject({ recentDeadLetters: null, notes: [] });
});

it('is not green where nothing reads what comes next', async () => {
  cluster.commit(CONSUMER_GROUP, REQUEST_TOPIC, 0, 0n);
  const services = new CommandServices(cluster);
  await run(services, OPTIONS);
  expect(services.printed).toContain('The group has no member: what comes next waits');
});

describe('beside a store of this machine', () => {
  const mark = { id: 'one', host: 'web-1', path: '/nowhere/coupons.db', sinceMs: 0, pid: null };
  const beside = async (stand: () => Promise<StoreStand>) => {
    append(0, 7);
    cluster.commit(CONSUMER_GROUP, REQUEST_TOPIC, 0, 7n, { ...mark, applied: 7n });
    const services = new CommandServices(cluster, { format: 'json' });
    services.storeStand = stand;
    await run(services, OPTIONS);
    return contract.lag.parse(services.json());
  };

  it('is not OK where the store lacks what the group has committed', async () => {
    const { id, path } = mark;
    const report = await beside(() => Promise.resolve({ id, path, positions: [] }));
    expect(report).toMatchObject({ totalLag: 0, status: 'WARNING' });
    expect(report.noteCodes).toEqual(['OFFSETS_AHEAD_OF_STORE']);
  });

  it('says that the store can’t be read', async () => {
    const report = await beside(() =>
      Promise.reject(new UnreachableError('STORE_CORRUPT', 'The store is damaged.')),
    );
    expect(report).toMatchObject({ status: 'OK', noteCodes: ['STORE_NOT_COMPARED'] });
    expect(report.notes[0]).toContain('The store is damaged.');
  });

  it('says nothing of a machine without a store', async () => {
    const report = await beside(() =>
      Promise.reject(new UnreachableError('STORE_NOT_FOUND', 'There is no store.')),
    );
    expect(report.noteCodes).toEqual([]);
  });
});

it('goes on with the other topics of a group where one was deleted', async () => {
  cluster.commit(CONSUMER_GROUP, REQUEST_TOPIC, 0, 0n);
  cluster.commit(CONSUMER_GROUP, 'deleted', 0, 7n);
  append(0, 2);
  const { report } = await lag();
  expect(report).toMatchObject({ totalLag: 2, missingTopics: ['deleted'] });
});

it('says that there is no such topic where none of them exists', async () => {
  await expect(lag({ topic: 'missing' })).rejects.toMatchObject({ code: 'TOPIC_NOT_FOUND' });
});

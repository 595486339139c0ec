/** One look of `lag` on the cluster in memory. */
import { beforeEach, expect, it } from 'vitest';
import { run } from '../../../src/cli/lag/lag.js';
import { CONSUMER_GROUP, REQUEST_TOPIC, topicsOf } from '../../../src/coupon/topics.js';
import { CommandServices } from '../../support/command-services.js';
import * as contract from '../../support/contract.js';
import { MemoryCluster } from '../../support/memory-cluster.js';

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
  const member = (clientId: string, partitions: readonly number[]) => ({
    memberId: `${clientId}-id`,
    clientId,
    host: '10.0.0.1',
    assignment: partitions.length === 0 ? {} : { [REQUEST_TOPIC]: partitions },
    store: null,
  });
  cluster.describe(CONSUMER_GROUP, {
    state: 'Stable',
    sharesPartitions: true,
    members: [member('coupons-batch-1', [0, 1, 2]), member('coupons-batch-2', [])],
  });
  append(0, 1);
  const { report } = await lag();
  expect(report).toMatchObject({ state: 'Stable', members: 2 });
  expect(report.partitions[0]).toMatchObject({ clientId: 'coupons-batch-1', host: '10.0.0.1' });
  expect(report.notes.join('\n')).toContain('1 of 2 members are idle');
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

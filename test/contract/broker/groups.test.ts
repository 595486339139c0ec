import kafkajs, { type Consumer } from 'kafkajs';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { eventually } from '../../support/eventually.js';
import { startCluster, uniqueName, type Cluster } from './cluster.js';

let cluster: Cluster;
let topic: string;

beforeAll(async () => {
  cluster = await startCluster();
  topic = uniqueName('groups');
  await cluster.admin.createTopics({ topics: [{ topic, numPartitions: 3 }] });
  const producer = cluster.kafka.producer({
    createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
  });
  await producer.connect();
  const messages = [0, 1, 2].flatMap((partition) =>
    [0, 1].map((i) => ({ partition, key: 'k', value: String(i) })),
  );
  await producer.send({ topic, messages });
  await producer.disconnect();
});

afterAll(async () => {
  await cluster.admin.deleteTopics({ topics: [topic] });
  await cluster.stop();
});

interface TestMember {
  readonly consumer: Consumer;
  /** As of the last rebalance. */
  assigned: readonly number[];
  /** `partition:offset` of each record. */
  readonly received: string[];
}

async function member(groupId: string): Promise<TestMember> {
  const consumer = cluster.kafka.consumer({
    groupId,
    maxWaitTimeInMs: 200,
    heartbeatInterval: 300,
    sessionTimeout: 6000,
  });
  onTestFinished(() => consumer.disconnect());
  const self: TestMember = { consumer, assigned: [], received: [] };
  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
    self.assigned = payload.memberAssignment[topic] ?? [];
  });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  await consumer.run({
    autoCommitInterval: 100,
    eachMessage({ partition, message }) {
      self.received.push(`${String(partition)}:${message.offset}`);
      return Promise.resolve();
    },
  });
  return self;
}

const stateOf = async (groupId: string) =>
  (await cluster.admin.describeGroups([groupId])).groups[0]?.state;

const committed = async (groupId: string) => {
  const [offsets] = await cluster.admin.fetchOffsets({ groupId, topics: [topic] });
  return offsets?.partitions.map(({ offset }) => offset);
};

test('one member has every partition and reads every record', async () => {
  const only = await member(uniqueName('one'));
  await eventually(() => only.received.length === 6);
  expect(only.assigned).toEqual([0, 1, 2]);
  expect([...only.received].sort()).toEqual(['0:0', '0:1', '1:0', '1:1', '2:0', '2:1']);
});

test('a second member takes partitions over, and gives them back when it leaves', async () => {
  const groupId = uniqueName('two');
  const first = await member(groupId);
  await eventually(() => first.assigned.length === 3);
  const second = await member(groupId);
  await eventually(() => first.assigned.length < 3 && second.assigned.length > 0);
  expect([...first.assigned, ...second.assigned].sort()).toEqual([0, 1, 2]);
  const { groups } = await cluster.admin.describeGroups([groupId]);
  expect(groups[0]).toMatchObject({ protocolType: 'consumer', protocol: 'RoundRobinAssigner' });
  expect(groups[0]?.members).toHaveLength(2);
  expect(groups[0]?.members[0]?.clientId).toBe('coupons-test');
  await second.consumer.disconnect();
  await eventually(() => first.assigned.length === 3);
});

test('who comes after goes on where the group had committed', async () => {
  const groupId = uniqueName('resume');
  const first = await member(groupId);
  await eventually(() => first.received.length === 6);
  await first.consumer.disconnect();
  expect(await committed(groupId)).toEqual(['2', '2', '2']);
  await eventually(async () => (await stateOf(groupId)) === 'Empty');
  const second = await member(groupId);
  await eventually(() => second.assigned.length === 3);
  await second.consumer.disconnect();
  expect(second.received).toEqual([]);
});

test('offsets are set from outside only while the group is empty', async () => {
  const groupId = uniqueName('outside');
  const set = (offset: string) =>
    cluster.admin.setOffsets({ groupId, topic, partitions: [{ partition: 0, offset }] });
  await set('1');
  expect(await committed(groupId)).toEqual(['1', '-1', '-1']);
  const only = await member(groupId);
  await eventually(() => only.received.length === 5);
  expect(only.received).not.toContain('0:0');
  await expect(set('0')).rejects.toThrow(/member|running|active/i);
});

test('a group is deleted once it has no members', async () => {
  const groupId = uniqueName('deleted');
  const only = await member(groupId);
  await eventually(() => only.assigned.length === 3);
  const error: unknown = await cluster.admin.deleteGroups([groupId]).catch((e: unknown) => e);
  expect(error).toMatchObject({ groups: [{ errorCode: 68 }] });
  await only.consumer.disconnect();
  await cluster.admin.deleteGroups([groupId]);
  const { groups } = await cluster.admin.listGroups();
  expect(groups.map((group) => group.groupId)).not.toContain(groupId);
});

import kafkajs, { type ITopicConfig } from 'kafkajs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from '../../support/eventually.js';
import { startCluster, uniqueName, type Cluster } from './cluster.js';

const { ConfigResourceTypes } = kafkajs;

let cluster: Cluster;

beforeAll(async () => {
  cluster = await startCluster();
});

afterAll(() => cluster.stop());

const codesOf = async (attempt: Promise<unknown>) => {
  const error = await attempt.then(
    () => null,
    (thrown: unknown) => thrown as { errors?: { type: string }[]; type?: string },
  );
  return error?.errors?.map(({ type }) => type) ?? [error?.type];
};

const retentionOf = async (name: string) => {
  const { resources } = await cluster.admin.describeConfigs({
    includeSynonyms: false,
    resources: [{ type: ConfigResourceTypes.TOPIC, name, configNames: ['retention.ms'] }],
  });
  const entry = resources[0]?.configEntries[0];
  return { value: entry?.configValue, source: entry?.configSource as number | undefined };
};

test('a topic that was created is described with its partitions', async () => {
  const topic = await cluster.newTopic({ numPartitions: 3 });
  const { topics } = await cluster.admin.fetchTopicMetadata({ topics: [topic] });
  const partitions = topics[0]?.partitions ?? [];
  expect(partitions.map(({ partitionId }) => partitionId).sort()).toEqual([0, 1, 2]);
  expect(partitions.every(({ isr, replicas }) => isr.length === 1 && replicas.length === 1)).toBe(
    true,
  );
  expect(await cluster.admin.listTopics()).toContain(topic);
});

test('a topic that was deleted is gone', async () => {
  const topic = await cluster.newTopic();
  await cluster.admin.deleteTopics({ topics: [topic] });
  await eventually(async () => !(await cluster.admin.listTopics()).includes(topic));
});

test('validateOnly creates nothing', async () => {
  const topic = uniqueName('planned');
  await cluster.admin.createTopics({
    validateOnly: true,
    waitForLeaders: false,
    topics: [{ topic }],
  });
  expect(await cluster.admin.listTopics()).not.toContain(topic);
});

test.each<[string, Partial<ITopicConfig>]>([
  ['INVALID_TOPIC_EXCEPTION', { topic: 'no spaces' }],
  ['INVALID_TOPIC_EXCEPTION', { topic: '..' }],
  ['INVALID_TOPIC_EXCEPTION', { topic: 'x'.repeat(250) }],
  ['INVALID_PARTITIONS', { numPartitions: 0 }],
  ['INVALID_REPLICATION_FACTOR', { replicationFactor: 32 }],
  ['INVALID_CONFIG', { configEntries: [{ name: 'no.such.config', value: '1' }] }],
  ['INVALID_CONFIG', { configEntries: [{ name: 'retention.ms', value: 'long' }] }],
])('%s: %j', async (code, wrong) => {
  const topic = { topic: uniqueName('wrong'), ...wrong };
  expect(await codesOf(cluster.admin.createTopics({ topics: [topic] }))).toEqual([code]);
});

test('partitions grow, and never shrink', async () => {
  const topic = await cluster.newTopic({ numPartitions: 2 });
  const grow = (count: number) =>
    cluster.admin.createPartitions({ topicPartitions: [{ topic, count }] });
  await grow(4);
  // A partition that is new may have no leader yet.
  const count = () => cluster.admin.fetchTopicOffsets(topic).then((offsets) => offsets.length);
  await eventually(async () => (await count().catch(() => 0)) === 4);
  expect(await codesOf(grow(4))).toEqual(['INVALID_PARTITIONS']);
  expect(await codesOf(grow(3))).toEqual(['INVALID_PARTITIONS']);
});

test('configs show where they come from, and altering replaces them all', async () => {
  const topic = await cluster.newTopic({
    configEntries: [{ name: 'retention.ms', value: '1234567' }],
  });
  expect(await retentionOf(topic)).toEqual({ value: '1234567', source: 1 });
  const resource = { type: ConfigResourceTypes.TOPIC, name: topic };
  const configEntries = [{ name: 'max.message.bytes', value: '2000' }];
  await cluster.admin.alterConfigs({
    validateOnly: false,
    resources: [{ ...resource, configEntries }],
  });
  expect(await retentionOf(topic)).toEqual({ value: '604800000', source: 5 });
});

test('a group that does not exist is "Dead", and cannot be deleted', async () => {
  const group = uniqueName('nobody');
  const { groups } = await cluster.admin.describeGroups([group]);
  expect(groups[0]?.state).toBe('Dead');
  const error: unknown = await cluster.admin.deleteGroups([group]).catch((e: unknown) => e);
  expect(error).toMatchObject({ groups: [{ errorCode: 69 }] });
});

test('records before an offset are deleted', async () => {
  const topic = await cluster.newTopic();
  const producer = cluster.kafka.producer({
    createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
  });
  await producer.connect();
  for (let i = 0; i < 3; i++) {
    await producer.send({ topic, messages: [{ key: 'k', value: String(i) }] });
  }
  await producer.disconnect();
  const remove = (offset: string) =>
    cluster.admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset }] });
  // kafkajs finds the leader only of topics that it has been asked about before.
  await cluster.admin.fetchTopicOffsets(topic);
  await remove('2');
  expect(await cluster.admin.fetchTopicOffsets(topic)).toMatchObject([{ low: '2', high: '3' }]);
  await remove('-1');
  expect(await cluster.admin.fetchTopicOffsets(topic)).toMatchObject([{ low: '3', high: '3' }]);
});

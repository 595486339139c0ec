import kafkajs, { type Admin, type Kafka, type KafkaConfig } from 'kafkajs';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { startEmbeddedBroker, type EmbeddedBroker } from '../../support/broker/embedded-broker.js';
import { kafkaAt } from '../../support/broker/kafkajs-client.js';
import { uniqueName } from '../broker/cluster.js';

let broker: EmbeddedBroker;
let admin: Admin;
let topic: string;

beforeAll(async () => {
  broker = await startEmbeddedBroker();
  admin = client().admin();
  await admin.connect();
});

beforeEach(async () => {
  topic = uniqueName('faults');
  await admin.createTopics({ topics: [{ topic, numPartitions: 2 }] });
});

afterEach(() => broker.faults.clear());

afterAll(async () => {
  await admin.disconnect();
  await broker.stop();
});

/** Without retries: one request meets one fault. */
function client(options: Partial<KafkaConfig> = {}): Kafka {
  return kafkaAt([broker.address], { retry: { retries: 0 }, ...options });
}

async function send(kafka: Kafka, partition: number) {
  const createPartitioner = kafkajs.Partitioners.DefaultPartitioner;
  const producer = kafka.producer({ createPartitioner });
  await producer.connect();
  try {
    await producer.send({ topic, messages: [{ partition, value: 'value' }] });
  } finally {
    await producer.disconnect();
  }
}

async function ends(): Promise<string[]> {
  const offsets = await admin.fetchTopicOffsets(topic);
  return offsets.sort((a, b) => a.partition - b.partition).map(({ high }) => high);
}

test('a produce to one partition is refused twice, then taken', async () => {
  const error = 'NOT_LEADER_OR_FOLLOWER';
  const fault = broker.faults.add({ api: 'Produce', topic, partition: 1, error, count: 2 });
  const refused = /not the leader/;
  await send(client(), 0);
  await expect(send(client(), 1)).rejects.toThrow(refused);
  await expect(send(client(), 1)).rejects.toThrow(refused);
  await send(client(), 1);
  expect(fault.hits).toBe(2);
  expect(await ends()).toEqual(['1', '1']);
});

test('a produce that is carried out and answered with an error is in the log', async () => {
  const error = 'NOT_ENOUGH_REPLICAS_AFTER_APPEND';
  broker.faults.add({ api: 'Produce', error, count: 1, carriedOut: true });
  await expect(send(client(), 0)).rejects.toThrow(/fewer in-sync replicas/);
  expect(await ends()).toEqual(['1', '0']);
});

test('a connection is closed in place of an answer, and the client connects again', async () => {
  const fault = broker.faults.add({ api: 'Produce', error: 'close', count: 1 });
  await send(client({ retry: { retries: 3, initialRetryTime: 50 } }), 0);
  expect(fault.hits).toBe(1);
  expect(await ends()).toEqual(['1', '0']);
  expect(broker.logLines.filter((line) => line.includes('injected fault'))).toHaveLength(1);
});

test('a request that is never answered ends by the timeout of its client', async () => {
  broker.faults.add({ api: 'Produce', error: 'silence' });
  const hurried = client({ requestTimeout: 200, enforceRequestTimeout: true });
  await expect(send(hurried, 0)).rejects.toThrow(/timed out/);
  expect(await ends()).toEqual(['0', '0']);
});

test('a delayed request is answered as usual', async () => {
  const fault = broker.faults.add({ api: 'Produce', delayMs: 50 });
  await send(client(), 0);
  expect(fault.hits).toBe(1);
  expect(await ends()).toEqual(['1', '0']);
});

test('the first requests pass, and a fault that is removed hits none', async () => {
  const fault = broker.faults.add({ api: 'Produce', error: 'REQUEST_TIMED_OUT', after: 1 });
  await send(client(), 0);
  await expect(send(client(), 0)).rejects.toThrow(/timed out/);
  fault.remove();
  await send(client(), 0);
  expect(await ends()).toEqual(['2', '0']);
});

test('a fault for one client id leaves the others alone', async () => {
  broker.faults.add({ api: 'Produce', clientId: 'victim', error: 'REQUEST_TIMED_OUT' });
  await send(client(), 0);
  await expect(send(client({ clientId: 'victim' }), 0)).rejects.toThrow(/timed out/);
});

test('one partition has no leader, which is what metadata says of its topic', async () => {
  const fault = broker.faults.add({
    ...{ api: 'Metadata', topic, partition: 1 },
    error: 'LEADER_NOT_AVAILABLE',
  });
  const other = uniqueName('faults');
  await admin.createTopics({ topics: [{ topic: other }] });
  await admin.fetchTopicMetadata({ topics: [other] });
  expect(fault.hits).toBe(0);
  // kafkajs takes a partition's error for one of the request.
  await expect(admin.fetchTopicMetadata({ topics: [topic] })).rejects.toThrow(/no leader/);
});

test('offsets of one partition cannot be read, those of the other can', async () => {
  await admin.setOffsets({
    groupId: 'readers',
    topic,
    partitions: [
      { partition: 0, offset: '5' },
      { partition: 1, offset: '6' },
    ],
  });
  const error = 'COORDINATOR_LOAD_IN_PROGRESS';
  const fault = broker.faults.add({ api: 'OffsetFetch', topic, partition: 1, error, count: 1 });
  const read = () => admin.fetchOffsets({ groupId: 'readers', topics: [topic] });
  await expect(read()).rejects.toThrow(/coordinator is loading/);
  const [first] = await read();
  expect(first?.partitions.map(({ offset }) => offset)).toEqual(['5', '6']);
  expect(fault.hits).toBe(1);
});

test('a coordinator that moves: the group API answers with the error', async () => {
  broker.faults.add({ api: 'ListGroups', error: 'COORDINATOR_NOT_AVAILABLE', count: 1 });
  await expect(admin.listGroups()).rejects.toThrow(/not available/);
  await admin.listGroups();
});

test('an API that the broker does not have is a mistake in the test', () => {
  expect(() => broker.faults.add({ api: 'Fetsch' })).toThrow('no API Fetsch');
});

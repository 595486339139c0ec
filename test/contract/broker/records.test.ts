import kafkajs, { type IHeaders, type Message } from 'kafkajs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from '../../support/eventually.js';
import { startCluster, uniqueName, type Cluster } from './cluster.js';

const { CompressionTypes, Partitioners } = kafkajs;

let cluster: Cluster;

beforeAll(async () => {
  cluster = await startCluster();
});

afterAll(() => cluster.stop());

function newTopic(configs: Readonly<Record<string, string>> = {}): Promise<string> {
  const configEntries = Object.entries(configs).map(([name, value]) => ({ name, value }));
  return cluster.newTopic({ configEntries });
}

async function send(
  topic: string,
  messages: Message[],
  { compression = CompressionTypes.None, idempotent = false } = {},
) {
  const producer = cluster.kafka.producer({
    idempotent,
    createPartitioner: Partitioners.DefaultPartitioner,
  });
  await producer.connect();
  try {
    return await producer.send({ topic, messages, compression });
  } finally {
    await producer.disconnect();
  }
}

interface Received {
  readonly offset: string;
  readonly timestamp: string;
  readonly key: string | undefined;
  readonly value: string | null;
  readonly headers: Readonly<Record<string, string>>;
}

/** The first records of the topic's one partition. */
async function receive(topic: string, count: number, maxBytesPerPartition = 1_000_000) {
  const groupId = uniqueName('reader');
  const consumer = cluster.kafka.consumer({ groupId, maxWaitTimeInMs: 200, maxBytesPerPartition });
  const received: Received[] = [];
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  await consumer.run({
    eachMessage({ message }) {
      const { offset, timestamp } = message;
      const value = message.value?.toString() ?? null;
      const headers = textHeaders(message.headers ?? {});
      received.push({ offset, timestamp, key: message.key?.toString(), value, headers });
      return Promise.resolve();
    },
  });
  await eventually(() => received.length >= count);
  await consumer.disconnect();
  await cluster.admin.deleteGroups([groupId]);
  return received;
}

const textHeaders = (headers: IHeaders) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));

test.each([
  ['uncompressed', CompressionTypes.None],
  ['gzip', CompressionTypes.GZIP],
])('key, value, headers and timestamp come back as they were sent (%s)', async (_, compression) => {
  const topic = await newTopic();
  const timestamp = String(Date.now() - 5000);
  const sent = [
    { key: 'k', value: 'v', headers: { a: '1', ä: 'ü' }, timestamp },
    { key: 'tombstone', value: null, timestamp },
  ];
  await send(topic, sent, { compression });
  expect(await receive(topic, 2)).toEqual([
    { ...sent[0], offset: '0' },
    { ...sent[1], offset: '1', headers: {} },
  ]);
});

test('each send is told the offset that it got', async () => {
  const topic = await newTopic();
  const first = await send(topic, [
    { key: 'a', value: '1' },
    { key: 'b', value: '2' },
  ]);
  const second = await send(topic, [{ key: 'c', value: '3' }]);
  expect([first[0]?.baseOffset, second[0]?.baseOffset]).toEqual(['0', '2']);
  expect(await cluster.admin.fetchTopicOffsets(topic)).toMatchObject([{ low: '0', high: '3' }]);
});

test("with LogAppendTime the timestamp is the broker's", async () => {
  const topic = await newTopic({ 'message.timestamp.type': 'LogAppendTime' });
  const before = Date.now();
  await send(topic, [{ key: 'k', value: 'v', timestamp: '1000' }]);
  const [record] = await receive(topic, 1);
  expect(Number(record?.timestamp)).toBeGreaterThanOrEqual(before);
});

test('an offset is found by its time', async () => {
  const topic = await newTopic();
  const base = Date.now() - 100_000;
  const at = (offsetMs: number) => ({ key: 'k', value: 'v', timestamp: String(base + offsetMs) });
  await send(topic, [at(0), at(1000), at(2000)]);
  await send(topic, [at(3000)], { compression: CompressionTypes.GZIP });
  const offsetAt = async (timeMs: number) =>
    (await cluster.admin.fetchTopicOffsetsByTimestamp(topic, timeMs))[0]?.offset;
  expect(await offsetAt(base - 1)).toBe('0');
  expect(await offsetAt(base + 1000)).toBe('1');
  expect(await offsetAt(base + 1001)).toBe('2');
  expect(await offsetAt(base + 2500)).toBe('3');
  // kafkajs gives the end of the log where there is no such record.
  expect(await offsetAt(base + 3001)).toBe('4');
});

test("a record's time is its own, whatever kafkajs puts into the header of its batch", async () => {
  const topic = await newTopic();
  const now = Date.now();
  const fiveDaysMs = 5 * 24 * 60 * 60 * 1000;
  // The header says that the newest record is five days old.
  await send(topic, [{ value: 'old', timestamp: String(now - fiveDaysMs) }, { value: 'new' }]);
  const [found] = await cluster.admin.fetchTopicOffsetsByTimestamp(topic, now - 60_000);
  expect(found?.offset).toBe('1');
});

test('one record too far ahead of the broker is refused with its batch', async () => {
  const topic = await newTopic({ 'message.timestamp.after.max.ms': '3600000' });
  const ahead = String(Date.now() + 2 * 3_600_000);
  const sending = send(topic, [{ value: 'now' }, { value: 'ahead', timestamp: ahead }]);
  await expect(sending).rejects.toMatchObject({ type: 'INVALID_TIMESTAMP' });
  await send(topic, [{ value: 'no time', timestamp: '-1' }]);
  const [end] = await cluster.admin.fetchTopicOffsets(topic);
  expect(end?.high).toBe('1');
});

test('a batch larger than what the consumer asks for still comes', async () => {
  const topic = await newTopic();
  const value = 'x'.repeat(50_000);
  await send(topic, [{ key: 'k', value }]);
  await send(topic, [{ key: 'k', value: 'after' }]);
  const values = (await receive(topic, 2, 1000)).map((record) => record.value);
  expect(values).toEqual([value, 'after']);
});

test('a record over max.message.bytes is refused', async () => {
  const topic = await newTopic({ 'max.message.bytes': '1000' });
  const sending = send(topic, [{ key: 'k', value: 'x'.repeat(2000) }]);
  await expect(sending).rejects.toMatchObject({ type: 'MESSAGE_TOO_LARGE' });
  await send(topic, [{ key: 'k', value: 'small' }]);
});

test('acks=all is never more than the replicas that there are', async () => {
  const topic = await newTopic({ 'min.insync.replicas': '2' });
  const [sent] = await send(topic, [{ key: 'k', value: 'v' }]);
  expect(sent).toMatchObject({ errorCode: 0, baseOffset: '0' });
});

test('an idempotent producer sends to a fresh topic', async () => {
  const topic = await newTopic();
  await send(topic, [{ key: 'a', value: '1' }], { idempotent: true });
  await send(topic, [{ key: 'a', value: '2' }], { idempotent: true });
  expect((await receive(topic, 2)).map(({ value }) => value)).toEqual(['1', '2']);
});

test('a topic that does not exist is not made by asking for it', async () => {
  const topic = uniqueName('nosuch');
  await expect(cluster.admin.fetchTopicMetadata({ topics: [topic] })).rejects.toMatchObject({
    type: 'UNKNOWN_TOPIC_OR_PARTITION',
  });
  expect(await cluster.admin.listTopics()).not.toContain(topic);
});

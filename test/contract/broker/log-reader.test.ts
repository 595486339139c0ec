/** Our log reader against a real broker. */
import kafkajs from 'kafkajs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { KafkaCluster } from '../../../src/kafka/client/cluster.js';
import { KafkaLogReader } from '../../../src/kafka/log/log-reader.js';
import { startCluster, uniqueName, type Cluster } from './cluster.js';

let cluster: Cluster;
let client: KafkaCluster;
let reader: KafkaLogReader;
const topic = uniqueName('read');

beforeAll(async () => {
  cluster = await startCluster();
  const options = { brokers: cluster.brokers, tls: null, sasl: null, timeoutMs: 10_000 };
  client = new KafkaCluster({ ...options, log: () => undefined });
  reader = new KafkaLogReader(client);
  await cluster.admin.createTopics({ topics: [{ topic, numPartitions: 3 }] });
  const { DefaultPartitioner } = kafkajs.Partitioners;
  const producer = cluster.kafka.producer({ createPartitioner: DefaultPartitioner });
  await producer.connect();
  const messages = [0, 1, 2].map((partition) => ({
    partition,
    value: 'x',
    timestamp: String(1_700_000_000_000 + partition),
  }));
  await producer.send({ topic, messages });
  await producer.disconnect();
});

afterAll(async () => {
  await reader.close();
  await client.close();
  await cluster.stop();
});

test('without a transaction both ends of a partition are the same', async () => {
  const bounds = { startOffset: 0n, endOffset: 1n, stableEndOffset: 1n };
  expect(await reader.bounds(topic)).toEqual(
    [0, 1, 2].map((partition) => ({ partition, ...bounds })),
  );
});

test('a partition whose offset is gone does not hide the ages of the others', async () => {
  const at = (partition: number, offset: bigint) => ({ topic, partition, offset });
  const positions = [at(0, 0n), at(1, 99n), at(2, 0n)];
  expect(await reader.firstTimestamps(positions)).toEqual([
    1_700_000_000_000,
    null,
    1_700_000_000_002,
  ]);
});

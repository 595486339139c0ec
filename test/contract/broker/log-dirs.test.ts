import { Partitioners } from 'kafkajs';
import Encoder from 'kafkajs/src/protocol/encoder.js';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { KafkaCluster } from '../../../src/kafka/client/cluster.js';
import { sendRaw } from '../../../src/kafka/client/raw-request.js';
import { KafkajsClusterAdmin } from '../../../src/kafka/admin/kafkajs-cluster-admin.js';
import { describeLogDirs, type LogDirReplica } from '../../../src/kafka/admin/log-dirs.js';
import type { TopicDescription } from '../../../src/ports/cluster-admin.js';
import { withSizes } from '../../../src/topics/sizes.js';
import { startCluster, uniqueName, type Cluster } from './cluster.js';

let cluster: Cluster;
let client: KafkaCluster;
let admin: KafkajsClusterAdmin;
let topic: string;

beforeAll(async () => {
  cluster = await startCluster();
  client = new KafkaCluster({
    brokers: cluster.brokers,
    tls: null,
    sasl: null,
    timeoutMs: 30_000,
    log: () => undefined,
  });
  admin = new KafkajsClusterAdmin(client);
});

beforeEach(async () => {
  topic = uniqueName('sizes');
  await cluster.admin.createTopics({
    topics: [{ topic, numPartitions: 2, replicationFactor: 1 }],
  });
});

afterAll(async () => {
  await client.close();
  await cluster.stop();
});

async function describeTopic(): Promise<TopicDescription> {
  const [described] = await admin.describeTopics([topic]);
  if (described === undefined) throw new Error(`${topic} is gone`);
  return described;
}

/** What the leader of partition 0 says. */
async function askLeader(
  question: ReturnType<typeof describeLogDirs>,
): Promise<readonly LogDirReplica[] | null> {
  const { partitions } = await describeTopic();
  return client.request('asking for sizes', async (_admin, inner) =>
    sendRaw(await inner.findBroker({ nodeId: String(partitions[0]?.leader) }), question),
  );
}

/** One batch of one record. */
async function send(valueBytes: number): Promise<void> {
  const producer = cluster.kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  const message = { key: 'k', value: 'v'.repeat(valueBytes), partition: 0 };
  await producer.send({ topic, messages: [message] });
  await producer.disconnect();
}

test('a partition takes the bytes of its batches', async () => {
  const question = describeLogDirs([{ topic, partitions: [0] }]);
  const sizeBytes = async () => (await askLeader(question))?.[0]?.sizeBytes ?? Number.NaN;
  expect(await askLeader(question)).toEqual([{ topic, partition: 0, sizeBytes: 0 }]);
  await send(10_000);
  const once = await sizeBytes();
  // A batch's own header is 61 bytes.
  expect(once).toBeGreaterThan(10_061);
  expect(once).toBeLessThan(10_100);
  await send(10_000);
  expect(await sizeBytes()).toBe(2 * once);
});

test('partitions that do not exist are left out, and each is told once', async () => {
  const unknown = { topic: uniqueName('unknown'), partitions: [0] };
  const twice = { topic, partitions: [0, 0, 2, -1] };
  expect(await askLeader(describeLogDirs([unknown, twice, twice]))).toEqual([
    { topic, partition: 0, sizeBytes: 0 },
  ]);
  expect(await askLeader(describeLogDirs([{ topic, partitions: [] }]))).toEqual([]);
  expect(await askLeader(describeLogDirs([]))).toEqual([]);
});

test('all partitions are told where none is named', async () => {
  const { partitions } = await describeTopic();
  const leader = partitions[0]?.leader;
  const led = partitions.filter((each) => each.leader === leader).map((each) => each.partition);
  const all = await askLeader({ ...describeLogDirs([]), body: new Encoder().writeInt32(-1) });
  const ours = all?.filter((replica) => replica.topic === topic) ?? [];
  expect(ours.map(({ partition }) => partition).sort()).toEqual(led);
});

test('the sizes of a topic are those of its leaders and of all replicas', async () => {
  await send(10_000);
  const [sized] = await withSizes(admin, [await describeTopic()]);
  const [first = 0, second] = sized?.partitions.map(({ sizeBytes }) => sizeBytes ?? -1) ?? [];
  expect(first).toBeGreaterThan(10_000);
  expect(second).toBe(0);
  expect(sized).toMatchObject({ sizeBytes: first, sizeOnDiskBytes: first });
});

test('a size is not known where a broker is not there, or a partition has no leader', async () => {
  const described = await describeTopic();
  const [first, ...others] = described.partitions;
  if (first === undefined) throw new Error('no partitions');
  const onGoneBroker = { ...first, replicas: [...first.replicas, 2_000_000_000] };
  const withGoneReplica = { ...described, partitions: [onGoneBroker, ...others] };
  const leaderless = { ...described, partitions: [{ ...first, leader: null }, ...others] };
  const sizes = await withSizes(admin, [withGoneReplica, leaderless]);
  expect(
    sizes.map(({ partitions, sizeBytes, sizeOnDiskBytes }) => [
      partitions[0]?.sizeBytes,
      sizeBytes,
      sizeOnDiskBytes,
    ]),
  ).toEqual([
    [0, 0, null],
    [null, null, 0],
  ]);
});

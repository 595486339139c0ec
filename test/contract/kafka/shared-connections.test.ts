/** Several calls at once over the connections that they share. */
import { Partitioners } from 'kafkajs';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { CliError } from '../../../src/errors.js';
import { listTopics } from '../../../src/kafka/admin/topics.js';
import { KafkaCluster } from '../../../src/kafka/client/cluster.js';
import { KafkaLogReader } from '../../../src/kafka/log/log-reader.js';
import type { LogRecord } from '../../../src/ports/log.js';
import { startCluster, uniqueName, type Cluster } from '../broker/cluster.js';

const RECORDS = 300n;

/** Counts how often connections were opened: each time they need a client of their own. */
class CountingCluster extends KafkaCluster {
  clients = 0;

  override client(...overrides: Parameters<KafkaCluster['client']>) {
    this.clients += 1;
    return super.client(...overrides);
  }
}

let cluster: Cluster;
let client: CountingCluster;
let reader: KafkaLogReader;
const topic = uniqueName('shared');

beforeAll(async () => {
  cluster = await startCluster();
  await cluster.admin.createTopics({ topics: [{ topic, numPartitions: 1, replicationFactor: 1 }] });
  const producer = cluster.kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  const messages = Array.from({ length: Number(RECORDS) }, () => ({ value: 'v'.repeat(1000) }));
  for (let sent = 0; sent < messages.length; sent += 10) {
    await producer.send({ topic, messages: messages.slice(sent, sent + 10) });
  }
  await producer.disconnect();
  client = new CountingCluster({
    brokers: cluster.brokers,
    tls: null,
    sasl: null,
    timeoutMs: 30_000,
    log: () => undefined,
  });
  reader = new KafkaLogReader(client);
});

afterEach(() => reader.close());

afterAll(async () => {
  await client.close();
  await cluster.stop();
});

async function readAll(): Promise<readonly LogRecord[]> {
  const records: LogRecord[] = [];
  for await (const chunk of reader.read(topic, 0, 0n, RECORDS, 20_000)) records.push(...chunk);
  return records;
}

async function outOfRange(): Promise<unknown> {
  const read = reader.read(topic, 0, RECORDS * 2n, RECORDS * 3n);
  return read.next().catch((error: unknown) => error);
}

test('one user of a log reader fails, and the others read on over the same connections', async () => {
  const before = client.clients;
  const failures = async () => {
    for (let count = 0; count < 5; count += 1) {
      expect(await outOfRange()).toMatchObject({ code: 'OFFSET_OUT_OF_RANGE' });
    }
  };
  const [records] = await Promise.all([readAll(), failures(), readAll()]);
  expect(BigInt(records.length)).toBe(RECORDS);
  expect(client.clients).toBe(before + 1);
});

test('a topic that is not there is named to the one who asked for it, and hides no other', async () => {
  const missing = uniqueName('missing');
  const failed = await reader.bounds(missing).catch((error: unknown) => error);
  expect(failed).toMatchObject({ code: 'TOPIC_NOT_FOUND' });
  expect((failed as CliError).message).toContain(missing);
  const bounds = () => reader.logBounds([topic]);
  const [known] = await Promise.all([bounds(), reader.bounds(missing).catch(() => null), bounds()]);
  expect(known.bounds.get(topic)).toMatchObject([{ partition: 0 }]);
});

test('a topic that was deleted while a reader follows it does not hide the others', async () => {
  const deleted = uniqueName('deleted');
  const spec = { topic: deleted, numPartitions: 1, replicationFactor: 1 };
  await cluster.admin.createTopics({ topics: [spec], waitForLeaders: true });
  await reader.logBounds([topic, deleted]);
  await cluster.admin.deleteTopics({ topics: [deleted] });
  const known = await reader.logBounds([topic]);
  expect(known.bounds.get(topic)).toMatchObject([{ partition: 0 }]);
  const failed = await reader.logBounds([deleted]).catch((error: unknown) => error);
  expect(failed).toMatchObject({ code: 'TOPIC_NOT_FOUND' });
});

test('a call that its caller ends is over at once, and the next one is unharmed', async () => {
  const stop = new AbortController();
  const ended = client.request({ doing: 'waiting', signal: stop.signal }, async (admin) => {
    await admin.listTopics();
    stop.abort();
    await admin.listTopics();
  });
  await expect(ended).rejects.toMatchObject({ code: 'INTERRUPTED' });
  expect(await listTopics(client)).toContain(topic);
});

/** A log that Kafka has compacted: batches whose records are all gone keep their place. */
import { Partitioners, type Kafka, type Producer } from 'kafkajs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DLQ_TOPIC, REQUEST_TOPIC } from '../../src/coupon/topics.js';
import {
  audit,
  campaign,
  consumed,
  dlqPeek,
  issuedList,
  topicsCreated,
} from '../support/json-contract/contract.js';
import { eventually } from '../support/eventually.js';
import { kafkaAt } from '../support/broker/kafkajs-client.js';
import { Operator } from '../support/command-line/operator.js';
import { request } from '../support/requests.js';
import { temporaryDir } from '../support/temporary-dir.js';
import { startKafka, type RunningKafka } from './running-kafka.js';

const SEGMENT_BYTES = 1024 * 1024;

let running: RunningKafka;
let operator: Operator;
let kafka: Kafka;

beforeAll(async () => {
  running = await startKafka();
  const env = { COUPONS_BROKERS: running.announced, COUPONS_DATA_DIR: temporaryDir() };
  operator = new Operator(() => env);
  kafka = kafkaAt([running.announced]);
});

afterAll(() => running.stop());

async function createCompactedTopic(topic: string): Promise<void> {
  const config = {
    'cleanup.policy': 'compact',
    'segment.bytes': String(SEGMENT_BYTES),
    'min.cleanable.dirty.ratio': '0.001',
  };
  const configEntries = Object.entries(config).map(([name, value]) => ({ name, value }));
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({
    topics: [{ topic, numPartitions: 1, replicationFactor: 1, configEntries }],
  });
  await admin.disconnect();
}

/** Of an idempotent producer Kafka keeps the last batch, even when it has no record left. */
async function idempotentProducer(): Promise<Producer> {
  const createPartitioner = Partitioners.DefaultPartitioner;
  const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1, createPartitioner });
  await producer.connect();
  return producer;
}

/** Two of them do not fit one segment. */
const large = (key: string) => ({ key, value: 'x'.repeat(0.9 * SEGMENT_BYTES) });

/** A log whose second batch, of offsets 1 and 2, loses both of its records: `old` are the values. */
async function writeLog(topic: string, old: readonly string[], others: readonly string[]) {
  await createCompactedTopic(topic);
  const first = await idempotentProducer();
  const second = await idempotentProducer();
  const keyed = (values: readonly string[]) =>
    values.map((value, index) => ({ key: String(index), value }));
  const send = (producer: Producer, ...messages: { key: string; value: string }[]) =>
    producer.send({ topic, acks: -1, messages });
  await send(second, large('A'));
  await send(first, ...keyed(old));
  await send(second, large('B'));
  await send(second, ...keyed(others));
  await send(second, large('C'));
  await Promise.all([first.disconnect(), second.disconnect()]);
}

test('dead letters behind a batch that compaction has emptied are shown', async () => {
  await writeLog(DLQ_TOPIC, ['old', 'old'], ['new', 'new']);
  await eventually(async () => {
    const { messages } = await operator.json(dlqPeek, ['dlq', 'peek']);
    expect(messages.map(({ offset }) => offset)).toEqual(['0', '3', '4', '5', '6']);
  });
});

test('a consumer goes past a batch that compaction has emptied', async () => {
  const values = (...users: number[]) => users.map((user) => String(request(1, user).value));
  await writeLog(REQUEST_TOPIC, values(1, 2), values(3, 4));
  await operator.json(topicsCreated, ['topics', 'create']);
  await operator.json(campaign, ['campaigns', 'create', '1', '--stock', '10']);
  await eventually(async () => {
    expect(await operator.json(audit, ['audit'])).toMatchObject({ records: 5 });
  });

  await operator.json(consumed, ['consume', '--until-drained']);
  const { issued } = await operator.json(issuedList, ['issued', 'list']);
  expect(issued.map(({ userId }) => userId)).toEqual([3, 4]);
  expect(await operator.json(audit, ['audit'])).toMatchObject({ verdict: 'PASS', unprocessed: 0 });
});

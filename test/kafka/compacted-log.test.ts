/** A log that Kafka has compacted: batches whose records are all gone keep their place. */
import { Partitioners, type Kafka, type Producer } from 'kafkajs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DLQ_TOPIC } from '../../src/coupon/topics.js';
import { dlqPeek } from '../support/contract.js';
import { eventually } from '../support/eventually.js';
import { kafkaAt } from '../support/kafkajs-client.js';
import { Operator } from '../support/operator.js';
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

async function createCompactedTopic(): Promise<void> {
  const config = {
    'cleanup.policy': 'compact',
    'segment.bytes': String(SEGMENT_BYTES),
    'min.cleanable.dirty.ratio': '0.001',
  };
  const configEntries = Object.entries(config).map(([name, value]) => ({ name, value }));
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({
    topics: [{ topic: DLQ_TOPIC, numPartitions: 1, replicationFactor: 1, configEntries }],
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

const send = (producer: Producer, ...messages: { key: string; value: string }[]) =>
  producer.send({ topic: DLQ_TOPIC, acks: -1, messages });

/** Two of them do not fit one segment. */
const large = (key: string) => ({ key, value: 'x'.repeat(0.9 * SEGMENT_BYTES) });

test('letters behind a batch that compaction has emptied are shown', async () => {
  await createCompactedTopic();
  const first = await idempotentProducer();
  const second = await idempotentProducer();
  await send(second, large('A'));
  await send(first, { key: 'b', value: 'old' }, { key: 'c', value: 'old' });
  await send(second, large('B'));
  await send(second, { key: 'b', value: 'new' }, { key: 'c', value: 'new' });
  await send(second, large('C'));
  await Promise.all([first.disconnect(), second.disconnect()]);

  await eventually(async () => {
    const { messages } = await operator.json(dlqPeek, ['dlq', 'peek']);
    expect(messages.map(({ offset }) => offset)).toEqual(['0', '3', '4', '5', '6']);
  });
});

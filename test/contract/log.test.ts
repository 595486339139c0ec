import { describe, expect, it, onTestFinished } from 'vitest';
import { KafkaLogReader } from '../../src/kafka/log/log-reader.js';
import { fromHeaders } from '../../src/kafka/log/record.js';
import type { FaultOptions } from '../support/broker/broker-faults.js';
import { MemoryLog } from '../support/memory/log.js';
import { embeddedTopics } from './embedded-topics.js';
import { all, logContract, type LogUnderTest, type NewRecord } from './log.js';

const topics = embeddedTopics();

async function append(topic: string, partition: number, records: readonly NewRecord[]) {
  for (const { key, value, headers, timestamp } of records) {
    // Each in a batch of its own: kafkajs's differences of timestamps are not exact.
    await topics.producer.send({
      topic,
      messages: [
        {
          partition,
          key: key ?? null,
          value: value ?? null,
          headers: fromHeaders(headers ?? {}),
          ...(timestamp === undefined ? {} : { timestamp: String(timestamp) }),
        },
      ],
    });
  }
}

async function openKafkaLog(): Promise<LogUnderTest> {
  const topic = await topics.create(2);
  const reader = new KafkaLogReader(topics.cluster);
  onTestFinished(() => reader.close());
  return {
    reader,
    topic,
    append: (partition, records) => append(topic, partition, records),
    async deleteBefore(partition, offset) {
      // kafkajs looks for the leaders among the topics that it knows already: this makes it know.
      await topics.admin.fetchTopicOffsets(topic);
      const partitions = [{ partition, offset: String(offset) }];
      await topics.admin.deleteTopicRecords({ topic, partitions });
    },
    loseLeader(partition) {
      const error = 'LEADER_NOT_AVAILABLE';
      topics.broker.faults.add({ api: 'Metadata', topic, partition, error });
    },
  };
}

logContract('the log of a Kafka cluster', openKafkaLog);

logContract('the in-memory log of tests', () => {
  const log = new MemoryLog(2);
  return {
    reader: log,
    topic: log.topic,
    append(partition, records) {
      for (const record of records) log.append(partition, record);
      return Promise.resolve();
    },
    deleteBefore(partition, offset) {
      log.deleteBefore(partition, offset);
      return Promise.resolve();
    },
    loseLeader: (partition) => log.offline.add(partition),
  };
});

/** What a cluster can do in the middle of a read that no log in memory does. */
describe('the log of a Kafka cluster while brokers fail', () => {
  const RECORDS = 100;
  const BYTES = 2000;

  it.each<[string, Omit<FaultOptions, 'topic' | 'partition'>]>([
    ['the leader moves', { api: 'Fetch', error: 'NOT_LEADER_OR_FOLLOWER', after: 1, count: 2 }],
    ['a connection is closed', { api: 'Fetch', error: 'close', after: 1, count: 1 }],
    ['a fetch is late', { api: 'Fetch', delayMs: 300, after: 1, count: 1 }],
    ['a leader is elected', { api: 'Metadata', error: 'LEADER_NOT_AVAILABLE', count: 1 }],
  ])('%s in the middle of a read: every record comes, once and in order', async (_, fault) => {
    const { reader, topic } = await openKafkaLog();
    const value = Buffer.alloc(BYTES, 'x');
    await append(
      topic,
      0,
      Array.from({ length: RECORDS }, () => ({ value })),
    );
    const injected = topics.broker.faults.add({ ...fault, topic, partition: 0 });
    const records = await all(reader.read(topic, 0, 0n, BigInt(RECORDS)));
    expect(injected.hits).toBe(fault.count);
    expect(records.map(({ offset }) => Number(offset))).toEqual(
      Array.from({ length: RECORDS }, (_, index) => index),
    );
  });

  it('the leader moves while offsets are asked for', async () => {
    const { reader, topic } = await openKafkaLog();
    await append(topic, 1, [{ value: Buffer.from('x') }]);
    const error = 'NOT_LEADER_OR_FOLLOWER';
    const fault = topics.broker.faults.add({ api: 'ListOffsets', topic, error, count: 2 });
    const bounds = await reader.bounds(topic);
    expect(bounds.map(({ endOffset }) => endOffset)).toEqual([0n, 1n]);
    expect(fault.hits).toBe(2);
  });
});

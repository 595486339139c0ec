import { randomUUID } from 'node:crypto';
import type { Admin, IHeaders, Kafka } from 'kafkajs';
import { eventually } from '../eventually.js';

export interface TopicRecord {
  readonly partition: number;
  readonly offset: bigint;
  readonly key: string | null;
  readonly value: Buffer | null;
  readonly headers: IHeaders;
  readonly timestampMs: number;
}

/** Everything that a topic holds now, by partition and offset: read by a group that is removed. */
export async function readTopic(
  kafka: Kafka,
  admin: Admin,
  topic: string,
): Promise<readonly TopicRecord[]> {
  const bounds = await admin.fetchTopicOffsets(topic);
  const ends = new Map(
    bounds
      .filter(({ low, high }) => low !== high)
      .map(({ partition, high }) => [partition, BigInt(high)]),
  );
  const records: TopicRecord[] = [];
  if (ends.size === 0) return records;

  const groupId = `test-reader-${randomUUID()}`;
  const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: 100 });
  await consumer.connect();
  try {
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    await consumer.run({
      eachMessage: ({ partition, message }) => {
        const offset = BigInt(message.offset);
        records.push({
          partition,
          offset,
          key: message.key?.toString() ?? null,
          value: message.value,
          headers: message.headers ?? {},
          timestampMs: Number(message.timestamp),
        });
        if (ends.get(partition) === offset + 1n) ends.delete(partition);
        return Promise.resolve();
      },
    });
    await eventually(() => ends.size === 0);
  } finally {
    await consumer.disconnect();
  }
  await eventually(() => admin.deleteGroups([groupId]));
  return records.sort((a, b) => a.partition - b.partition || Number(a.offset - b.offset));
}

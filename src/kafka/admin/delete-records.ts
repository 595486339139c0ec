import { CliError } from '../../errors.js';
import type { KafkaCluster } from '../client/cluster.js';
import { topicNotFound } from '../../ports/topic-errors.js';
import { protocolErrorType } from '../client/errors.js';

/** By partition, the first offset at or after a time; the end where there is none. */
export async function offsetsAtTime(
  cluster: KafkaCluster,
  topic: string,
  timeMs: number,
): Promise<ReadonlyMap<number, bigint>> {
  return cluster.query(`looking up offsets of ${topic} by time`, async (admin) => {
    const found = await admin.fetchTopicOffsetsByTimestamp(topic, timeMs);
    return new Map(found.map(({ partition, offset }) => [partition, BigInt(offset)]));
  });
}

/** Deletes what is before an offset, by partition. It can't be undone. */
export async function deleteRecords(
  cluster: KafkaCluster,
  topic: string,
  before: readonly { readonly partition: number; readonly beforeOffset: bigint }[],
): Promise<void> {
  if (before.length === 0) return;
  await cluster.request(`deleting records of ${topic}`, async (admin) => {
    try {
      // kafkajs looks for the leaders among the topics that it knows already: this makes it know.
      await admin.fetchTopicOffsets(topic);
      await admin.deleteTopicRecords({
        topic,
        partitions: before.map(({ partition, beforeOffset }) => ({
          partition,
          offset: beforeOffset.toString(),
        })),
      });
    } catch (error) {
      const type = protocolErrorType(error);
      if (type === 'UNKNOWN_TOPIC_OR_PARTITION') throw topicNotFound(topic);
      if (type === 'POLICY_VIOLATION') throw onlyCompacted(topic, type);
      throw error;
    }
  });
}

function onlyCompacted(topic: string, code: string): CliError {
  return new CliError(
    code,
    `Kafka deletes no records of ${topic}, which is compacted: its cleanup.policy is without "delete".`,
    'Nothing was deleted. Set cleanup.policy to delete, or to compact,delete, with kafka-configs.',
  );
}

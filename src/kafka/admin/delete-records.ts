import { CliError } from '../../errors.js';
import type { RecordsBefore } from '../../ports/cluster-admin.js';
import { topicNotFound } from '../../ports/topic-errors.js';
import type { KafkaCluster } from '../client/cluster.js';
import { isNoSuchTopic, protocolErrorType } from '../client/errors.js';

/** By partition, the first offset at or after a time; the end where there is none. */
export async function offsetsAtTime(
  cluster: KafkaCluster,
  topic: string,
  timeMs: number,
): Promise<ReadonlyMap<number, bigint>> {
  return cluster.query(`looking up offsets of ${topic} by time`, async (admin) => {
    const found = await admin.fetchTopicOffsetsByTimestamp(topic, timeMs).catch(missing(topic));
    return new Map(found.map(({ partition, offset }) => [partition, BigInt(offset)]));
  });
}

/** Deletes what is before an offset, by partition. It can't be undone. */
export async function deleteRecords(
  cluster: KafkaCluster,
  topic: string,
  before: readonly RecordsBefore[],
): Promise<void> {
  if (before.length === 0) return;
  await cluster.request(`deleting records of ${topic}`, async (admin) => {
    // kafkajs looks for the leaders among the topics that it knows already: this makes it know.
    await admin.fetchTopicOffsets(topic).catch(missing(topic));
    const partitions = before.map(({ partition, beforeOffset }) => ({
      partition,
      offset: beforeOffset.toString(),
    }));
    await admin.deleteTopicRecords({ topic, partitions }).catch((error: unknown) => {
      const isRefused = protocolErrorType(error) === 'POLICY_VIOLATION';
      throw isRefused ? onlyCompacted(topic, 'POLICY_VIOLATION') : error;
    });
  });
}

function missing(topic: string): (error: unknown) => never {
  return (error) => {
    throw isNoSuchTopic(error) ? topicNotFound(topic, { cause: error }) : error;
  };
}

function onlyCompacted(topic: string, code: string): CliError {
  return new CliError(
    code,
    `Kafka deletes no records of ${topic}, which is compacted: its cleanup.policy is without "delete".`,
    'Nothing was deleted. Set cleanup.policy to delete, or to compact,delete, with kafka-configs.',
  );
}

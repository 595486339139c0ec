/** Which partitions topics have and who leads them, as kafkajs's cluster object knows it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { partitionOffline, topicNotFound } from '../../ports/topic-errors.js';
import { isNoSuchTopic } from '../client/errors.js';
import type { InnerCluster } from '../client/inside/objects.js';

/** A partition without a leader. */
export interface OfflinePartition {
  readonly topic: string;
  readonly partition: number;
}

/** A partition without a leader may have one a moment later: a topic just created, an election. */
const ELECTION_MS = 300;

/** Makes kafkajs keep the metadata of these topics. Throws CliError TOPIC_NOT_FOUND. */
export async function follow(inner: InnerCluster, topics: readonly string[]): Promise<void> {
  await found(inner, topics, () => inner.addMultipleTargetTopics(topics));
}

async function refreshed(inner: InnerCluster, topics: readonly string[]): Promise<void> {
  await found(inner, topics, () => inner.refreshMetadata());
}

/**
 * kafkajs asks for the metadata of all topics that its calls have read, and fails where one is gone: that
 * one is forgotten. Throws CliError TOPIC_NOT_FOUND where it is one of these.
 */
async function found(
  inner: InnerCluster,
  topics: readonly string[],
  metadata: () => Promise<void>,
): Promise<void> {
  try {
    await metadata();
  } catch (error) {
    if (!isNoSuchTopic(error)) throw error;
    const gone = await goneTopics(inner, new Set([...topics, ...inner.targetTopics]));
    for (const topic of gone) inner.targetTopics.delete(topic);
    const missing = topics.filter((topic) => gone.includes(topic));
    if (missing.length > 0) throw topicNotFound(missing.join(', '));
    await metadata();
  }
}

async function goneTopics(
  inner: InnerCluster,
  topics: ReadonlySet<string>,
): Promise<readonly string[]> {
  const broker = await inner.brokerPool.findConnectedBroker();
  const gone: string[] = [];
  for (const topic of topics) {
    await broker.metadata([topic]).catch((error: unknown) => {
      if (!isNoSuchTopic(error)) throw error;
      gone.push(topic);
    });
  }
  return gone;
}

/** The partitions of each topic as they are now: a topic may have grown since the last look. */
export async function partitionsOf(
  inner: InnerCluster,
  topics: readonly string[],
): Promise<{
  readonly led: ReadonlyMap<string, readonly number[]>;
  readonly offline: readonly OfflinePartition[];
}> {
  const isFirstLook = topics.some((topic) => !inner.targetTopics.has(topic));
  await follow(inner, topics);
  // One of them may be gone since.
  if (!isFirstLook) await refreshed(inner, topics);
  if (topics.some((topic) => leaderless(inner, topic).length > 0)) {
    await sleep(ELECTION_MS);
    await refreshed(inner, topics);
  }
  const led = topics.map((topic) => {
    const offline = leaderless(inner, topic);
    const ids = inner
      .findTopicPartitionMetadata(topic)
      .map(({ partitionId }) => partitionId)
      .filter((id) => !offline.includes(id))
      .sort((a, b) => a - b);
    return [topic, ids] as const;
  });
  const offline = topics.flatMap((topic) =>
    leaderless(inner, topic).map((partition) => ({ topic, partition })),
  );
  return { led: new Map(led), offline };
}

function leaderless(inner: InnerCluster, topic: string): readonly number[] {
  return inner
    .findTopicPartitionMetadata(topic)
    .filter(({ leader }) => leader < 0)
    .map(({ partitionId }) => partitionId)
    .sort((a, b) => a - b);
}

/**
 * The broker that leads a partition. What is known may be old: where it has no leader, the cluster is
 * asked again. Throws CliError PARTITION_OFFLINE, TOPIC_NOT_FOUND.
 */
export async function leaderOf(
  inner: InnerCluster,
  topic: string,
  partition: number,
): Promise<string> {
  const known = knownLeaderOf(inner, topic, partition) ?? NO_LEADER;
  if (known >= 0) return String(known);
  await refreshed(inner, [topic]);
  const leader = knownLeaderOf(inner, topic, partition);
  if (leader === undefined) throw topicNotFound(`${topic} partition ${String(partition)}`);
  if (leader < 0) throw partitionOffline(topic, partition);
  return String(leader);
}

const NO_LEADER = -1;

/** By the metadata that is there: -1 where no leader is elected; undefined where there is no such partition. */
export function knownLeaderOf(
  inner: InnerCluster,
  topic: string,
  partition: number,
): number | undefined {
  const partitions = inner.findTopicPartitionMetadata(topic);
  return partitions.find(({ partitionId }) => partitionId === partition)?.leader;
}

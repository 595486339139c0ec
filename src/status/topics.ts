import { topicFacts } from '../advice/collect.js';
import type { TopicFacts } from '../advice/facts.js';
import { DLQ_TOPIC, REQUEST_TOPIC } from '../coupon/topics.js';
import { CliError } from '../errors.js';
import type { ClusterAdmin, TopicDescription } from '../ports/cluster-admin.js';

const OWN_TOPICS = [REQUEST_TOPIC, DLQ_TOPIC];

export interface TopicsStatus {
  readonly topics: readonly TopicFacts[];
  /** Of the two that the pipeline needs. */
  readonly missing: readonly string[];
  /** The brokers that have replicas of them, in the order of their ids. */
  readonly replicaBrokers: readonly number[];
}

export type TopicsStatusAdmin = Pick<ClusterAdmin, 'describeTopics'>;

export async function readTopics(admin: TopicsStatusAdmin): Promise<TopicsStatus> {
  const found = await existing(admin, OWN_TOPICS);
  const replicas = found.flatMap(({ partitions }) => partitions.flatMap((each) => each.replicas));
  return {
    topics: OWN_TOPICS.flatMap((topic) => found.filter(({ name }) => name === topic)).map(factsOf),
    missing: OWN_TOPICS.filter((topic) => found.every(({ name }) => name !== topic)),
    replicaBrokers: [...new Set(replicas)].sort((a, b) => a - b),
  };
}

/** One call where all are there, as they mostly are. */
async function existing(
  admin: TopicsStatusAdmin,
  names: readonly string[],
): Promise<readonly TopicDescription[]> {
  try {
    return await admin.describeTopics(names);
  } catch (error) {
    if (!(error instanceof CliError) || error.code !== 'TOPIC_NOT_FOUND') throw error;
    if (names.length === 1) return [];
    return (await Promise.all(names.map((name) => existing(admin, [name])))).flat();
  }
}

/** A user who may not read the configuration still sees which partitions are offline. */
function factsOf(topic: TopicDescription): TopicFacts {
  const partitions = topic.partitions.map((each) => ({ ...each, sizeBytes: null }));
  return topicFacts({ ...topic, partitions }, topic.effectiveConfig ?? {});
}

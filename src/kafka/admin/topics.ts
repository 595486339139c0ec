import kafkajs, { type Admin, type ConfigEntries, type ITopicMetadata } from 'kafkajs';
import { isInternalTopic } from '../../coupon/topics.js';
import type { PartitionDescription, TopicDescription } from '../../ports/cluster-admin.js';
import type { PartitionBounds } from '../../ports/log.js';
import type { KafkaCluster } from '../client/cluster.js';
import { topicNotFound } from '../../ports/topic-errors.js';
import { isNoSuchTopic, isUnreachable, protocolErrorType } from '../client/errors.js';
import { withinLimit, type KafkaCall } from '../client/call.js';
import type { InnerCluster } from '../client/inside/objects.js';
import { boundsOf } from '../log/log-bounds.js';

/** kafkajs's number for a topic in DescribeConfigs and AlterConfigs, and for where a value is from. */
const TOPIC_RESOURCE = kafkajs.ConfigResourceTypes.TOPIC;
const SET_ON_TOPIC = kafkajs.ConfigSource.TOPIC_CONFIG as number;

export async function listTopics(cluster: KafkaCluster): Promise<readonly string[]> {
  return cluster.query('listing the topics', async (admin) => {
    const names = await admin.listTopics();
    return names.filter((name) => !isInternalTopic(name)).sort();
  });
}

/** Throws CliError TOPIC_NOT_FOUND for the first name that does not exist. */
export async function describeTopics(
  cluster: KafkaCluster,
  names: readonly string[],
): Promise<readonly TopicDescription[]> {
  if (names.length === 0) return [];
  const { timeoutMs } = cluster.options;
  // Configurations are the controller's to tell, which may be the broker that is down.
  return cluster.query('describing the topics', async (admin, inner, signal) => {
    const known = new Set(await admin.listTopics());
    for (const name of names) if (!known.has(name)) await partitionsOf(admin, name);
    const { topics } = await admin.fetchTopicMetadata({ topics: [...names] });
    const limitMs = timeoutMs / 3;
    const configs = await withinLimit(limitMs, () => topicConfigs(admin, names), signal).catch(
      notAllowed,
    );
    await inner.addMultipleTargetTopics(names);
    const bounds = await boundsByLeader(inner, topics, limitMs, signal);
    return (
      topics
        .map((metadata) => describe(metadata, configs.get(metadata.name), bounds))
        // As listTopics has them, whatever the language of this machine.
        .sort((a, b) => (a.name < b.name ? -1 : 1))
    );
  });
}

/** How many partitions a topic has. Throws CliError TOPIC_NOT_FOUND. */
export async function countPartitions(
  cluster: KafkaCluster,
  topic: string,
  limits: Pick<KafkaCall, 'deadline' | 'signal'> = {},
): Promise<number> {
  return cluster.query(
    { doing: `looking at ${topic}`, ...limits },
    async (admin) => (await partitionsOf(admin, topic)).length,
  );
}

/** Tells a topic that is not there from one that this user may not see: a list has neither. */
async function partitionsOf(admin: Admin, topic: string): Promise<ITopicMetadata['partitions']> {
  try {
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
    return topics[0]?.partitions ?? [];
  } catch (error) {
    const isMissing = protocolErrorType(error) === 'UNKNOWN_TOPIC_OR_PARTITION';
    throw isMissing ? topicNotFound(topic, { cause: error }) : error;
  }
}

/** The largest record batch the topic takes, in bytes. */
export async function maxMessageBytes(cluster: KafkaCluster, topic: string): Promise<number> {
  return cluster.query(`reading the configuration of ${topic}`, async (admin) => {
    const resource = { type: TOPIC_RESOURCE, name: topic, configNames: ['max.message.bytes'] };
    const { resources } = await admin
      .describeConfigs({ includeSynonyms: false, resources: [resource] })
      .catch((error: unknown) => {
        throw isNoSuchTopic(error) ? topicNotFound(topic, { cause: error }) : error;
      });
    return Number(resources[0]?.configEntries[0]?.configValue ?? KAFKA_DEFAULT_MAX_MESSAGE_BYTES);
  });
}

/** Kafka's own default of max.message.bytes: 1 MiB and a batch's overhead. */
const KAFKA_DEFAULT_MAX_MESSAGE_BYTES = 1_048_588;

/** What of a topic's configuration this pipeline asks about. */
const SETTINGS = [
  'cleanup.policy',
  'message.timestamp.type',
  'min.insync.replicas',
  'retention.bytes',
  'retention.ms',
];

type TopicConfigs = Pick<TopicDescription, 'config' | 'effectiveConfig'>;

async function topicConfigs(
  admin: Admin,
  names: readonly string[],
): Promise<ReadonlyMap<string, TopicConfigs>> {
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: names.map((name) => ({ type: TOPIC_RESOURCE, name })),
  });
  return new Map(
    resources.map(({ resourceName, configEntries }) => {
      const chosen = (isChosen: (entry: ConfigEntries) => boolean) =>
        Object.fromEntries(
          configEntries
            .filter(isChosen)
            .map(({ configName, configValue }) => [configName, configValue]),
        );
      return [
        resourceName,
        {
          config: chosen(({ configSource }) => (configSource as number) === SET_ON_TOPIC),
          effectiveConfig: chosen(({ configName }) => SETTINGS.includes(configName)),
        },
      ];
    }),
  );
}

/** Who may look at a topic may not always look at its configuration (DescribeConfigs). */
function notAllowed(error: unknown): ReadonlyMap<string, TopicConfigs> {
  if (protocolErrorType(error) === 'TOPIC_AUTHORIZATION_FAILED') return new Map();
  throw error;
}

type Bounds = ReadonlyMap<string, readonly PartitionBounds[]>;

/** The offsets of a leader that is down or hangs are missing; the others' are worth showing. */
async function boundsByLeader(
  inner: InnerCluster,
  topics: readonly ITopicMetadata[],
  limitMs: number,
  signal: AbortSignal,
): Promise<Bounds> {
  const led = new Map<number, Map<string, number[]>>();
  for (const { name, partitions } of topics) {
    for (const { leader, partitionId } of partitions) {
      if (leader < 0) continue;
      const ofLeader = led.get(leader) ?? new Map<string, number[]>();
      led.set(leader, ofLeader.set(name, [...(ofLeader.get(name) ?? []), partitionId]));
    }
  }
  const found = await Promise.all(
    [...led.values()].map((asked) =>
      withinLimit(limitMs, () => boundsOf(inner, asked), signal).catch((error: unknown): Bounds => {
        if (isUnreachable(error)) return new Map();
        throw error;
      }),
    ),
  );
  const names = topics.map(({ name }) => name);
  return new Map(names.map((name) => [name, found.flatMap((bounds) => bounds.get(name) ?? [])]));
}

function describe(
  { name, partitions: found }: ITopicMetadata,
  configs: TopicConfigs | undefined,
  bounds: Bounds,
): TopicDescription {
  const byPartition = new Map(bounds.get(name)?.map((each) => [each.partition, each]));
  const partitions = found
    .map(({ partitionId, leader, replicas, isr }): PartitionDescription => ({
      partition: partitionId,
      leader: leader >= 0 ? leader : null,
      replicas,
      isr,
      startOffset: byPartition.get(partitionId)?.startOffset ?? null,
      endOffset: byPartition.get(partitionId)?.endOffset ?? null,
      stableEndOffset: byPartition.get(partitionId)?.stableEndOffset ?? null,
    }))
    .sort((a, b) => a.partition - b.partition);
  return {
    name,
    partitions,
    replicationFactor: fewestReplicas(partitions),
    config: configs?.config ?? null,
    effectiveConfig: configs?.effectiveConfig ?? null,
  };
}

/** A topic is as safe as its weakest partition. */
function fewestReplicas(partitions: readonly PartitionDescription[]): number {
  const replicas = partitions.map((partition) => partition.replicas.length);
  return replicas.length === 0 ? 0 : Math.min(...replicas);
}

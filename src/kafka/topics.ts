import kafkajs, { type Admin, type ITopicMetadata } from 'kafkajs';
import type { TopicSpec } from '../coupon/topics.js';
import { CliError } from '../errors.js';
import type { KafkaCluster } from './cluster.js';
import { protocolErrorType, topicNotFound } from './errors.js';

export interface PartitionDescription {
  readonly partition: number;
  /** Broker ids; null where no leader is elected. */
  readonly leader: number | null;
  readonly replicas: readonly number[];
  /** The in-sync replicas. */
  readonly isr: readonly number[];
  /** Null where no leader could be asked. */
  readonly startOffset: bigint | null;
  readonly endOffset: bigint | null;
}

export interface TopicDescription {
  readonly name: string;
  readonly partitions: readonly PartitionDescription[];
  readonly replicationFactor: number;
  /** What was set for this topic; the broker's defaults are left out. */
  readonly config: Readonly<Record<string, string>>;
}

/** Where a topic is not as its profile wants it. */
export interface TopicDifference {
  readonly property: string;
  readonly expected: string;
  readonly actual: string | null;
}

export interface TopicPlan {
  readonly spec: TopicSpec;
  /** Null: it is missing. */
  readonly existing: TopicDescription | null;
  readonly differences: readonly TopicDifference[];
}

/** kafkajs's number for a topic in DescribeConfigs and AlterConfigs, and for where a value is from. */
const TOPIC_RESOURCE = kafkajs.ConfigResourceTypes.TOPIC;
const SET_ON_TOPIC = kafkajs.ConfigSource.TOPIC_CONFIG as number;

export async function listTopics(cluster: KafkaCluster): Promise<readonly string[]> {
  return cluster.request('listing the topics', async (admin) => {
    const names = await admin.listTopics();
    return names.filter((name) => !name.startsWith('__')).sort();
  });
}

/** Throws CliError TOPIC_NOT_FOUND for the first name that does not exist. */
export async function describeTopics(
  cluster: KafkaCluster,
  names: readonly string[],
): Promise<readonly TopicDescription[]> {
  if (names.length === 0) return [];
  return cluster.request('describing the topics', async (admin) => {
    const known = new Set(await admin.listTopics());
    const missing = names.find((name) => !known.has(name));
    if (missing !== undefined) throw topicNotFound(missing);
    const { topics } = await admin.fetchTopicMetadata({ topics: [...names] });
    const configs = await topicConfigs(admin, names);
    const described = await Promise.all(
      topics.map((metadata) => describe(admin, metadata, configs.get(metadata.name) ?? {})),
    );
    return described.sort((a, b) => a.name.localeCompare(b.name));
  });
}

/** Compares what is with what is wanted; changes nothing. */
export async function planTopics(
  cluster: KafkaCluster,
  specs: readonly TopicSpec[],
): Promise<readonly TopicPlan[]> {
  const known = new Set(await listTopics(cluster));
  const existing = await describeTopics(
    cluster,
    specs.map(({ name }) => name).filter((name) => known.has(name)),
  );
  return specs.map((spec) => {
    const found = existing.find(({ name }) => name === spec.name) ?? null;
    return { spec, existing: found, differences: found === null ? [] : differ(spec, found) };
  });
}

/** Creates topics and waits for their leaders. Refuses before the first one what can't be had. */
export async function createTopics(
  cluster: KafkaCluster,
  specs: readonly TopicSpec[],
): Promise<void> {
  if (specs.length === 0) return;
  await cluster.request('creating the topics', async (admin) => {
    const { brokers } = await admin.describeCluster();
    const factor = Math.max(...specs.map(({ replicationFactor }) => replicationFactor));
    if (factor > brokers.length) throw tooFewBrokers(factor, brokers.length);
    try {
      await admin.createTopics({
        waitForLeaders: true,
        topics: specs.map((spec) => ({
          topic: spec.name,
          numPartitions: spec.partitions,
          replicationFactor: spec.replicationFactor,
          configEntries: Object.entries(spec.config).map(([name, value]) => ({ name, value })),
        })),
      });
    } catch (error) {
      // Somebody else was quicker: what they made is compared at the next look.
      if (protocolErrorType(error) !== 'TOPIC_ALREADY_EXISTS') throw error;
    }
  });
}

/** Raises the number of partitions; `total` is the new total. */
export async function createPartitions(
  cluster: KafkaCluster,
  topic: string,
  total: number,
): Promise<void> {
  await cluster.request(`adding partitions to ${topic}`, async (admin) => {
    await admin.createPartitions({ topicPartitions: [{ topic, count: total }] });
  });
}

/** How many partitions a topic has. Throws CliError TOPIC_NOT_FOUND. */
export async function countPartitions(cluster: KafkaCluster, topic: string): Promise<number> {
  return cluster.request(`looking at ${topic}`, async (admin) => {
    try {
      const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
      return topics[0]?.partitions.length ?? 0;
    } catch (error) {
      throw protocolErrorType(error) === 'UNKNOWN_TOPIC_OR_PARTITION'
        ? topicNotFound(topic)
        : error;
    }
  });
}

/** The largest record batch the topic takes, in bytes. */
export async function maxMessageBytes(cluster: KafkaCluster, topic: string): Promise<number> {
  return cluster.request(`reading the configuration of ${topic}`, async (admin) => {
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ type: TOPIC_RESOURCE, name: topic, configNames: ['max.message.bytes'] }],
    });
    return Number(resources[0]?.configEntries[0]?.configValue ?? KAFKA_DEFAULT_MAX_MESSAGE_BYTES);
  });
}

/** Kafka's own default of max.message.bytes: 1 MiB and a batch's overhead. */
const KAFKA_DEFAULT_MAX_MESSAGE_BYTES = 1_048_588;

function tooFewBrokers(factor: number, brokers: number): CliError {
  return new CliError(
    'TOO_FEW_BROKERS',
    `Replication factor ${String(factor)} needs ${String(factor)} brokers, but the cluster has ${String(brokers)}. No topic was created.`,
    'Use --profile local, lower --replication-factor, or point --brokers at a larger cluster.',
  );
}

async function topicConfigs(admin: Admin, names: readonly string[]) {
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: names.map((name) => ({ type: TOPIC_RESOURCE, name })),
  });
  return new Map(
    resources.map(({ resourceName, configEntries }) => [
      resourceName,
      Object.fromEntries(
        configEntries
          .filter(({ configSource }) => (configSource as number) === SET_ON_TOPIC)
          .map(({ configName, configValue }) => [configName, configValue]),
      ),
    ]),
  );
}

async function describe(
  admin: Admin,
  metadata: ITopicMetadata,
  config: Readonly<Record<string, string>>,
): Promise<TopicDescription> {
  const led = metadata.partitions.every(({ leader }) => leader >= 0);
  const offsets = led ? await admin.fetchTopicOffsets(metadata.name) : [];
  const partitions = metadata.partitions
    .map(({ partitionId, leader, replicas, isr }): PartitionDescription => {
      const found = offsets.find(({ partition }) => partition === partitionId);
      return {
        partition: partitionId,
        leader: leader >= 0 ? leader : null,
        replicas,
        isr,
        startOffset: found === undefined ? null : BigInt(found.low),
        endOffset: found === undefined ? null : BigInt(found.high),
      };
    })
    .sort((a, b) => a.partition - b.partition);
  return {
    name: metadata.name,
    partitions,
    replicationFactor: Math.max(0, ...partitions.map(({ replicas }) => replicas.length)),
    config,
  };
}

function differ(spec: TopicSpec, actual: TopicDescription): readonly TopicDifference[] {
  const compared: TopicDifference[] = [
    {
      property: 'partitions',
      expected: String(spec.partitions),
      actual: String(actual.partitions.length),
    },
    {
      property: 'replicationFactor',
      expected: String(spec.replicationFactor),
      actual: String(actual.replicationFactor),
    },
    ...Object.entries(spec.config).map(([property, expected]) => ({
      property,
      expected,
      actual: actual.config[property] ?? null,
    })),
  ];
  return compared.filter(({ expected, actual: found }) => expected !== found);
}

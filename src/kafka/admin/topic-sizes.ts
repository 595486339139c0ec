/** How much of the brokers' disks topics take. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { KafkaCluster } from '../client/cluster.js';
import type { InnerCluster } from '../client/kafkajs-internals.js';
import { sendRaw } from '../client/raw-request.js';
import { describeLogDirs, type PartitionsOfTopic } from './log-dirs.js';
import type { PartitionDescription, TopicDescription } from './topics.js';

export interface SizedPartition extends PartitionDescription {
  /** Of the leader's log; null where nobody leads it, or the leader does not tell. */
  readonly sizeBytes: number | null;
}

export interface SizedTopic extends TopicDescription {
  readonly partitions: readonly SizedPartition[];
  /** Of all partitions; null where one is not known. */
  readonly sizeBytes: number | null;
  /** Of all their replicas on all brokers; null where one is not known. */
  readonly sizeOnDiskBytes: number | null;
}

/** Sizes are good to know, not worth more of a command's time than this. */
const LONGEST_WAIT_MS = 2000;

/**
 * Asks every broker that has a replica. One that can't be asked, does not answer in time or does not
 * let this user know makes sizes null, never an error.
 */
export async function withSizes(
  cluster: KafkaCluster,
  topics: readonly TopicDescription[],
): Promise<readonly SizedTopic[]> {
  const waitMs = Math.min(LONGEST_WAIT_MS, cluster.options.timeoutMs / 2);
  const sizes = await cluster.request(
    'asking for the sizes of the topics',
    async (_admin, inner) => {
      const found = await Promise.all(
        brokersOf(topics).map((broker) =>
          Promise.race([sizesOn(inner, broker, topics), sleep(waitMs, NOTHING, { ref: false })]),
        ),
      );
      return new Map(found.flat());
    },
  );
  return topics.map((topic) => sized(topic, sizes));
}

/** Bytes, by replica. */
type Size = readonly [string, number];

const NOTHING: readonly Size[] = [];

const replicaKey = (topic: string, partition: number, broker: number) =>
  `${topic}-${String(partition)} on ${String(broker)}`;

function brokersOf(topics: readonly TopicDescription[]): readonly number[] {
  return [
    ...new Set(topics.flatMap((topic) => topic.partitions.flatMap(({ replicas }) => replicas))),
  ];
}

async function sizesOn(
  inner: InnerCluster,
  nodeId: number,
  topics: readonly TopicDescription[],
): Promise<readonly Size[]> {
  try {
    const broker = await inner.findBroker({ nodeId: String(nodeId) });
    const replicas = await sendRaw(broker, describeLogDirs(replicasOn(nodeId, topics)));
    return (replicas ?? []).map(({ topic, partition, sizeBytes }) => [
      replicaKey(topic, partition, nodeId),
      sizeBytes,
    ]);
  } catch {
    return NOTHING;
  }
}

function replicasOn(
  broker: number,
  topics: readonly TopicDescription[],
): readonly PartitionsOfTopic[] {
  return topics.map(({ name, partitions }) => ({
    topic: name,
    partitions: partitions
      .filter(({ replicas }) => replicas.includes(broker))
      .map(({ partition }) => partition),
  }));
}

function sized(topic: TopicDescription, sizes: ReadonlyMap<string, number>): SizedTopic {
  const sizeOf = ({ partition }: PartitionDescription, broker: number | null) =>
    broker === null ? null : (sizes.get(replicaKey(topic.name, partition, broker)) ?? null);
  const partitions = topic.partitions.map((each) => ({
    ...each,
    sizeBytes: sizeOf(each, each.leader),
  }));
  const onDisk = partitions.flatMap((each) => each.replicas.map((broker) => sizeOf(each, broker)));
  return {
    ...topic,
    partitions,
    sizeBytes: sum(partitions.map(({ sizeBytes }) => sizeBytes)),
    sizeOnDiskBytes: sum(onDisk),
  };
}

function sum(sizes: readonly (number | null)[]): number | null {
  return sizes.reduce((total, size) => (total === null || size === null ? null : total + size), 0);
}

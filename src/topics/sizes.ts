/** How much of the brokers' disks topics take. */
import type {
  ClusterAdmin,
  PartitionDescription,
  ReplicaSize,
  TopicDescription,
} from '../ports/cluster-admin.js';

export interface SizedPartition extends PartitionDescription {
  /** Of the leader's log; null where there is no leader, or it does not say. */
  readonly sizeBytes: number | null;
}

export interface SizedTopic extends TopicDescription {
  readonly partitions: readonly SizedPartition[];
  /** Of all partitions; null where one is not known. */
  readonly sizeBytes: number | null;
  /** Of all their replicas on all brokers; null where one is not known. */
  readonly sizeOnDiskBytes: number | null;
}

/** The topics with their sizes. A size that no broker gives is null, never an error. */
export async function withSizes(
  admin: Pick<ClusterAdmin, 'replicaSizes'>,
  topics: readonly TopicDescription[],
): Promise<readonly SizedTopic[]> {
  const replicas = await admin.replicaSizes(topics);
  const sizes = new Map(replicas.map((replica) => [keyOf(replica), replica.sizeBytes]));
  return topics.map((topic) => sized(topic, sizes));
}

function keyOf({ topic, partition, broker }: Omit<ReplicaSize, 'sizeBytes'>): string {
  return `${topic}-${String(partition)} on ${String(broker)}`;
}

function sized(topic: TopicDescription, sizes: ReadonlyMap<string, number>): SizedTopic {
  const sizeOf = ({ partition }: PartitionDescription, broker: number | null) =>
    broker === null ? null : (sizes.get(keyOf({ topic: topic.name, partition, broker })) ?? null);
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

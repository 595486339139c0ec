import kafkajs, { type PartitionMetadata } from 'kafkajs';

const partitioner = kafkajs.Partitioners.DefaultPartitioner();

/** What the partitioner wants to know of a topic, by its number of partitions. */
const metadata = new Map<number, PartitionMetadata[]>();

/**
 * The partition of a key: positive murmur2 modulo count, as Kafka's Java producer does by default.
 * https://kafka.apache.org/documentation/#producerconfigs_partitioner.class
 */
export function partitionOf(key: Buffer | string, partitions: number): number {
  let partitionMetadata = metadata.get(partitions);
  if (partitionMetadata === undefined) {
    partitionMetadata = Array.from({ length: partitions }, (_unused, partitionId) => ({
      partitionId,
      leader: 0,
      replicas: [],
      isr: [],
      partitionErrorCode: 0,
    }));
    metadata.set(partitions, partitionMetadata);
  }
  return partitioner({ topic: '', message: { key, value: null }, partitionMetadata });
}

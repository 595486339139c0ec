import { changeBrokers } from './clusters.js';
import { changingLookup } from './changed-answers.js';
import type { RawBroker, RawCluster, RawMetadata, RawPartition } from './objects.js';

const LEADER_NOT_AVAILABLE = 5;

/**
 * Makes a cluster object see partitions without a leader, with a leader of -1, instead of failing, and
 * know the brokers before it looks for a group's coordinator among them. A consumer goes on with its
 * other partitions then. Not for producers: those are right to wait for a leader.
 */
export function acceptingOfflinePartitions(cluster: RawCluster): RawCluster {
  changeBrokers(cluster, (broker) => {
    const accepting = Object.create(broker, {
      lookupRequest: { value: changingLookup(broker, withoutLeaderErrors) },
    }) as RawBroker;
    broker.metadata = broker.metadata.bind(accepting);
  });
  const findGroupCoordinator = cluster.findGroupCoordinator.bind(cluster);
  cluster.findGroupCoordinator = async (query) => {
    if (cluster.brokerPool.metadata === null) await cluster.refreshMetadata();
    return findGroupCoordinator(query);
  };
  return cluster;
}

function withoutLeaderErrors(metadata: RawMetadata): RawMetadata {
  const accept = (partition: RawPartition): RawPartition =>
    partition.partitionErrorCode === LEADER_NOT_AVAILABLE
      ? { ...partition, partitionErrorCode: 0, leader: -1 }
      : partition;
  return {
    ...metadata,
    topicMetadata: metadata.topicMetadata.map((topic) => ({
      ...topic,
      partitionMetadata: topic.partitionMetadata.map(accept),
    })),
  };
}

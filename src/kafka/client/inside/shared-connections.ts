import type { Admin, Kafka } from 'kafkajs';
import { changeClusters, clusterFactory, replaceClusterFactory } from './clusters.js';
import { endingWith } from './ending.js';
import { READ_COMMITTED } from './isolation.js';
import type { InnerCluster, RawCluster } from './objects.js';
import { acceptingOfflinePartitions } from './offline-partitions.js';

/** kafkajs's admin and the cluster object that it works with, which sees what innerCluster's sees. */
export interface InnerAdmin {
  readonly admin: Admin;
  readonly inner: InnerCluster;
}

/** Connections that calls share. Each call gets a view of them that ends with its signal. */
export interface SharedConnections<T> {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  /** Asks any broker for the cluster's metadata. */
  refreshMetadata(): Promise<void>;
  forCall(signal: AbortSignal): T;
}

/**
 * kafkajs's cluster object, which its consumer reads through, that can look at a cluster with partitions without a leader.
 * Throws where kafkajs is not 2.2.4.
 */
export function innerCluster(kafka: Kafka): SharedConnections<InnerCluster> {
  const create = clusterFactory(kafka)[1];
  const cluster = acceptingOfflinePartitions(
    create({ allowAutoTopicCreation: false, isolationLevel: READ_COMMITTED }),
  );
  return {
    connect: () => cluster.connect(),
    disconnect: () => cluster.disconnect(),
    refreshMetadata: () => cluster.refreshMetadata(),
    forCall: (signal) => endingWith(signal, cluster),
  };
}

/** The admin of a client that is used for nothing else. Each call gets its own admin object. */
export function innerAdmin(kafka: Kafka): SharedConnections<InnerAdmin> {
  const made: RawCluster[] = [];
  changeClusters(kafka, (cluster) => {
    made.push(acceptingOfflinePartitions(cluster));
  });
  const admin = kafka.admin();
  const [shared] = made;
  if (shared === undefined) throw new TypeError('kafkajs is not version 2.2.4');
  return {
    connect: () => admin.connect(),
    disconnect: () => admin.disconnect(),
    refreshMetadata: () => shared.refreshMetadata(),
    forCall: (signal) => {
      const inner = endingWith(signal, shared);
      replaceClusterFactory(kafka, () => inner);
      return { admin: kafka.admin(), inner };
    },
  };
}

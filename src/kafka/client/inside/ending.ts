import type { Kafka } from 'kafkajs';
import { unlessAborted } from '../call.js';
import { changeBrokers, changeClusters } from './clusters.js';
import type { InnerBroker, RawCluster } from './objects.js';

/**
 * The same cluster for one call: when the signal aborts, requests on the way reject with its reason and no
 * further one is sent. What calls share (connecting, metadata) goes on for the others.
 */
export function endingWith(signal: AbortSignal, cluster: RawCluster): RawCluster {
  const broker = async (find: () => Promise<InnerBroker>): Promise<InnerBroker> => {
    const found = await unlessAborted(signal, find);
    const send: InnerBroker['connectionPool']['send'] = (request) =>
      unlessAborted(signal, () => found.connectionPool.send(request));
    const connectionPool = Object.create(found.connectionPool, { send: { value: send } }) as object;
    return Object.create(found, { connectionPool: { value: connectionPool } }) as InnerBroker;
  };
  const overrides: Partial<RawCluster> = {
    findBroker: (query) => broker(() => cluster.findBroker(query)),
    findControllerBroker: () => broker(() => cluster.findControllerBroker()),
    findGroupCoordinator: (query) => broker(() => cluster.findGroupCoordinator(query)),
    // On the shared object: when it fails, kafkajs sets the topics back there.
    addMultipleTargetTopics: (topics) =>
      unlessAborted(signal, () => cluster.addMultipleTargetTopics(topics)),
    refreshMetadata: () => unlessAborted(signal, () => cluster.refreshMetadata()),
    refreshMetadataIfNecessary: () =>
      unlessAborted(signal, () => cluster.refreshMetadataIfNecessary()),
  };
  const view = Object.create(cluster) as RawCluster;
  return Object.assign(view, overrides);
}

/** Makes all that comes from this client send nothing more once the signal aborts; requests on the way reject. */
export function endingClient(kafka: Kafka, signal: AbortSignal): Kafka {
  changeClusters(kafka, (cluster) => {
    changeBrokers(cluster, ({ connectionPool }) => {
      const send = connectionPool.send.bind(connectionPool);
      connectionPool.send = (protocol) => unlessAborted(signal, () => send(protocol));
    });
  });
  return kafka;
}

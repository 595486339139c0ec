import type { Kafka } from 'kafkajs';
import { protocolErrorType } from '../errors.js';
import { changeBrokers, changeClusters } from './clusters.js';

/** Makes all that comes from this client throw GROUP_AUTHORIZATION_FAILED where that is the reason. */
export function reportingRefusedGroups(kafka: Kafka): Kafka {
  changeClusters(kafka, (cluster) => {
    let refusal: unknown = null;
    changeBrokers(cluster, (broker) => {
      const find = broker.findGroupCoordinator.bind(broker);
      broker.findGroupCoordinator = (query) =>
        find(query).catch((error: unknown) => {
          if (protocolErrorType(error) === 'GROUP_AUTHORIZATION_FAILED') refusal = error;
          throw error;
        });
    });
    const find = cluster.findGroupCoordinatorMetadata.bind(cluster);
    cluster.findGroupCoordinatorMetadata = (query) => {
      refusal = null;
      return find(query).catch((error: unknown) => {
        throw refusal ?? error;
      });
    };
  });
  return kafka;
}

import type { RawCluster } from '../client/inside/objects.js';

/**
 * Ends a consumer's fetching where it leaves while its brokers change. kafkajs then waits for the fetches that are on
 * the way, and starts new ones, which nothing ends: as the consumer has stopped, each is over at once, without any
 * I/O, so that the process neither ends nor hears a signal. Before each of them kafkajs asks which brokers there
 * are. The error ends it: kafkajs tries again a moment later, and sees that the consumer has stopped.
 */
export function endFetching(
  cluster: Pick<RawCluster, 'getNodeIds'>,
  isLeaving: () => boolean,
): void {
  const getNodeIds = cluster.getNodeIds.bind(cluster);
  cluster.getNodeIds = () => {
    if (isLeaving()) throw new Error('this member leaves its group');
    return getNodeIds();
  };
}

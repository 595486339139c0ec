import type { ClusterDescription } from '../../ports/cluster-admin.js';
import type { KafkaCluster } from '../client/cluster.js';

/**
 * The cluster and the brokers that it counts as up. Not its controller: with KRaft, what metadata names is any
 * broker (https://cwiki.apache.org/confluence/display/KAFKA/KIP-590).
 */
export async function describeCluster(cluster: KafkaCluster): Promise<ClusterDescription> {
  return cluster.query('listing the brokers', async (admin) => {
    const { clusterId, brokers } = await admin.describeCluster();
    const described = brokers.map(({ nodeId, host, port }) => ({
      id: nodeId,
      address: `${host.includes(':') ? `[${host}]` : host}:${String(port)}`,
    }));
    return { clusterId, brokers: described.sort((a, b) => a.id - b.id) };
  });
}

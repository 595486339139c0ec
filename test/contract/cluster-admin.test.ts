/** The port of cluster administration: its twin in memory, and kafkajs on the embedded broker or Kafka. */
import { randomUUID } from 'node:crypto';
import { Partitioners } from 'kafkajs';
import { KafkajsClusterAdmin } from '../../src/kafka/admin/kafkajs-cluster-admin.js';
import { KafkaCluster } from '../../src/kafka/client/cluster.js';
import { KafkaGroupMember } from '../../src/kafka/group/group-member.js';
import { KafkaLogReader } from '../../src/kafka/log/log-reader.js';
import { MemoryCluster } from '../support/memory/cluster.js';
import { startCluster, uniqueName } from './broker/cluster.js';
import { clusterAdminContract } from './cluster-admin.js';

clusterAdminContract('the cluster in memory', () => {
  const cluster = new MemoryCluster();
  return Promise.resolve({
    admin: cluster,
    reader: cluster,
    address: 'memory:1',
    uniqueName: (what: string) => `${what}-${randomUUID()}`,
    append: (topic, partition, records) => {
      for (const { value, timestampMs } of records) {
        cluster.append(topic, partition, { value: Buffer.from(value), timestampMs });
      }
      return Promise.resolve();
    },
    commit: (group, topic, partition, offset) => {
      cluster.commit(group, topic, partition, offset);
      return Promise.resolve();
    },
    join: (group, topic, store) => {
      const empty = { state: 'Empty', sharesPartitions: true, members: [] };
      const member = {
        ...{ memberId: 'm', clientId: 'c', host: 'h', assignment: { [topic]: [0, 1] } },
        ...{ isAssignmentReadable: true, subscription: [topic], store },
      };
      cluster.describe(group, { ...empty, state: 'Stable', members: [member] });
      return Promise.resolve(() => {
        cluster.describe(group, empty);
        return Promise.resolve();
      });
    },
    close: () => Promise.resolve(),
  });
});

clusterAdminContract('kafkajs', async () => {
  const started = await startCluster();
  const [address = ''] = started.brokers;
  const options = {
    brokers: started.brokers,
    tls: null,
    sasl: null,
    timeoutMs: 30_000,
    log: () => undefined,
  };
  const cluster = new KafkaCluster(options);
  const reader = new KafkaLogReader(cluster);
  const createPartitioner = Partitioners.DefaultPartitioner;
  const producer = started.kafka.producer({ createPartitioner });
  await producer.connect();
  return {
    admin: new KafkajsClusterAdmin(cluster),
    reader,
    address,
    uniqueName,
    append: async (topic, partition, records) => {
      const messages = records.map(({ value, timestampMs }) => ({
        value,
        partition,
        timestamp: String(timestampMs),
      }));
      await producer.send({ topic, messages });
    },
    commit: async (groupId, topic, partition, offset) => {
      const partitions = [{ partition, offset: String(offset) }];
      await started.admin.setOffsets({ groupId, topic, partitions });
    },
    join: async (group, topic, store) => {
      const fetching = { clientId: 'coupons-test', fetchWaitMs: 100, fetchMinBytes: 1 };
      const log = () => undefined;
      const member = new KafkaGroupMember(cluster, { group, topic, store, ...fetching, log });
      await new Promise<void>((resolve, reject) => {
        member.start({
          assigned: () => {
            resolve();
            return { fetched: () => Promise.resolve(), positionLost: () => undefined };
          },
          committed: () => undefined,
          failed: reject,
        });
      });
      return () => member.stop();
    },
    close: async () => {
      await producer.disconnect();
      await reader.close();
      await cluster.close();
      await started.stop();
    },
  };
});

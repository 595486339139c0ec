import { Partitioners } from 'kafkajs';
import { afterAll, beforeAll } from 'vitest';
import { KafkajsClusterAdmin } from '../../src/kafka/admin/kafkajs-cluster-admin.js';
import { KafkaCluster } from '../../src/kafka/client/cluster.js';
import { KafkaGroupMember } from '../../src/kafka/group/group-member.js';
import { MemoryGroup } from '../support/memory/group.js';
import { MemoryLog } from '../support/memory/log.js';
import { VirtualClock } from '../support/clock/virtual.js';
import { startCluster, uniqueName, type Cluster } from './broker/cluster.js';
import { groupMemberContract } from './group-member.js';

groupMemberContract('the group in memory', () => {
  const log = new MemoryLog(2);
  const group = new MemoryGroup({ log, clock: new VirtualClock() });
  return Promise.resolve({
    member: (store) => group.member(store),
    append: (partition, ...values) => {
      for (const value of values) log.append(partition, { value: Buffer.from(value) });
      return Promise.resolve();
    },
    deleteBefore: (partition, offset) => {
      log.deleteBefore(partition, offset);
      return Promise.resolve();
    },
    committed: (partition) => Promise.resolve(group.committed.get(partition) ?? null),
    mark: (partition) => Promise.resolve(group.marks.get(partition) ?? null),
    close: () => Promise.resolve(),
  });
});

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster();
});
afterAll(() => cluster.stop());

groupMemberContract('the kafkajs consumer', async () => {
  const topic = uniqueName('member');
  const group = uniqueName('coupon-member');
  await cluster.admin.createTopics({ topics: [{ topic, numPartitions: 2, replicationFactor: 1 }] });
  const producer = cluster.kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  const client = new KafkaCluster({
    brokers: cluster.brokers,
    tls: null,
    sasl: null,
    timeoutMs: 30_000,
    log: () => undefined,
  });
  return {
    member: (store) =>
      new KafkaGroupMember(client, {
        group,
        topic,
        clientId: 'coupons-test',
        fetchWaitMs: 100,
        fetchMinBytes: 1,
        store,
        log: () => undefined,
      }),
    append: async (partition, ...values) => {
      await producer.send({ topic, messages: values.map((value) => ({ partition, value })) });
    },
    deleteBefore: async (partition, offset) => {
      const partitions = [{ partition, offset: offset.toString() }];
      await cluster.admin.fetchTopicOffsets(topic);
      await cluster.admin.deleteTopicRecords({ topic, partitions });
    },
    committed: async (partition) => {
      const [found] = await cluster.admin.fetchOffsets({ groupId: group, topics: [topic] });
      const offset = found?.partitions.find((each) => each.partition === partition)?.offset;
      return offset === undefined || offset === '-1' ? null : BigInt(offset);
    },
    mark: async (partition) => {
      const offsets = await new KafkajsClusterAdmin(client).committedOffsets(group);
      return offsets.get(topic)?.get(partition)?.mark ?? null;
    },
    close: async () => {
      await producer.disconnect();
      await client.close();
    },
  };
});

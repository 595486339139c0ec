import { randomUUID } from 'node:crypto';
import type { Admin, ITopicConfig, Kafka } from 'kafkajs';
import { startEmbeddedBroker } from '../../support/broker/embedded-broker.js';
import { eventually } from '../../support/eventually.js';
import { kafkaAt } from '../../support/broker/kafkajs-client.js';
import { namedCluster } from '../../support/broker/named-cluster.js';

export interface Cluster {
  readonly brokers: readonly string[];
  readonly kafka: Kafka;
  readonly admin: Admin;
  /** Creates a topic of one partition, or as it is given, under a name of its own. */
  newTopic(topic?: Partial<ITopicConfig>): Promise<string>;
  stop(): Promise<void>;
}

/** The cluster that COUPONS_TEST_BROKERS names for this worker, else an embedded broker on a free port. */
export async function startCluster(): Promise<Cluster> {
  const named = namedCluster();
  const embedded = named === null ? await startEmbeddedBroker() : null;
  const brokers = embedded === null ? (named ?? '').split(',') : [embedded.address];
  const kafka = kafkaAt(brokers, { retry: { retries: 3 } });
  const admin = kafka.admin();
  await admin.connect();
  return {
    brokers,
    kafka,
    admin,
    async newTopic(topic = {}) {
      const name = uniqueName('topic');
      await admin.createTopics({ topics: [{ topic: name, numPartitions: 1, ...topic }] });
      return name;
    },
    async stop() {
      // A cluster that was named is shared: it is left as it was found.
      if (embedded === null) await removeAll(admin, usedNames);
      await admin.disconnect();
      await embedded?.stop();
    },
  };
}

/** Deletes what has these names, and waits until it is gone. */
async function removeAll(admin: Admin, names: ReadonlySet<string>): Promise<void> {
  await eventually(async () => {
    const topics = (await admin.listTopics()).filter((name) => names.has(name));
    const { groups } = await admin.listGroups();
    const groupIds = groups.map(({ groupId }) => groupId).filter((id) => names.has(id));
    if (topics.length > 0) await admin.deleteTopics({ topics });
    if (groupIds.length > 0) await admin.deleteGroups(groupIds);
    return topics.length === 0 && groupIds.length === 0;
  });
}

const usedNames = new Set<string>();

/** A name that no other run uses, of a topic or a group; what has it is deleted at the end. */
export function uniqueName(what: string): string {
  const name = `${what}-${randomUUID()}`;
  usedNames.add(name);
  return name;
}

/** The cluster that a test file runs on: Apache Kafka where there is one, else the embedded broker. */
import type { Admin } from 'kafkajs';
import { DLQ_TOPIC, ORDER_TOPIC, REQUEST_TOPIC } from '../../../src/coupon/topics.js';
import { BrokerProcess } from './broker-process.js';
import { eventually } from '../eventually.js';
import { kafkaAt } from './kafkajs-client.js';
import { namedCluster } from './named-cluster.js';

export interface TestCluster {
  /** "host:port,..." */
  readonly brokers: string;
  readonly kind: 'embedded' | 'kafka';
  stop(): Promise<void>;
}

/**
 * The cluster that COUPONS_TEST_BROKERS names for this worker, emptied by resetTopics; where it is not set, an
 * embedded broker of the test file's own. Either way none of the three topics exists.
 */
export async function testCluster(): Promise<TestCluster> {
  const brokers = namedCluster();
  if (brokers === null) return embeddedCluster();
  await resetTopics(brokers);
  return { brokers, kind: 'kafka', stop: () => Promise.resolve() };
}

async function embeddedCluster(): Promise<TestCluster> {
  const broker = new BrokerProcess();
  await broker.start();
  return { brokers: broker.address, kind: 'embedded', stop: () => broker.stop() };
}

const topics = [REQUEST_TOPIC, DLQ_TOPIC, ORDER_TOPIC];

/** A member that was killed keeps its group from being deleted until its session times out. */
const groupDeadlineMs = 60_000;
const topicDeadlineMs = 30_000;

/** Each read asks a broker of kafkajs' choice, so one alone says little about the others. */
const readsPerBroker = 5;

/**
 * Deletes the three topics, the group coupon-issue-group and every other group whose name begins
 * with "coupon", and waits until no broker knows them any more. For a cluster of tests only.
 */
export async function resetTopics(brokers: string): Promise<void> {
  const admin = kafkaAt(brokers.split(',')).admin();
  await admin.connect();
  try {
    const { brokers: members } = await admin.describeCluster();
    await deleteGroups(admin);
    await deleteTopics(admin, readsPerBroker * members.length);
  } finally {
    await admin.disconnect();
  }
}

async function deleteGroups(admin: Admin): Promise<void> {
  await eventually(
    async () => {
      const { groups } = await admin.listGroups();
      const ours = groups.map(({ groupId }) => groupId).filter((id) => id.startsWith('coupon'));
      if (ours.length > 0) await admin.deleteGroups(ours);
      return ours.length === 0;
    },
    { deadlineMs: groupDeadlineMs },
  );
}

async function deleteTopics(admin: Admin, reads: number): Promise<void> {
  const present = await presentTopics(admin, reads);
  if (present.length === 0) return;
  await admin.deleteTopics({ topics: present });
  await eventually(async () => (await presentTopics(admin, reads)).length === 0, {
    deadlineMs: topicDeadlineMs,
  });
}

/** Those of the three topics that any of `reads` answers in a row still had. */
async function presentTopics(admin: Admin, reads: number): Promise<string[]> {
  const seen = new Set<string>();
  for (let read = 0; read < reads; read += 1) {
    for (const topic of await admin.listTopics()) seen.add(topic);
  }
  return topics.filter((topic) => seen.has(topic));
}

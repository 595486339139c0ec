import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { Kafka, logLevel } from 'kafkajs';
import { Coupons } from './coupons.js';

export const REQUEST_TOPIC = 'coupon-issue-requests';
const TOPICS = [REQUEST_TOPIC, 'coupon-issue-dlq', 'order-created-events'];

const POLL_MS = 100;
const LIMIT_MS = 60_000;

/** Creates the topics of the pipeline. `partitions`: of the requests, 3 by default. */
export async function createTopics({ brokers, workspace, partitions = 3 }) {
  const coupons = new Coupons({ brokers, dataDir: workspace });
  await coupons.json(['topics', 'create', '--partitions', String(partitions)]);
}

/** Deletes topics of a broker that the benchmark has started, and creates them again. */
export async function emptyTopics({ brokers, workspace, topics = TOPICS }) {
  await withAdmin(brokers, async (admin) => {
    const present = async () => (await admin.listTopics()).filter((name) => topics.includes(name));
    await admin.deleteTopics({ topics: await present() });
    await until('the topics are deleted', async () => (await present()).length === 0);
  });
  await createTopics({ brokers, workspace });
}

/** Resolves when the group is stable with so many members. */
export function groupIsReady(brokers, group, members) {
  return withAdmin(brokers, (admin) =>
    until(`group ${group} has ${members} members`, async () => {
      const { groups } = await admin.describeGroups([group]);
      return groups[0]?.state === 'Stable' && groups[0].members.length === members;
    }),
  );
}

/** The id that tells this cluster from another. */
export function clusterIdOf(brokers) {
  return withAdmin(brokers, async (admin) => (await admin.describeCluster()).clusterId);
}

async function withAdmin(brokers, work) {
  const kafka = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}

async function until(what, isTrue) {
  const deadline = performance.now() + LIMIT_MS;
  while (!(await isTrue())) {
    if (performance.now() > deadline) throw new Error(`Waited for a minute until ${what}.`);
    await delay(POLL_MS);
  }
}

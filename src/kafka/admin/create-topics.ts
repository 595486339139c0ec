import { setTimeout as sleep } from 'node:timers/promises';
import type { Admin, ITopicMetadata } from 'kafkajs';
import type { TopicSpec } from '../../coupon/topics.js';
import { CliError } from '../../errors.js';
import type { KafkaCluster } from '../client/cluster.js';
import { protocolErrorType, refusedTopic } from '../client/errors.js';

/** Creates topics and waits until every partition has a leader. */
export async function createTopics(
  cluster: KafkaCluster,
  specs: readonly TopicSpec[],
): Promise<void> {
  if (specs.length === 0) return;
  await cluster.request('creating the topics', async (admin, _inner, signal) => {
    await send(admin, specs, false).catch((error: unknown) => {
      throw refusal(error) ?? error;
    });
    // One that another client was quicker to create may have fewer partitions.
    for (const { name } of specs) await leadersElected(admin, name, 1, signal);
  });
}

/**
 * Why the cluster would refuse one of these topics: a policy, a missing right, a setting it does not
 * know. Null where it would not. Creates none.
 */
export async function refusalToCreate(
  cluster: KafkaCluster,
  specs: readonly TopicSpec[],
): Promise<CliError | null> {
  return cluster.request('asking whether the topics can be created', async (admin) => {
    try {
      await send(admin, specs, true);
      return null;
    } catch (error) {
      const refused = refusal(error, ' No topic is created.');
      if (refused === null) throw error;
      return refused;
    }
  });
}

async function send(admin: Admin, specs: readonly TopicSpec[], validateOnly: boolean) {
  await admin.createTopics({
    validateOnly,
    waitForLeaders: false,
    topics: specs.map((spec) => ({
      topic: spec.name,
      numPartitions: spec.partitions,
      replicationFactor: spec.replicationFactor,
      configEntries: Object.entries(spec.config).map(([name, value]) => ({ name, value })),
    })),
  });
}

/** Null where it is another failure. A topic that exists already is not refused. */
function refusal(error: unknown, addition = ''): CliError | null {
  const refused = refusedTopic(error);
  if (refused === null) return null;
  const { type, topic, message } = refused;
  return new CliError(
    type,
    `Topic ${topic} can't be created: ${message}.${addition}`,
    type === 'TOPIC_AUTHORIZATION_FAILED'
      ? 'Ask for the ACL (Create on the topic or on the cluster), or log in as another user.'
      : 'Choose other settings with --profile, --partitions and --replication-factor, or ask who runs the cluster.',
    { cause: error },
  );
}

const ELECTION_CHECK_MS = 100;

/** Resolves when at least so many partitions are known, and all have a leader. The call's signal ends it. */
async function leadersElected(
  admin: Admin,
  topic: string,
  fewest: number,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] }).catch(notYetKnown);
    const known = topics[0]?.partitions ?? [];
    if (known.length >= fewest && known.every(({ leader }) => leader >= 0)) return;
    await sleep(ELECTION_CHECK_MS, undefined, { signal });
  }
}

/** The broker asked may learn of the topic a moment later than the one that made it. */
function notYetKnown(error: unknown): { readonly topics: readonly ITopicMetadata[] } {
  if (protocolErrorType(error) === 'UNKNOWN_TOPIC_OR_PARTITION') return { topics: [] };
  throw error;
}

/** Raises the number of partitions and waits for their leaders; `total` is the new total. */
export async function createPartitions(
  cluster: KafkaCluster,
  topic: string,
  total: number,
): Promise<void> {
  await cluster.request(`adding partitions to ${topic}`, async (admin, _inner, signal) => {
    await admin.createPartitions({ topicPartitions: [{ topic, count: total }] });
    await leadersElected(admin, topic, total, signal);
  });
}

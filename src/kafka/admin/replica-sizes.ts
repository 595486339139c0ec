/** The sizes of replicas on the brokers' disks. */
import type { ReplicaSize, TopicDescription } from '../../ports/cluster-admin.js';
import { withinLimit } from '../client/call.js';
import type { KafkaCluster } from '../client/cluster.js';
import type { InnerCluster } from '../client/inside/objects.js';
import { sendRaw } from '../client/raw-request.js';
import { describeLogDirs, type PartitionsOfTopic } from './log-dirs.js';

/** Sizes are good to know, not worth more of a command's time than this. */
const LONGEST_WAIT_MS = 2000;

/** Asks every broker that has a replica. One that can't be asked or does not answer in time is left out. */
export async function replicaSizes(
  cluster: KafkaCluster,
  topics: readonly TopicDescription[],
): Promise<readonly ReplicaSize[]> {
  const waitMs = Math.min(LONGEST_WAIT_MS, cluster.options.timeoutMs / 2);
  const doing = 'asking for the sizes of the topics';
  return cluster.request(doing, async (_admin, inner, signal) => {
    const found = await Promise.all(
      brokersOf(topics).map((broker) =>
        withinLimit(waitMs, () => sizesOn(inner, broker, topics), signal).catch(() => []),
      ),
    );
    return found.flat();
  });
}

function brokersOf(topics: readonly TopicDescription[]): readonly number[] {
  return [
    ...new Set(topics.flatMap((topic) => topic.partitions.flatMap(({ replicas }) => replicas))),
  ];
}

async function sizesOn(
  inner: InnerCluster,
  broker: number,
  topics: readonly TopicDescription[],
): Promise<readonly ReplicaSize[]> {
  const found = await inner.findBroker({ nodeId: String(broker) });
  const replicas = await sendRaw(found, describeLogDirs(replicasOn(broker, topics)));
  return (replicas ?? []).map((replica) => ({ ...replica, broker }));
}

function replicasOn(
  broker: number,
  topics: readonly TopicDescription[],
): readonly PartitionsOfTopic[] {
  return topics.map(({ name, partitions }) => ({
    topic: name,
    partitions: partitions
      .filter(({ replicas }) => replicas.includes(broker))
      .map(({ partition }) => partition),
  }));
}

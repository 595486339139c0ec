/** Whether the topics' replicas are in sync, as far as it is known. */
import type { ChalkInstance } from 'chalk';
import type { TopicFacts } from '../../advice/facts.js';
import type { BrokerStatus } from '../../status/cluster.js';
import { readNow } from '../../status/parts.js';
import type { StatusReport } from '../../status/status.js';
import type { TopicsStatus } from '../../status/topics.js';
import { count, counted } from '../../text/figures.js';

/** A line of facts an element. */
type Lines = readonly (readonly string[])[];

/** A line for all of them where nothing is wrong. */
export function topicLines(
  { topics, missing, replicaBrokers }: TopicsStatus,
  { cluster }: Pick<StatusReport['parts'], 'cluster'>,
  paint: ChalkInstance,
): Lines {
  const silent = (readNow(cluster)?.brokers ?? []).filter(({ answers }) => !answers);
  const doubtful = silent.filter(({ id }) => replicaBrokers.includes(id));
  return [
    ...replicaLines({ topics, missing }, paint),
    // A cluster without a quorum goes on to call their replicas in sync.
    ...(doubtful.length === 0
      ? []
      : [[paint.red(`replicas on brokers that do not answer: ${idsOf(doubtful)}`)]]),
  ];
}

function idsOf(brokers: readonly BrokerStatus[]): string {
  return brokers.map(({ id }) => String(id)).join(', ');
}

function replicaLines(
  { topics, missing }: Pick<TopicsStatus, 'topics' | 'missing'>,
  paint: ChalkInstance,
): Lines {
  const wrong = topics.filter((topic) => stateOf(topic, paint) !== null);
  if (wrong.length === 0 && missing.length === 0) {
    const counts = topics.map(({ name, partitions }) => `${name} ${count(partitions.length)}`);
    return [[`partitions in sync: ${counts.join(', ')}`]];
  }
  return [
    ...topics.map((topic) => [
      topic.name,
      counted(topic.partitions.length, 'partition'),
      stateOf(topic, paint) ?? 'in sync',
    ]),
    ...missing.map((name) => [name, paint.red('does not exist')]),
  ];
}

/** Null: all is in sync. */
function stateOf(
  { partitions, replicationFactor }: TopicFacts,
  paint: ChalkInstance,
): string | null {
  const offline = partitions.filter(({ hasLeader }) => !hasLeader).length;
  const silent = partitions.filter(
    ({ hasLeader, leaderAnswers }) => hasLeader && !leaderAnswers,
  ).length;
  const behind = partitions.filter(
    ({ hasLeader, inSyncReplicas }) => hasLeader && inSyncReplicas < replicationFactor,
  ).length;
  if (offline + silent + behind === 0) return null;
  return [
    ...(offline === 0 ? [] : [paint.red(`${count(offline)} offline`)]),
    ...(silent === 0 ? [] : [paint.red(`${count(silent)} with a silent leader`)]),
    ...(behind === 0 ? [] : [paint.yellow(`${count(behind)} under-replicated`)]),
  ].join(', ');
}

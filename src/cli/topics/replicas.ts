import type { PartitionDescription, TopicDescription } from '../../ports/cluster-admin.js';
import type { SizedTopic } from '../../topics/sizes.js';
import { listed } from '../../words/en/listed.js';

/**
 * offline: without a leader, so it can't be read or written. leader-silent: nor can one whose leader does not answer. A
 * cluster that has lost its quorum goes on to call it the leader, and its replicas in sync.
 */
export type ReplicaState = 'in-sync' | 'under-replicated' | 'leader-silent' | 'offline';

export function replicaState({
  leader,
  replicas,
  isr,
  endOffset,
}: PartitionDescription): ReplicaState {
  if (leader === null) return 'offline';
  if (endOffset === null) return 'leader-silent';
  return isr.length < replicas.length ? 'under-replicated' : 'in-sync';
}

/** The topic, and of each partition how its replicas are: what list and describe give as JSON. */
export function withReplicaStates(topic: SizedTopic) {
  const partitions = topic.partitions.map((partition) => ({
    ...partition,
    state: replicaState(partition),
  }));
  return { ...topic, partitions };
}

/** What is wrong with the replicas of a topic: a sentence each. Empty where nothing is. */
export function replicaNotes(topic: TopicDescription): readonly string[] {
  const inState = (state: ReplicaState) =>
    topic.partitions.filter((partition) => replicaState(partition) === state);
  const offline = inState('offline');
  const silent = inState('leader-silent');
  const behind = inState('under-replicated');
  const minInSync = Number(topic.effectiveConfig?.['min.insync.replicas'] ?? 1);
  const unwritable = behind.filter(({ isr }) => isr.length < minInSync);
  const notes: string[] = [];
  if (offline.length > 0) {
    notes.push(
      `${partitions(offline)} offline: no reads, no writes. Start ${brokers(offline)} again.`,
    );
  }
  if (silent.length > 0) {
    notes.push(
      `${partitions(silent)} led by ${leaders(silent)}, without an answer: no reads, no writes. Whether replicas there are in sync is not known.`,
    );
  }
  if (behind.length > 0) {
    notes.push(
      `${partitions(behind)} under-replicated: ${brokers(behind)} not in sync. The newest records of a partition are lost if all its in-sync replicas are lost.`,
    );
  }
  if (unwritable.length > 0) {
    notes.push(
      `${partitions(unwritable)} refusing writes with acks=all: fewer in-sync replicas than min.insync.replicas, ${String(minInSync)}.`,
    );
  }
  return notes;
}

function partitions(found: readonly PartitionDescription[]): string {
  const names = listed(found.map(({ partition }) => String(partition)));
  return found.length === 1 ? `Partition ${names} is` : `Partitions ${names} are`;
}

function leaders(found: readonly PartitionDescription[]): string {
  return named(new Set(found.flatMap(({ leader }) => leader ?? [])));
}

/** The brokers that hold a replica which is not in sync. */
function brokers(found: readonly PartitionDescription[]): string {
  const missing = new Set(
    found.flatMap(({ replicas, isr, leader }) =>
      replicas.filter((id) => leader === null || !isr.includes(id)),
    ),
  );
  return named(missing);
}

function named(brokerIds: ReadonlySet<number>): string {
  const names = [...brokerIds].sort((a, b) => a - b).join(', ');
  return brokerIds.size === 1 ? `broker ${names}` : `brokers ${names}`;
}

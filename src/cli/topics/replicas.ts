import type { PartitionDescription, TopicDescription } from '../../ports/cluster-admin.js';
import type { SizedTopic } from '../../topics/sizes.js';
import { listed } from '../../words/en/listed.js';

/** offline: without a leader, so it can't be read or written. */
export type ReplicaState = 'in-sync' | 'under-replicated' | 'offline';

export function replicaState({ leader, replicas, isr }: PartitionDescription): ReplicaState {
  if (leader === null) return 'offline';
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
  const behind = inState('under-replicated');
  const minInSync = Number(topic.effectiveConfig?.['min.insync.replicas'] ?? 1);
  const unwritable = behind.filter(({ isr }) => isr.length < minInSync);
  const notes: string[] = [];
  if (offline.length > 0) {
    notes.push(
      `${partitions(offline)} offline: no reads, no writes. Start ${brokers(offline)} again.`,
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

/** The brokers that hold a replica which is not in sync. */
function brokers(found: readonly PartitionDescription[]): string {
  const missing = new Set(
    found.flatMap(({ replicas, isr, leader }) =>
      replicas.filter((id) => leader === null || !isr.includes(id)),
    ),
  );
  const names = [...missing].sort((a, b) => a - b).join(', ');
  return missing.size === 1 ? `broker ${names}` : `brokers ${names}`;
}

import { modeOfClientId, type ConsumeMode } from '../consume/consume-mode.js';
import type { GroupMemberDescription } from '../ports/cluster-admin.js';
import type { Place } from '../ports/lag-sample.js';

/** The members of one process, or one member of another program. */
export interface MemberProcess {
  /** The name that it gives its host, or the address that Kafka sees. */
  readonly host: string;
  readonly pid: number | null;
  /** Null: not one of ours. */
  readonly mode: ConsumeMode | null;
  readonly clientIds: readonly string[];
  readonly partitions: readonly Place[];
  /** The store that it works on, as it opens it; null: it does not say. */
  readonly store: string | null;
}

/** Those with the most partitions first. */
export function memberProcesses(
  members: readonly GroupMemberDescription[],
): readonly MemberProcess[] {
  const processes = new Map<string, GroupMemberDescription[]>();
  for (const member of members) {
    const key = processOf(member);
    processes.set(key, [...(processes.get(key) ?? []), member]);
  }
  return [...processes.values()]
    .map(describe)
    .sort((a, b) => b.partitions.length - a.partitions.length || byName(a.host, b.host));
}

/** A run is one process: hosts may have one name, and containers one pid. */
function processOf({ memberId, store }: GroupMemberDescription): string {
  if (store?.pid == null) return memberId;
  return JSON.stringify([store.host, store.pid, store.sinceMs]);
}

function describe(members: readonly GroupMemberDescription[]): MemberProcess {
  const [first] = members;
  const clientIds = members.map(({ clientId }) => clientId).sort(byName);
  return {
    host: first?.store?.host ?? first?.host ?? '',
    pid: first?.store?.pid ?? null,
    mode: modeOfClientId(first?.clientId ?? ''),
    clientIds,
    partitions: members.flatMap(placesOf).sort(byPlace),
    store: first?.store?.path ?? null,
  };
}

function placesOf({ assignment }: GroupMemberDescription): readonly Place[] {
  return Object.entries(assignment).flatMap(([topic, partitions]) =>
    partitions.map((partition) => ({ topic, partition })),
  );
}

function byPlace(a: Place, b: Place): number {
  return byName(a.topic, b.topic) || a.partition - b.partition;
}

function byName(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

import type { Actor, EventDetails, StoredEvent } from '../ports/store-history.js';
import type { Happening } from './happenings.js';
import { withoutEndedBeginnings } from './replays.js';

type AssignedEvent = StoredEvent & Extract<EventDetails, { kind: 'PARTITIONS_ASSIGNED' }>;

/** Members that got their partitions one after the other. */
export interface Rebalance {
  readonly kind: 'REBALANCE';
  readonly atMs: number;
  readonly group: string;
  /** How often a member has got partitions: more than `members` where the group rebalanced several times. */
  readonly assignments: number;
  readonly untilMs: number;
  /** What each member had in the end, in the order of hosts, processes and members. */
  readonly members: readonly AssignedMember[];
}

export interface AssignedMember extends Pick<Actor, 'host' | 'pid'> {
  readonly member: number;
  readonly partitions: readonly number[];
}

export type Line = Exclude<Happening, AssignedEvent> | Rebalance;

/** A group that rebalances for longer is shown again. */
const LONGEST_MS = 60_000;

/** What people read: assignments of a group that follow one another are one rebalance, and a replay that ended one line. */
export function linesOf(happenings: readonly Happening[]): readonly Line[] {
  const lines: Line[] = [];
  let assigned: AssignedEvent[] = [];
  const close = () => {
    if (assigned.length > 0) lines.push(rebalanceOf(assigned));
    assigned = [];
  };
  for (const each of withoutEndedBeginnings(happenings)) {
    if (each.kind !== 'PARTITIONS_ASSIGNED') {
      close();
      lines.push(each);
      continue;
    }
    const first = assigned[0] ?? each;
    if (first.group !== each.group || each.atMs - first.atMs > LONGEST_MS) close();
    assigned.push(each);
  }
  close();
  return lines;
}

function rebalanceOf(assigned: readonly AssignedEvent[]): Rebalance {
  const latest = new Map<string, AssignedMember>();
  for (const { run, member, partitions, actor } of assigned) {
    const { host, pid } = actor;
    latest.set(`${run} ${String(member)}`, { host, pid, member, partitions });
  }
  const members = [...latest.values()].toSorted(
    (a, b) => a.host.localeCompare(b.host) || a.pid - b.pid || a.member - b.member,
  );
  const [first] = assigned;
  return {
    kind: 'REBALANCE',
    atMs: first?.atMs ?? 0,
    untilMs: assigned.at(-1)?.atMs ?? 0,
    group: first?.group ?? '',
    assignments: assigned.length,
    members,
  };
}

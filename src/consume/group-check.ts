import { CliError } from '../errors.js';
import type { StoredPosition } from '../ports/coupon-store.js';
import { describePlace, isCopyOf, type GroupStore } from '../ports/group-store.js';
import type { LogReader, PartitionBounds } from '../ports/log.js';
import {
  firstStore,
  followsStore,
  otherStoreOf,
  partitionsBehind,
  type TopicOffsets,
} from '../records/standing.js';

/** What a run knows of its group, beside its own partitions. */
export interface GroupOffsets {
  /** The store of this run. */
  readonly store: GroupStore;
  /** What the group has committed of the topic. */
  readonly committed: () => Promise<TopicOffsets>;
}

interface Source {
  readonly group: string;
  readonly topic: string;
}

/**
 * A group has one store: what another one decided, this one does not know. Throws CliError
 * STORE_NOT_OF_GROUP where the group's offsets follow another store, or, where none says so yet, a member
 * with another one began before this run; and where a member that began before works on the store that this one
 * is a copy of, or the other way round. `others`: the stores of the group's members.
 */
export function assertStoreOfGroup(
  { group, topic }: Source,
  own: GroupStore,
  committed: TopicOffsets,
  others: readonly GroupStore[],
): void {
  const marked = otherStoreOf(committed, own.id);
  if (marked !== null) {
    const why = `its offsets of ${topic} follow that store`;
    throw notOfGroup(group, own, marked, why);
  }
  const copy = firstStore([own, ...others.filter((other) => isCopyOf(own, other))]);
  if (copy !== null && isCopyOf(own, copy)) {
    throw usesCopy(group, own, copy);
  }
  if (followsStore(committed, own.id)) return;
  const first = firstStore([own, ...others]);
  if (first === null || first.id === own.id) return;
  throw notOfGroup(group, own, first, 'a member with that store began before this run');
}

interface Known {
  readonly reader: Pick<LogReader, 'read'>;
  readonly own: GroupStore;
  readonly committed: TopicOffsets;
  readonly positions: readonly StoredPosition[];
  readonly bounds: readonly PartitionBounds[];
}

/** Throws CliError STORE_BEHIND_GROUP where the group has read records that the store lacks. */
export async function assertNotBehindGroup(
  { group, topic }: Source,
  { reader, own, committed, positions, bounds }: Known,
): Promise<void> {
  const stands = new Map(positions.map(({ partition, nextOffset }) => [partition, nextOffset]));
  const known = { committed, positions: stands, bounds };
  const [first] = await partitionsBehind(reader, topic, known);
  if (first === undefined) return;
  const { partition, committedOffset, nextOffset } = first;
  const reached =
    nextOffset === null
      ? `has applied nothing of ${topic} partition ${String(partition)}`
      : `has applied ${topic} partition ${String(partition)} up to offset ${nextOffset.toString()}`;
  throw new CliError(
    'STORE_BEHIND_GROUP',
    `The store ${own.path} ${reached}, but group ${group} has committed offset ${committedOffset.toString()}: the store is an older copy of the group's, or another program has read for this group.`,
    `Use the group's newest store with --store. Or, ${WAYS_OUT}`,
  );
}

const WAYS_OUT =
  'with the group stopped: `coupons store take-over` lets it go on where this store stands, `coupons store reset-offsets` at the start of the topic (what was issued stays issued).';

function notOfGroup(group: string, own: GroupStore, used: GroupStore, why: string): CliError {
  return new CliError(
    'STORE_NOT_OF_GROUP',
    `Group ${group} uses the store ${describePlace(used)} (${why}), not ${describePlace(own)}. A group has one store.`,
    `Use that store with --store. Or, ${WAYS_OUT}`,
  );
}

function usesCopy(group: string, own: GroupStore, used: GroupStore): CliError {
  return new CliError(
    'STORE_NOT_OF_GROUP',
    `A member of group ${group} works on ${describePlace(used)}, and ${describePlace(own)} is another copy of that store. Used together, each would lack what the other one decides.`,
    'Stop the members with the copy that is not wanted, then copy again what it decided meanwhile, or use that copy with --store.',
  );
}

import { REQUEST_TOPIC } from '../coupon/topics.js';
import { CliError } from '../errors.js';
import { groupBy } from '../group-by.js';
import type {
  ClusterAdmin,
  CommittedOffsets,
  GroupDescription,
  GroupMemberDescription,
} from '../ports/cluster-admin.js';
import type { CommittedOffset } from '../ports/group-store.js';
import {
  lagOf,
  readingOffset,
  type AbandonedTopic,
  type IdleMember,
  type LagSample,
  type PartitionSample,
} from '../ports/lag-sample.js';
import { partitionOffline } from '../ports/topic-errors.js';
import type { ClusterLogReader, LogBounds, PartitionBounds } from '../ports/log.js';

/** What a look at a group's lag asks of the cluster. */
export type LagAdmin = Pick<ClusterAdmin, 'committedOffsets' | 'describeGroup' | 'listTopics'>;
export type LagLog = Pick<ClusterLogReader, 'firstTimestamps' | 'logBounds'>;

export interface LagQuery {
  readonly group: string;
  /** Null: every topic the group has committed to or is assigned, else the request topic. */
  readonly topic: string | null;
}

/**
 * One look at a group: the coordinator is asked twice, and each leader three times, however many
 * partitions there are. Committed offsets are read before end offsets, so that lag is never negative.
 * The end is the high watermark, as in Kafka's own tools. Throws CliError TOPIC_NOT_FOUND where none
 * of the topics exists, and PARTITION_OFFLINE where no partition has a leader.
 */
export async function sampleLag(
  admin: LagAdmin,
  reader: LagLog,
  { group, topic }: LagQuery,
  now: () => number,
): Promise<LagSample> {
  const [state, committed] = await Promise.all([
    admin.describeGroup(group),
    admin.committedOffsets(group),
  ]);
  const isAbandoned = abandonedBy(state);
  const topics = topic === null ? topicsOfGroup(state, committed) : [topic];
  const { bounds, offline, missing } = await existingBounds(admin, reader, topics);
  const [first] = offline;
  if (first !== undefined && [...bounds.values()].every(({ length }) => length === 0)) {
    throw partitionOffline(first.topic, first.partition);
  }
  const samples = [...bounds].flatMap(([name, ofTopic]) => {
    const owners = ownersOf(state, name);
    return ofTopic.map((bound) =>
      samplePartition(
        name,
        bound,
        committed.get(name)?.get(bound.partition) ?? null,
        owners.get(bound.partition),
      ),
    );
  });
  const left = topic === null ? samples.filter((each) => isAbandoned(each.topic)) : [];
  const partitions = await withOldest(
    reader,
    samples.filter((each) => !left.includes(each)),
  );
  return {
    takenAtMs: now(),
    group: {
      group,
      state: state.state,
      members: state.members.length,
      described: state.members,
      idleMembers: idleMembersOf(state),
      unreadableMembers: state.members
        .filter(({ isAssignmentReadable }) => !isAssignmentReadable)
        .map(nameOf),
    },
    partitions,
    offline,
    missingTopics: missing.filter((name) => topic !== null || !isAbandoned(name)),
    abandonedTopics: abandonedTopics(left),
    unreadTopic: topic !== null && isNeverRead(topic, state, committed) ? topic : null,
    recentLetters: null,
    mismatch: null,
  };
}

/**
 * A group goes on to name a topic that was deleted (a Java member for up to five minutes), which is no
 * reason to say nothing of the others.
 */
async function existingBounds(
  admin: LagAdmin,
  reader: LagLog,
  topics: readonly string[],
): Promise<LogBounds & { readonly missing: readonly string[] }> {
  try {
    return { ...(await reader.logBounds(topics)), missing: [] };
  } catch (error) {
    if (!(error instanceof CliError) || error.code !== 'TOPIC_NOT_FOUND') throw error;
    const known = await admin.listTopics();
    const existing = topics.filter((name) => known.includes(name));
    if (existing.length === 0) throw error;
    const missing = topics.filter((name) => !known.includes(name));
    return { ...(await reader.logBounds(existing)), missing };
  }
}

function topicsOfGroup(state: GroupDescription, committed: CommittedOffsets): readonly string[] {
  const assigned = state.members.flatMap(({ assignment }) => Object.keys(assignment));
  const withCommits = [...committed]
    .filter(([, partitions]) => [...partitions.values()].some((offset) => offset !== null))
    .map(([topic]) => topic);
  const topics = [...new Set([...withCommits, ...assigned])].sort();
  return topics.length > 0 ? topics : [REQUEST_TOPIC];
}

function ownersOf(
  { members }: GroupDescription,
  topic: string,
): ReadonlyMap<number, GroupMemberDescription> {
  return new Map(
    members.flatMap((member) =>
      (member.assignment[topic] ?? []).map((partition) => [partition, member] as const),
    ),
  );
}

/** While a group rebalances no member has a partition, which says nothing. */
function idleMembersOf(group: GroupDescription): LagSample['group']['idleMembers'] {
  const { state, members, sharesPartitions } = group;
  if (state !== 'Stable' || !sharesPartitions) return [];
  return members
    .filter(({ isAssignmentReadable }) => isAssignmentReadable)
    .filter(({ assignment }) => Object.values(assignment).every(({ length }) => length === 0))
    .map(nameOf);
}

function nameOf({ clientId, host }: GroupMemberDescription): IdleMember {
  return { clientId, host };
}

/**
 * Whether the group reads a topic no more: it has members, and none of them subscribes to it. Not known while one's
 * subscription is not. Requests are never abandoned: that they are not read is what there is to say of them.
 */
function abandonedBy({ members }: GroupDescription): (topic: string) => boolean {
  const subscriptions = members.map(({ subscription }) => subscription);
  if (members.length === 0 || subscriptions.includes(null)) return () => false;
  const subscribed = new Set(subscriptions.flatMap((topics) => topics ?? []));
  return (topic) => topic !== REQUEST_TOPIC && !subscribed.has(topic);
}

function abandonedTopics(samples: readonly PartitionSample[]): readonly AbandonedTopic[] {
  return [...groupBy(samples, ({ topic }) => topic)].map(([topic, partitions]) => ({
    topic,
    lag: partitions.reduce((sum, partition) => sum + lagOf(partition), 0),
  }));
}

/** Nothing says that the group reads it, or ever has. It is made to read requests, so that they are no such topic. */
function isNeverRead(
  topic: string,
  { members }: GroupDescription,
  committed: CommittedOffsets,
): boolean {
  const hasCommitted = [...(committed.get(topic)?.values() ?? [])].some((each) => each !== null);
  const isRead = members.some(
    ({ assignment, subscription, isAssignmentReadable }) =>
      !isAssignmentReadable || topic in assignment || (subscription ?? [topic]).includes(topic),
  );
  return topic !== REQUEST_TOPIC && !hasCommitted && !isRead;
}

function samplePartition(
  topic: string,
  { partition, startOffset, endOffset, stableEndOffset }: PartitionBounds,
  committed: CommittedOffset | null,
  owner: GroupMemberDescription | undefined,
): PartitionSample {
  return {
    topic,
    partition,
    committedOffset: committed?.offset ?? null,
    mark: committed?.mark ?? null,
    startOffset,
    endOffset,
    stableEndOffset,
    oldestUnprocessedTimestampMs: null,
    memberId: owner?.memberId ?? null,
    clientId: owner?.clientId ?? null,
    host: owner?.host ?? null,
    pid: owner?.store?.pid ?? null,
  };
}

/** The age of what waits longest, where something waits. */
async function withOldest(
  reader: LagLog,
  samples: readonly PartitionSample[],
): Promise<readonly PartitionSample[]> {
  const behind = samples.filter((sample) => readingOffset(sample) < sample.endOffset);
  const oldest = await reader.firstTimestamps(
    behind.map((sample) => ({
      topic: sample.topic,
      partition: sample.partition,
      offset: readingOffset(sample),
    })),
  );
  const timestamps = new Map(behind.map((sample, index) => [sample, oldest[index] ?? null]));
  return samples.map((sample) => ({
    ...sample,
    oldestUnprocessedTimestampMs: timestamps.get(sample) ?? null,
  }));
}

import type { GroupMemberDescription } from './cluster-admin.js';
import type { OffsetsMismatch, StoreMark, StoreNotCompared } from './group-store.js';
import { isSamePartition, type PartitionEnds } from './log.js';

/** The consumer group, as its coordinator describes it. */
export interface GroupSample {
  readonly group: string;
  /** Kafka's word: Stable, Empty, PreparingRebalance, CompletingRebalance, Dead. */
  readonly state: string;
  readonly members: number;
  /** All of them that Kafka describes. */
  readonly described: readonly GroupMemberDescription[];
  /** Those without a partition, once the group has settled. */
  readonly idleMembers: readonly IdleMember[];
  /** Those whose assignment can't be read: which partitions they have is not known. */
  readonly unreadableMembers: readonly IdleMember[];
}

/** A topic that the group has read, and that none of its members subscribes to any more. */
export interface AbandonedTopic {
  readonly topic: string;
  /** In records: from its committed offsets to the ends. */
  readonly lag: number;
}

/** Dead letters by their time in Kafka; those without one are not among them. */
export interface RecentLetters {
  readonly topic: string;
  readonly letters: number;
  /** In the last so many ms before the look. */
  readonly periodMs: number;
}

export interface IdleMember {
  readonly clientId: string;
  readonly host: string;
}

/** One partition, as broker and coordinator describe it. */
export interface PartitionSample extends PartitionEnds {
  readonly topic: string;
  readonly partition: number;
  /** Null where the group has committed nothing. */
  readonly committedOffset: bigint | null;
  /** The store that the committed offset follows; null where it names none. */
  readonly mark: StoreMark | null;
  readonly startOffset: bigint;
  /**
   * Of the first record that is not committed, as Kafka has it; null where there is none, or it is not
   * known. usableInstantMs says whether it is one.
   */
  readonly oldestUnprocessedTimestampMs: number | null;
  /** Of the member that the partition is assigned to, which it has to itself: "CONSUMER-ID" of Kafka's tools. */
  readonly memberId: string | null;
  /** What the member calls itself: as may others, of another process or none of ours. */
  readonly clientId: string | null;
  /** The address that Kafka sees it at. */
  readonly host: string | null;
  /** Of its process there; null: another program, or a version that does not say. */
  readonly pid: number | null;
}

/** A group and its partitions at one instant. */
export interface LagSample {
  readonly takenAtMs: number;
  readonly group: GroupSample;
  readonly partitions: readonly PartitionSample[];
  /** Those without a leader: their end, and so their lag, is unknown. */
  readonly offline: readonly Place[];
  /** Those that the group reads, or has read, and that are not there. */
  readonly missingTopics: readonly string[];
  /** Not among `partitions`: nothing will ever read what is left there. */
  readonly abandonedTopics: readonly AbandonedTopic[];
  /** The topic that was asked for, where the group has never read it; null: it reads what was asked for. */
  readonly unreadTopic: string | null;
  /** Null: there is no DLQ, this user may not read it, or the look was not at requests. */
  readonly recentLetters: RecentLetters | null;
  /**
   * Why the store of this machine is not the group's, or why that is not known; null: nothing says so, or there is none
   * to look at.
   */
  readonly mismatch: OffsetsMismatch | StoreNotCompared | null;
}

export interface Place {
  readonly topic: string;
  readonly partition: number;
}

type Progress = Pick<PartitionSample, 'committedOffset' | 'startOffset'>;

/** Where the group reads on: what retention has deleted can't be read any more. */
export function readingOffset({ committedOffset, startOffset }: Progress): bigint {
  return committedOffset === null || committedOffset < startOffset ? startOffset : committedOffset;
}

/** How many offsets the log has lost between what was committed and its start. */
export function deletedUnread(partition: Progress): bigint {
  const { committedOffset } = partition;
  return committedOffset === null ? 0n : readingOffset(partition) - committedOffset;
}

/** Whether the log ends before what was committed: it was replaced, or has lost records, so that the lag is not known. */
export function isBeyondEnd(
  partition: Pick<PartitionSample, 'committedOffset' | 'endOffset'>,
): boolean {
  return partition.committedOffset !== null && partition.committedOffset > partition.endOffset;
}

/** In records: max(endOffset − max(committedOffset, startOffset), 0) (docs/contract.md). */
export function lagOf(partition: Progress & Pick<PartitionSample, 'endOffset'>): number {
  const lag = partition.endOffset - readingOffset(partition);
  return lag > 0n ? Number(lag) : 0;
}

/** What of it can be read now: not what waits behind an open transaction. In records. */
function readableLagOf(partition: PartitionSample): number {
  const lag = partition.stableEndOffset - readingOffset(partition);
  return lag > 0n ? Number(lag) : 0;
}

/** Whether nothing is left to read, but for what waits behind an open transaction. */
export function hasCaughtUp({ partitions }: LagSample): boolean {
  return partitions.every((partition) => readableLagOf(partition) === 0);
}

export function totalLagOf({ partitions }: LagSample): number {
  return partitions.reduce((total, partition) => total + lagOf(partition), 0);
}

/** The same partition in another sample; `place` is where it most likely stands there. */
export function samePartition(
  sample: LagSample,
  partition: PartitionSample,
  place: number,
): PartitionSample | undefined {
  const isSame = (other: PartitionSample) => isSamePartition(other, partition);
  const likely = sample.partitions[place];
  return likely !== undefined && isSame(likely) ? likely : sample.partitions.find(isSame);
}

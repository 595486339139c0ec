import { DLQ_TOPIC } from '../coupon/topics.js';
import {
  deletedUnread,
  type AbandonedTopic,
  type IdleMember,
  type LagSample,
  type PartitionSample,
  type Place,
  type RecentLetters,
} from '../ports/lag-sample.js';
import type { OffsetsMismatch, StoreNotCompared } from '../ports/group-store.js';
import { openTransactionsOf, type OpenTransaction } from '../ports/log.js';
import { mistakenUnit, type TimestampUnit } from '../records/timestamp.js';
import type { PartitionLag } from './partition-lag.js';

/** A single partition that holds most of the lag. */
export interface HotPartition {
  readonly topic: string;
  readonly partition: number;
  readonly lag: number;
  /** Of the total lag, 0 to 1. */
  readonly share: number;
}

/** Above this share of the lag, one partition is the bottleneck. */
const HOT_SHARE = 0.5;

/**
 * The partition with more than half of the lag, if there is one. Null with a single partition, and
 * up to a total lag of `warnAbove`.
 */
export function hotPartitionOf(
  partitions: readonly PartitionLag[],
  totalLag: number,
  warnAbove: number,
): HotPartition | null {
  if (partitions.length < 2 || totalLag <= warnAbove) return null;
  const hot = partitions.find(({ lag }) => lag > totalLag * HOT_SHARE);
  if (hot === undefined) return null;
  const { topic, partition, lag } = hot;
  return { topic, partition, lag, share: lag / totalLag };
}

/** Whether the group exists, by its committed offsets and its members. */
export type GroupPresence =
  /** No member ever joined, and nothing was committed. */
  | 'unknown'
  /** Nothing was committed for these partitions: lag counts from their start. */
  | 'uncommitted'
  /** It commits, but Kafka describes it as dead: a group of another type (KIP-848, KIP-1071). */
  | 'hidden'
  | 'present';

/** Kafka answers Dead for an unknown group, and for one that only other requests describe. */
export function presenceOf({ group, partitions }: LagSample): GroupPresence {
  const hasCommitted = partitions.some(({ committedOffset }) => committedOffset !== null);
  const isDead = group.state === 'Dead' && group.members === 0;
  if (isDead) return hasCommitted ? 'hidden' : 'unknown';
  return hasCommitted ? 'present' : 'uncommitted';
}

/**
 * What an operator should know beside the figures: a code, and what its sentence is made of.
 * src/words/en/lag-notes.ts has the words.
 */
export type LagNote =
  | { readonly code: 'NO_SUCH_GROUP'; readonly group: string }
  | {
      readonly code: 'NOTHING_COMMITTED';
      readonly group: string;
      readonly topics: readonly string[];
    }
  | { readonly code: 'MEMBERS_HIDDEN'; readonly group: string }
  | ((OffsetsMismatch | StoreNotCompared) & { readonly group: string })
  | (Place & { readonly code: 'PARTITION_OFFLINE' })
  | { readonly code: 'TOPIC_MISSING'; readonly topic: string }
  | (AbandonedTopic & { readonly code: 'TOPIC_ABANDONED'; readonly group: string })
  /** `isDlq`: no group ever reads it. */
  | {
      readonly code: 'TOPIC_NOT_READ';
      readonly group: string;
      readonly topic: string;
      readonly isDlq: boolean;
    }
  | (RecentLetters & { readonly code: 'RECENT_DEAD_LETTERS' })
  | {
      readonly code: 'ASSIGNMENT_NOT_READABLE';
      readonly group: string;
      /** Of the whole group. */
      readonly members: number;
      readonly unreadableMembers: readonly IdleMember[];
    }
  | (HotPartition & { readonly code: 'HOT_PARTITION' })
  | {
      readonly code: 'IDLE_MEMBERS';
      readonly group: string;
      /** Of the whole group. */
      readonly members: number;
      readonly idleMembers: readonly IdleMember[];
    }
  | {
      readonly code: 'OPEN_TRANSACTION';
      readonly transactions: readonly OpenTransaction[];
    }
  /** The oldest unread record of each of these partitions has a timestamp in this unit. */
  | {
      readonly code: 'TIMESTAMP_UNIT';
      readonly topic: string;
      readonly unit: TimestampUnit;
      readonly partitions: readonly number[];
    }
  | (Place & { readonly code: 'DELETED_UNREAD'; readonly deletedOffsets: bigint })
  | (Place & {
      readonly code: 'COMMITTED_BEYOND_END';
      readonly committedOffset: bigint;
      readonly endOffset: bigint;
    });

export type LagNoteCode = LagNote['code'];

/** The group first, then its partitions in their order. */
export function notesOn(sample: LagSample, hot: HotPartition | null): readonly LagNote[] {
  const { group, idleMembers, members, unreadableMembers } = sample.group;
  return [
    ...presenceNotes(sample),
    ...(sample.mismatch === null ? [] : [{ ...sample.mismatch, group }]),
    ...sample.offline.map(({ topic, partition }) => ({
      code: 'PARTITION_OFFLINE' as const,
      topic,
      partition,
    })),
    ...sample.missingTopics.map((topic) => ({ code: 'TOPIC_MISSING' as const, topic })),
    ...sample.abandonedTopics.map((each) => ({ code: 'TOPIC_ABANDONED' as const, ...each, group })),
    ...(hot === null ? [] : [{ code: 'HOT_PARTITION' as const, ...hot }]),
    ...(idleMembers.length === 0
      ? []
      : [{ code: 'IDLE_MEMBERS' as const, group, members, idleMembers }]),
    ...(unreadableMembers.length === 0
      ? []
      : [{ code: 'ASSIGNMENT_NOT_READABLE' as const, group, members, unreadableMembers }]),
    ...transactionNotes(sample),
    ...timestampNotes(sample),
    ...sample.partitions.flatMap(offsetNotes),
    ...letterNotes(sample),
  ];
}

function transactionNotes({ partitions }: LagSample): readonly LagNote[] {
  const transactions = partitions.flatMap((each) => openTransactionsOf(each.topic, [each]));
  return transactions.length === 0 ? [] : [{ code: 'OPEN_TRANSACTION', transactions }];
}

function timestampNotes({ partitions }: LagSample): readonly LagNote[] {
  const found = new Map<string, { topic: string; unit: TimestampUnit; partitions: number[] }>();
  for (const { topic, partition, oldestUnprocessedTimestampMs } of partitions) {
    const unit =
      oldestUnprocessedTimestampMs === null ? null : mistakenUnit(oldestUnprocessedTimestampMs);
    if (unit === null) continue;
    const key = `${unit} ${topic}`;
    const note = found.get(key) ?? { topic, unit, partitions: [] };
    note.partitions.push(partition);
    found.set(key, note);
  }
  return [...found.values()].map((note) => ({ code: 'TIMESTAMP_UNIT' as const, ...note }));
}

function offsetNotes(sample: PartitionSample): readonly LagNote[] {
  const { topic, partition, committedOffset, endOffset } = sample;
  const notes: LagNote[] = [];
  const deletedOffsets = deletedUnread(sample);
  if (deletedOffsets > 0n) {
    notes.push({ code: 'DELETED_UNREAD', topic, partition, deletedOffsets });
  }
  if (committedOffset !== null && committedOffset > endOffset) {
    notes.push({ code: 'COMMITTED_BEYOND_END', topic, partition, committedOffset, endOffset });
  }
  return notes;
}

function letterNotes({ recentLetters }: LagSample): readonly LagNote[] {
  if (recentLetters === null || recentLetters.letters === 0) return [];
  return [{ code: 'RECENT_DEAD_LETTERS', ...recentLetters }];
}

function presenceNotes(sample: LagSample): readonly LagNote[] {
  const { group } = sample.group;
  const topic = sample.unreadTopic;
  const presence = presenceOf(sample);
  const isDlq = topic === DLQ_TOPIC;
  if (topic !== null && (isDlq || presence !== 'unknown')) {
    return [{ code: 'TOPIC_NOT_READ', group, topic, isDlq }];
  }
  switch (presence) {
    case 'unknown':
      return [{ code: 'NO_SUCH_GROUP', group }];
    case 'uncommitted': {
      const topics = [...new Set(sample.partitions.map(({ topic }) => topic))];
      return [{ code: 'NOTHING_COMMITTED', group, topics }];
    }
    case 'hidden':
      return [{ code: 'MEMBERS_HIDDEN', group }];
    case 'present':
      return [];
  }
}

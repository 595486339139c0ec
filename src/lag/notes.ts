import { deletedUnread, type LagSample, type Place } from '../ports/lag-sample.js';
import type { PartitionLag } from './partition-lag.js';

/** A single partition that holds most of the lag. */
export interface HotPartition {
  readonly topic: string;
  readonly partition: number;
  readonly lag: number;
  /** Of the total lag, 0 to 1. */
  readonly share: number;
}

/** From this share of the lag on, one partition is what is in the way. */
const HOT_SHARE = 0.5;

/**
 * The partition with more than half of the lag, if there is one: among several partitions, and where
 * the lag is worth a word (above `warnAbove`).
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

/** Whether a group is there at all, by what it has committed and who is in it. */
export type GroupPresence =
  /** Nobody ever joined or committed under this name. */
  | 'unknown'
  /** Nobody has committed anything of these partitions: lag counts from their start. */
  | 'uncommitted'
  /** It commits, yet Kafka describes it as dead: a group of another kind. */
  | 'hidden'
  | 'present';

/** Kafka says Dead of a group it does not know, and of one that it describes by other requests. */
export function presenceOf({ group, partitions }: LagSample): GroupPresence {
  const hasCommitted = partitions.some(({ committedOffset }) => committedOffset !== null);
  const isDead = group.state === 'Dead' && group.members === 0;
  if (isDead) return hasCommitted ? 'hidden' : 'unknown';
  return hasCommitted ? 'present' : 'uncommitted';
}

/** What an operator should know beside the figures; a sentence each. */
export function notesOn(sample: LagSample, hot: HotPartition | null): readonly string[] {
  const { group, idleMembers, members } = sample.group;
  const notes = presenceNotes(sample);
  const named = partitionNames(sample);
  for (const partition of sample.offline) {
    notes.push(
      `${named(partition)} is offline, without a leader: what waits there is not counted. \`coupons topics describe ${partition.topic}\` names the brokers.`,
    );
  }
  for (const topic of sample.missingTopics) {
    notes.push(
      `Topic ${topic}, which the group reads, does not exist (any more), or this user may not see it: it is not counted.`,
    );
  }
  if (hot !== null) {
    const percent = Math.floor(hot.share * 100);
    notes.push(
      `${named(hot)} is hot: it holds ${String(percent)}% of the lag. \`coupons advise\` looks for the campaign behind it.`,
    );
  }
  if (idleMembers.length > 0) {
    const names = listed(idleMembers.map(({ clientId }) => memberName(clientId)));
    notes.push(
      `${group}: ${String(idleMembers.length)} of ${String(members)} members sit idle, with no partition: ${names}.`,
    );
  }
  for (const partition of sample.partitions) {
    const lost = deletedUnread(partition);
    if (lost > 0n) {
      notes.push(
        `${named(partition)}: ${lost.toString()} offsets were deleted before the group had read them (retention, or \`kafka-delete-records\`).`,
      );
    }
    const { committedOffset, endOffset } = partition;
    if (committedOffset !== null && committedOffset > endOffset) {
      notes.push(
        `${named(partition)}: the committed offset ${committedOffset.toString()} lies beyond the end of the log (${endOffset.toString()}): the topic was made anew, or has lost records. Lag can't tell what is unread there.`,
      );
    }
  }
  return notes;
}

/** The topic is named where there are several. */
function partitionNames({ partitions, offline }: LagSample) {
  const several = new Set([...partitions, ...offline].map(({ topic }) => topic)).size > 1;
  return ({ topic, partition }: Place) =>
    `Partition ${String(partition)}${several ? ` of ${topic}` : ''}`;
}

function presenceNotes(sample: LagSample): string[] {
  const { group } = sample.group;
  const topics = [...new Set(sample.partitions.map(({ topic }) => topic))];
  switch (presenceOf(sample)) {
    case 'unknown':
      return [
        `Group ${group} does not exist: nobody has joined it or committed under this name. What counts as its lag is all that it would find.`,
      ];
    case 'uncommitted':
      return [
        `Group ${group} has committed nothing of ${listed(topics)} yet: its lag counts from the start of the log, where it begins.`,
      ];
    case 'hidden':
      return [
        `The members of ${group} can't be seen: Kafka describes groups of its kind in a way of their own (Kafka Streams by KIP-1071). They are not counted here.`,
      ];
    case 'present':
      return [];
  }
}

/** Kafka lets a member call itself nothing at all. */
export function memberName(clientId: string): string {
  return clientId === '' ? '(no client id)' : clientId;
}

const NAMED = 5;

function listed(names: readonly string[]): string {
  const more = names.length - NAMED;
  return names.slice(0, NAMED).join(', ') + (more > 0 ? ` and ${String(more)} more` : '');
}

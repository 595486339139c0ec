/** What an answer about a user does not rest on: codes with data; their words are in words/. */
import { DLQ_TOPIC, REQUEST_TOPIC } from '../coupon/topics.js';
import type { StoreMismatch } from '../ports/group-store.js';
import { openTransactionsOf, type OpenTransaction, type PartitionBounds } from '../ports/log.js';
import { readTo, type PartitionLook } from './partition-look.js';
import { MOST_LETTERS, type UserLetters } from './user-letters.js';

export type LookUpNote =
  /** The store is not that of the group, so that the group may have decided what is not in it. */
  | (StoreMismatch & { readonly group: string })
  | { readonly code: 'GROUP_NOT_COMPARED'; readonly group: string; readonly message: string }
  | { readonly code: 'LOG_NOT_READ'; readonly message: string }
  | {
      readonly code: 'PARTITIONS_OFFLINE';
      readonly topic: string;
      readonly partitions: readonly number[];
    }
  /** Retention deleted records that this store had not read. */
  | {
      readonly code: 'DELETED_UNREAD';
      readonly topic: string;
      readonly partition: number;
      /** The offsets that are gone: from this one up to but without `to`. */
      readonly from: bigint;
      readonly to: bigint;
    }
  /** The store stands behind what was deleted of these partitions. Whether it had read all of it is not known. */
  | {
      readonly code: 'LOG_BEGINS_LATER';
      readonly topic: string;
      readonly partitions: readonly number[];
    }
  /** These partitions are not those that the store has read: all that is in them was looked at. */
  | {
      readonly code: 'LOG_REPLACED';
      readonly topic: string;
      readonly partitions: readonly number[];
    }
  | { readonly code: 'OPEN_TRANSACTION'; readonly transaction: OpenTransaction }
  | { readonly code: 'LETTERS_NOT_READ'; readonly message: string }
  | { readonly code: 'OLD_LETTERS_NOT_READ'; readonly looked: number; readonly total: number }
  | { readonly code: 'COUPONS_NOT_READ'; readonly looked: number };

/** Whether a request may be where it was not looked for. */
export function isIncomplete(note: LookUpNote): boolean {
  switch (note.code) {
    case 'LOG_BEGINS_LATER':
      return false;
    case 'OPEN_TRANSACTION':
      // Requests behind one are read; dead letters are not.
      return note.transaction.topic !== REQUEST_TOPIC;
    default:
      return true;
  }
}

/** Another store than this one has decided for the group, so that what waits here may be decided. */
export function isOfAnotherStore({ code }: LookUpNote): boolean {
  return code === 'OFFSETS_OF_ANOTHER_STORE' || code === 'OFFSETS_AHEAD_OF_STORE';
}

/** Of the partitions that were looked at. */
export function partitionNotes(looks: readonly PartitionLook[]): readonly LookUpNote[] {
  const isReplaced = ({ comparison }: PartitionLook) => comparison !== 'same';
  return [
    ...looks.filter(hasUnreadDeleted).map(deletedUnread),
    ...listed('LOG_BEGINS_LATER', looks, (look) => isCut(look) && !hasUnreadDeleted(look)),
    ...listed('LOG_REPLACED', looks, isReplaced),
    ...looks.flatMap(({ topic, bound }) =>
      openTransactionsOf(topic, [bound]).map((transaction): LookUpNote => ({
        code: 'OPEN_TRANSACTION',
        transaction,
      })),
    ),
  ];
}

function isCut({ bound }: PartitionLook): boolean {
  return bound.startOffset > 0n;
}

function hasUnreadDeleted(look: PartitionLook): boolean {
  return readTo(look) < look.bound.startOffset;
}

function deletedUnread(look: PartitionLook): LookUpNote {
  const { partition, startOffset } = look.bound;
  const { topic } = look;
  return { code: 'DELETED_UNREAD', topic, partition, from: readTo(look), to: startOffset };
}

function listed(
  code: 'LOG_BEGINS_LATER' | 'LOG_REPLACED',
  looks: readonly PartitionLook[],
  isIt: (look: PartitionLook) => boolean,
): readonly LookUpNote[] {
  const found = looks.filter(isIt);
  const [first] = found;
  if (first === undefined) return [];
  return [{ code, topic: first.topic, partitions: found.map(({ bound }) => bound.partition) }];
}

/** Of a look at the newest letters of a DLQ with these bounds. */
export function letterNotes(
  { looked, total }: Pick<UserLetters, 'looked' | 'total'>,
  bounds: readonly PartitionBounds[],
): readonly LookUpNote[] {
  const open = openTransactionsOf(DLQ_TOPIC, bounds).map((transaction): LookUpNote => ({
    code: 'OPEN_TRANSACTION',
    transaction,
  }));
  return looked < MOST_LETTERS || looked >= total
    ? open
    : [...open, { code: 'OLD_LETTERS_NOT_READ', looked, total }];
}

/** Of the partitions of a topic that have no leader to ask. */
export function offlineNotes(
  topic: string,
  offline: readonly { readonly partition: number }[],
): readonly LookUpNote[] {
  if (offline.length === 0) return [];
  return [
    { code: 'PARTITIONS_OFFLINE', topic, partitions: offline.map(({ partition }) => partition) },
  ];
}

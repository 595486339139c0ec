/** The words of src/issued/note.ts. */
import type { LookUpNote } from '../../issued/note.js';
import { describeOpenTransaction, HOW_TRANSACTIONS_END } from '../../records/open-transaction.js';
import { count } from '../../text/figures.js';
import { partitionList } from './listed.js';
import { mismatchText } from './store-mismatch.js';

export function lookUpNoteText(note: LookUpNote): string {
  switch (note.code) {
    case 'STORE_OF_ANOTHER_CLUSTER':
    case 'OFFSETS_OF_ANOTHER_STORE':
    case 'OFFSETS_AHEAD_OF_STORE':
      return mismatchText(note, note.group);
    case 'GROUP_NOT_COMPARED':
      return `Whether this is the store of group ${note.group} could not be compared: ${note.message}`;
    case 'LOG_NOT_READ':
      return `The log was not read, so that a request may wait there: ${note.message}`;
    case 'PARTITIONS_OFFLINE':
      return `${partitionsOf(note)} could not be looked at: no leader is elected.`;
    case 'DELETED_UNREAD':
      return `${note.topic}, partition ${String(note.partition)}: the offsets ${note.from.toString()} to ${(note.to - 1n).toString()} were deleted before this store read them. A request among them is lost.`;
    case 'LOG_BEGINS_LATER':
      return `${partitionsOf(note)}: the oldest records are deleted. What was deleted before this store began to read is not known to it.`;
    case 'LOG_REPLACED':
      return `${partitionsOf(note)}: the log is not the one that the store has read (the topic was deleted and recreated, or has lost records). What it held before is gone.`;
    case 'OPEN_TRANSACTION':
      return `${describeOpenTransaction(note.transaction)}. ${HOW_TRANSACTIONS_END}`;
    case 'LETTERS_NOT_READ':
      return `The dead letters were not read: ${note.message}`;
    case 'OLD_LETTERS_NOT_READ':
      return `Only the newest ${count(note.looked)} of ${count(note.total)} dead letters were looked at.`;
    case 'COUPONS_NOT_READ':
      return `Requests name more than ${count(note.looked)} coupon ids. Only those of campaigns, and the ${count(note.looked)} lowest, were looked at: \`--coupon <id>\` looks at one.`;
  }
}

function partitionsOf({
  topic,
  partitions,
}: {
  readonly topic: string;
  readonly partitions: readonly number[];
}): string {
  return `${topic}, ${partitionList(partitions)}`;
}

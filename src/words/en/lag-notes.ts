/** The words of the notes of src/lag/notes.ts. */
import type { LagReport } from '../../lag/lag.js';
import type { LagNote } from '../../lag/notes.js';
import type { Place } from '../../ports/lag-sample.js';
import type { OpenTransaction } from '../../ports/log.js';
import { describeOpenTransaction, HOW_TRANSACTIONS_END } from '../../records/open-transaction.js';
import { count, counted } from '../../text/figures.js';
import { listed, partitionList } from './listed.js';
import { mismatchText } from './store-mismatch.js';

/** What notes are about. */
export type NotedReport = Pick<LagReport, 'notes' | 'partitions' | 'offlinePartitions'>;

/** A sentence a note, in the order of the report. */
export function noteTexts(report: NotedReport): readonly string[] {
  return report.notes.map((note) => noteText(note, report));
}

export function noteText(note: LagNote, report: NotedReport): string {
  const named = partitionNames(report);
  switch (note.code) {
    case 'NO_SUCH_GROUP':
      return `Group ${note.group} does not exist: no member ever joined it, and nothing was committed under this name. Its lag counts every record of the topic.`;
    case 'NOTHING_COMMITTED':
      return `Group ${note.group} has not committed an offset of ${listed(note.topics)} yet. Its lag counts from the start of the log, where it will begin to read.`;
    case 'MEMBERS_HIDDEN':
      return `The members of ${note.group} can't be shown or counted: Kafka describes groups of this type by another request (Kafka Streams with KIP-1071).`;
    case 'OFFSETS_OF_ANOTHER_STORE':
    case 'OFFSETS_AHEAD_OF_STORE':
      return mismatchText(note, note.group);
    case 'STORE_NOT_COMPARED':
      return `Whether the store ${note.path} has all that group ${note.group} has committed is not known: ${note.failure.message}`;
    case 'PARTITION_OFFLINE':
      return `${named(note)} is offline, without a leader: its lag is not counted. \`coupons topics describe ${note.topic}\` shows the brokers of its replicas.`;
    case 'TOPIC_MISSING':
      return `The group reads topic ${note.topic}, but it does not exist (any more), or this user may not see it. It is not counted.`;
    case 'TOPIC_ABANDONED':
      return `No member of ${note.group} reads topic ${note.topic} any more, though the group has committed offsets of it: ${counted(note.lag, 'record')} behind them, which are not counted here. \`coupons lag --topic ${note.topic}\` shows them.`;
    case 'TOPIC_NOT_READ':
      return note.isDlq
        ? `No group reads ${note.topic}: dead letters wait for an operator. \`coupons dlq stats\` shows why they came, \`coupons dlq replay\` sends them again.`
        : `Group ${note.group} does not read ${note.topic}, and never has: its lag counts every record of the topic.`;
    case 'HOT_PARTITION':
      return `${named(note)} is hot: it holds ${String(Math.floor(note.share * 100))}% of the lag.`;
    case 'IDLE_MEMBERS':
      return `Group ${note.group}: ${String(note.idleMembers.length)} of ${counted(note.members, 'member')} ${note.idleMembers.length === 1 ? 'is' : 'are'} idle, with no partition assigned: ${listed(note.idleMembers.map(({ clientId }) => memberName(clientId)))}.`;
    case 'ASSIGNMENT_NOT_READABLE':
      return `Group ${note.group}: the assignment of ${String(note.unreadableMembers.length)} of ${String(note.members)} members is not readable, because their assignor writes it in a form of its own: ${listed(note.unreadableMembers.map(({ clientId }) => memberName(clientId)))}. Which partitions they read is not known.`;
    case 'RECENT_DEAD_LETTERS':
      return `${counted(note.letters, 'dead letter')} came to ${note.topic} in the last ${String(Math.round(note.periodMs / 60_000))} minutes. \`coupons dlq stats --since 10m\` shows why.`;
    case 'OPEN_TRANSACTION':
      return openTransactionText(note.transactions);
    case 'TIMESTAMP_UNIT':
      return `${note.topic}: a producer writes record timestamps in ${note.unit}, where Kafka expects milliseconds (${partitionList(note.partitions)}). Their waiting time is not known, and retention takes such records for very old or very new ones.`;
    case 'DELETED_UNREAD':
      return `${named(note)}: ${note.deletedOffsets.toString()} offsets were deleted before the group read them (by retention, or by \`kafka-delete-records\`).`;
    case 'COMMITTED_BEYOND_END':
      return `${named(note)}: the committed offset ${note.committedOffset.toString()} is beyond the end of the log (${note.endOffset.toString()}): the topic was deleted and recreated, or has lost records. Its lag is not reliable.`;
  }
}

/** The topic is named where the group reads several. */
function partitionNames({ partitions, offlinePartitions }: NotedReport): (place: Place) => string {
  const several = new Set([...partitions, ...offlinePartitions].map(({ topic }) => topic)).size > 1;
  return ({ topic, partition }) => `Partition ${String(partition)}${several ? ` of ${topic}` : ''}`;
}

function openTransactionText(transactions: readonly OpenTransaction[]): string {
  const [first, ...others] = transactions;
  if (first === undefined) return '';
  const records = others.reduce((sum, each) => sum + each.records, 0);
  const more =
    others.length === 0
      ? ''
      : `, and ${count(records)} behind ${counted(others.length, 'open transaction')} of other partitions`;
  return `${describeOpenTransaction(first)}${more}. No consumer can read them before it ends. ${HOW_TRANSACTIONS_END}`;
}

/** Kafka allows an empty client id. */
export function memberName(clientId: string): string {
  return clientId === '' ? '(no client id)' : clientId;
}

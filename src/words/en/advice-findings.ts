/** The words of the findings of src/advice/finding.ts. */
import type { AdviceFinding, NoUseForConsumers, Rates } from '../../advice/finding.js';
import type { StoreKind } from '../../advice/capacity.js';
import { withFullStop } from '../../errors.js';
import { byteSize } from '../../text/byte-size.js';
import { count, counted, duration, perSecond } from '../../text/figures.js';
import { describeOpenTransaction, HOW_TRANSACTIONS_END } from '../../records/open-transaction.js';
import { partitionList } from './listed.js';
import { mismatchText } from './store-mismatch.js';
import { percent } from '../figures.js';
import { inWords, type Words } from '../in-words.js';

export function findingText(finding: AdviceFinding): string {
  return inWords(WORDS, finding);
}

const WITH_STORE: Readonly<Record<StoreKind, string>> = {
  sqlite: 'with its SQLite store',
  postgres: 'with a store on PostgreSQL',
};

const MORE_HOSTS: Readonly<Record<StoreKind, string>> = {
  sqlite: '. Several hosts need a store on PostgreSQL',
  postgres: '. Run members on more hosts: they share the store',
};

const WORDS: Words<AdviceFinding> = {
  STORE_OF_ANOTHER_CLUSTER: (mismatch) => mismatchText(mismatch, mismatch.group),
  OFFSETS_OF_ANOTHER_STORE: (mismatch) => mismatchText(mismatch, mismatch.group),
  OFFSETS_AHEAD_OF_STORE: (mismatch) => mismatchText(mismatch, mismatch.group),
  NO_SUCH_GROUP: ({ group, unread }) =>
    `Group ${group} does not exist: no member ever joined it, and ${unread === 0 ? 'there is nothing to read' : notConsumed(unread)}.`,
  NO_MEMBERS: ({ group, unread }) => `Group ${group} has no member, and ${notConsumed(unread)}.`,
  KEEPS_UP: ({ group, unread, members, ...rates }) => {
    if (unread > 0) return `Group ${group} keeps up: ${toRead(unread)}, ${inAndOut(rates)}.`;
    return members === 0
      ? `Group ${group} has read everything so far, and has no member: what comes next waits until \`coupons consume\` runs.`
      : `Group ${group} has read everything.`;
  },
  LAG_NOT_KNOWN: ({ group, topic, partitions }) =>
    `What group ${group} has left to read is not known: the log of ${topic} ends before the committed offset in ${partitionList(partitions)}. The topic was deleted and recreated, or has lost records; \`coupons consume\` says which, and what to do.`,
  NO_COMMIT_SEEN: ({ group, unread, observedMs }) =>
    `Group ${group} committed no offset within ${seconds(observedMs)}, and its members are of another program, which may commit only once a minute: ${toRead(unread)} at most.`,
  STALLED: ({ group, members, unread, observedMs }) =>
    `Group ${group} is stalled: ${counted(members, 'member')}, ${toRead(unread)}, and no offset was committed for ${seconds(observedMs)}.`,
  CATCHING_UP: ({ group, unread, etaSeconds, ...rates }) =>
    `Group ${group} is catching up: ${toRead(unread)}, ${inAndOut(rates)}, done in about ${String(etaSeconds)} s.`,
  FALLS_BEHIND: ({ group, unread, ...rates }) =>
    `Group ${group} falls behind: ${toRead(unread)} and growing, ${inAndOut(rates)}.`,
  BEHIND: ({ group, unread, etaSeconds, ...rates }) =>
    `Group ${group} is behind: ${toRead(unread)}, ${inAndOut(rates)}, ${etaSeconds === null ? 'not catching up' : `done in about ${String(Math.round(etaSeconds / 60))} min`}.`,
  TIME_PER_RECORD: ({ msPerRecord: ms, mode }) =>
    `A busy member takes ${aboutMs(ms)} ms a record${mode === null ? '' : ` in ${mode} mode`}, most of it for the store's transaction.`,
  IDLE_MEMBERS: ({ idle, members, partitions }) =>
    `${String(idle)} of ${counted(members, 'member')} ${idle === 1 ? 'is' : 'are'} idle: ${atMost(partitions)}.`,
  MEMBERS_HIDDEN: ({ group }) =>
    `The members of ${group} can't be shown: Kafka describes groups of this type by another request. Nothing is said about them here.`,
  OPEN_TRANSACTION: ({ transactions }) =>
    `${transactions.map(describeOpenTransaction).join('; ')}. No consumer can read them before it ends. ${HOW_TRANSACTIONS_END}`,
  HOT_KEY: ({ key, partition, share }) =>
    `Campaign ${key} has ${percent(share)} of the unread records. One campaign is one key, so one partition (${String(partition)}) and one member: more partitions or members do not spread it. Batches help.`,
  BEYOND_ONE_HOST: ({ inPerSecond, hostPerSecond, storeKind }) =>
    `${perSecond(inPerSecond)} arrive, and one host ${WITH_STORE[storeKind]} reaches about ${perSecond(hostPerSecond)} at most: while they arrive at this rate, the group does not catch up${MORE_HOSTS[storeKind]}.`,
  FLOOD: ({ inPerSecond, outPerSecond, consumed, issued }) =>
    `${perSecond(inPerSecond)} arrive, and ${perSecond(outPerSecond)} are read, of which hardly any is issued a coupon: ${count(issued)} of ${count(consumed)}. A producer floods the topic with repeats, duplicates, invalid requests, or requests for what is sold out.`,
  PARTITIONS_MOVE_SALE: ({ topic, partitions, couponIds, unread }) =>
    `Add no partitions to ${topic} now: with ${String(partitions)} of them, ${campaigns(couponIds)} on sale would go to another partition. ${count(unread)} unread requests stay where they are, and newer ones may be decided before them, so that the first to ask is not the first served. Wait until the sale is over, or pause the producers and use --wait-drained.`,
  MORE_CONSUMERS_WONT_HELP: ({ reason }) => noUseText(reason),
  MORE_PARTITIONS_WONT_HELP: ({ hotKey }) =>
    hotKey === null
      ? 'More partitions would not help: they would not spread the campaigns with unread records any better.'
      : `More partitions would not help: campaign ${hotKey} stays on one of them.`,
  DELETED_UNREAD: ({ topic, deletedOffsets }) =>
    `${deletedOffsets.toString()} offsets of ${topic} were deleted before the group read them: it can't read those requests any more.`,
  RETENTION_RISK: ({ topic, waitedMs, retentionMs }) =>
    `The oldest unread record of ${topic} has waited ${duration(waitedMs)}, and retention deletes it at ${duration(retentionMs)}: ${waitedMs < retentionMs ? `${duration(retentionMs - waitedMs)} are left` : 'it may be deleted at any moment'}.`,
  RETENTION_BYTES_RISK: ({ topic, partition, unreadBytes, retentionBytes }) =>
    `The unread records of ${topic} partition ${String(partition)} take about ${byteSize(unreadBytes)}, and retention keeps ${byteSize(retentionBytes)} of a partition: beyond that it deletes the oldest of them.`,
  STORE_NOT_READ: ({ failure }) => `The store was not read: ${withFullStop(failure.message)}`,
  OFFLINE_PARTITION: ({ topic, partitions }) =>
    `${topic}: ${numbered(partitions)} offline, without a leader: no reads, no writes. \`coupons topics describe ${topic}\` shows the brokers.`,
  LEADER_SILENT: ({ topic, partitions }) =>
    `${topic}: ${numbered(partitions)} led by a broker that does not answer: no reads, no writes until it is back or another one leads.`,
  WRITES_REFUSED: ({ topic, partitions, minInSyncReplicas }) =>
    `${topic}: ${numbered(partitions)} below min.insync.replicas (${String(minInSyncReplicas)}): writes with acks=all are refused.`,
  UNDER_REPLICATED: ({ topic, partitions }) =>
    `${topic}: ${numbered(partitions)} under-replicated: a broker is down or slow.`,
  REPLICATION_FACTOR_1: ({ topics, brokers }) =>
    `One replica only: ${topics.join(', ')}. Its records are lost when its broker is lost. ${brokers > 1 ? '`coupons topics create --profile production --dry-run` shows how to fix it.' : 'A single broker has room for no more; production needs three.'}`,
  MIN_INSYNC_REPLICAS_1: ({ topics }) =>
    `min.insync.replicas is 1: ${topics.join(', ')}. One broker alone may acknowledge a write, and the write is lost with it. Production needs 2.`,
  MIN_INSYNC_REPLICAS_ALL: ({ topics }) =>
    `Every replica must be in sync: ${topics.join(', ')}. When one broker is down, even for an upgrade, all writes are refused. Set min.insync.replicas below the replication factor.`,
  DLQ_GROWS: ({ added, total, observedMs }) =>
    `${counted(added, 'more dead letter')} within ${seconds(observedMs)}, ${count(total)} in total.`,
  DLQ_GREW: ({ added, total, periodMs }) =>
    `${counted(added, 'dead letter')} came within the last ${minutes(periodMs)}, ${count(total)} in total, but none while this looked.`,
  DLQ_NOT_EMPTY: ({ total, replayed }) =>
    `The dead letter topic holds ${counted(total, 'dead letter')}${replayedText(total, replayed)}. \`coupons dlq peek\` shows them.`,
};

function replayedText(total: number, replayed: number | null): string {
  if (replayed === null) return '';
  if (replayed === 0) return ', none of them replayed';
  if (replayed >= total) return ', all of them replayed';
  return `: ${count(replayed)} replayed, ${count(total - replayed)} not`;
}

function noUseText(reason: NoUseForConsumers): string {
  switch (reason.code) {
    case 'A_MEMBER_PER_PARTITION':
      return `More consumers would do nothing: ${atMost(reason.partitions)}, and the group has ${String(reason.members)}.`;
    case 'ALL_UNREAD_PARTITIONS_BUSY':
      return 'More consumers would hardly help: each partition with unread records has its own member already, or one partition has most of them.';
  }
}

/** Kafka assigns a partition to one member of a group. */
function atMost(partitions: number): string {
  return `${counted(partitions, 'partition')} can be read by at most ${counted(partitions, 'member')}`;
}

function toRead(records: number): string {
  return `${counted(records, 'record')} to read`;
}

function notConsumed(records: number): string {
  return `${counted(records, 'record')} ${records === 1 ? 'is' : 'are'} not yet consumed`;
}

function inAndOut({ inPerSecond, outPerSecond }: Rates): string {
  return `in ${perSecond(inPerSecond)}, out ${perSecond(outPerSecond)}`;
}

function numbered(partitions: readonly number[]): string {
  return `${partitionList(partitions)} ${partitions.length === 1 ? 'is' : 'are'}`;
}

const NAMED = 5;

function campaigns(couponIds: readonly number[]): string {
  const more = couponIds.length - NAMED;
  const named = couponIds.slice(0, NAMED).join(', ');
  return `${couponIds.length === 1 ? 'campaign' : 'campaigns'} ${named}${more > 0 ? ` and ${count(more)} more` : ''}`;
}

function minutes(ms: number): string {
  return `${String(Math.round(ms / 60_000))} min`;
}

function seconds(ms: number): string {
  return `${String(Math.round(ms / 1000))} s`;
}

/** "about 3.2", "less than 0.1". */
function aboutMs(ms: number): string {
  if (ms < 0.1) return 'less than 0.1';
  return `about ${ms < 10 ? ms.toFixed(1) : String(Math.round(ms))}`;
}

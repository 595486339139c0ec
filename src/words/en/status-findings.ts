/** The words of the findings of src/status/finding.ts, and the one command to run next. */
import type { ReplicaFinding, RetentionFinding } from '../../advice/finding.js';
import { membersFor } from '../../advice/steps.js';
import { CONSUMER_GROUP, type Profile } from '../../coupon/topics.js';
import { withFullStop } from '../../errors.js';
import { describeOpenTransaction } from '../../records/open-transaction.js';
import type { Backlog, StatusFinding } from '../../status/finding.js';
import type { PartName } from '../../status/parts.js';
import { byteSize } from '../../text/byte-size.js';
import { count, counted, duration, perSecond } from '../../text/figures.js';
import { utcTimeToSecond } from '../../text/times.js';
import { shellWord } from '../../text/shell-word.js';
import { inWords, type Words } from '../in-words.js';
import { findingText } from './advice-findings.js';
import { stepText } from './advice-steps.js';
import { mismatchFix, mismatchText } from './store-mismatch.js';

export interface StatusFindingText {
  readonly message: string;
  /** Quoted for a shell. */
  readonly command: string;
}

/** Where the command will run, and for which group. */
export interface StatusPlace {
  readonly group: string;
  readonly host: string;
}

export function statusFindingText(finding: StatusFinding, place: StatusPlace): StatusFindingText {
  return { message: inWords(MESSAGES, finding), command: commandFor(finding, place) };
}

/** As a person calls the parts. */
export const PART_TITLES: Readonly<Record<PartName, string>> = {
  cluster: 'cluster',
  topics: 'topics',
  group: 'group',
  store: 'store',
  campaigns: 'campaigns',
  letters: 'dead letters',
  events: 'events',
};

const MESSAGES: Words<StatusFinding> = {
  STORE_OF_ANOTHER_CLUSTER: (mismatch) => mismatchText(mismatch, mismatch.group),
  OFFSETS_OF_ANOTHER_STORE: (mismatch) => mismatchText(mismatch, mismatch.group),
  OFFSETS_AHEAD_OF_STORE: (mismatch) => mismatchText(mismatch, mismatch.group),
  OFFLINE_PARTITION: asAdvised,
  LEADER_SILENT: asAdvised,
  WRITES_REFUSED: asAdvised,
  UNDER_REPLICATED: asAdvised,
  REPLICATION_FACTOR_1: asAdvised,
  MIN_INSYNC_REPLICAS_1: asAdvised,
  MIN_INSYNC_REPLICAS_ALL: asAdvised,
  DELETED_UNREAD: asAdvised,
  RETENTION_RISK: asAdvised,
  RETENTION_BYTES_RISK: asAdvised,
  NOT_READ: ({ parts, failure }) =>
    `Not read: ${parts.map((part) => PART_TITLES[part]).join(', ')}. ${withFullStop(failure.message)}`,
  TOPIC_MISSING: ({ topic, profile }) =>
    profile !== null
      ? `Topic ${topic} does not exist, or this user may not see it.`
      : `The group reads topic ${topic}, which does not exist (any more), or this user may not see it.`,
  BROKERS_SILENT: ({ brokers, of, limitMs }) =>
    `${String(brokers.length)} of ${counted(of, 'broker')} ${brokers.length === 1 ? 'does' : 'do'} not answer within ${duration(limitMs)}: ${brokers.map(({ id, address }) => `${String(id)} (${address})`).join(', ')}.`,
  BROKERS_DOWN: ({ brokers }) =>
    `${brokers.length === 1 ? 'Broker' : 'Brokers'} ${brokers.join(', ')} ${brokers.length === 1 ? 'has' : 'have'} replicas of the pipeline's topics and ${brokers.length === 1 ? 'is' : 'are'} down.`,
  NO_MEMBERS: ({ group, unread }) =>
    `Group ${group} has no member, and ${unread === 0 ? 'there is nothing to read: requests that come will wait' : notConsumed(unread)}.`,
  NO_SUCH_GROUP: ({ group, unread }) =>
    `Group ${group} does not exist: no member ever joined it, and ${unread === 0 ? 'there is nothing to read' : notConsumed(unread)}.`,
  MEMBERS_HIDDEN: ({ group }) =>
    `The members of ${group} can't be shown: Kafka describes groups of this type by another request.`,
  ASSIGNMENT_NOT_READABLE: ({ group, unreadable, members }) =>
    `Group ${group}: the partitions of ${String(unreadable)} of ${counted(members, 'member')} can't be read.`,
  OPEN_TRANSACTION: ({ transactions }) =>
    `${transactions.map(describeOpenTransaction).join('; ')}. No consumer can read them before it ends.`,
  STALLED: ({ group, members, unread, sinceMs }) =>
    `Group ${group} is stalled: ${counted(members, 'member')}, ${toRead(unread)}, and nothing was decided or committed since ${utcTimeToSecond(sinceMs)}.`,
  FALLS_BEHIND: (backlog) => `${behind(backlog, 'falls behind')}.`,
  BEHIND: (backlog) => `${behind(backlog, 'is behind')}.`,
  CATCHING_UP: ({ etaSeconds, ...backlog }) =>
    `${behind(backlog, 'is catching up')}: done in about ${duration(etaSeconds * 1000)}.`,
  COMMITTED_BEYOND_END: ({ topic, partition, offset, endOffset }) =>
    `${topic} partition ${String(partition)}: the group has committed offset ${offset.toString()}, beyond the end of the log (${endOffset.toString()}): the topic was deleted and recreated, or has lost records.`,
  STORE_BEYOND_END: ({ topic, partition, offset, endOffset }) =>
    `${topic} partition ${String(partition)}: the store has applied up to offset ${offset.toString()}, beyond the end of the log (${endOffset.toString()}): the topic was deleted and recreated, or has lost records.`,
  STORE_LOCKED: ({ path }) =>
    `Another process keeps the store ${path} locked, so nothing is decided until it lets go.`,
  STORE_LOG_LARGE: ({ path, logBytes }) =>
    `The write-ahead log ${path}-wal has ${byteSize(logBytes)}: a process reads an old state of the store, so the log grows with each write.`,
  OVERSOLD: ({ campaigns }) =>
    `${counted(campaigns.length, 'campaign')} ${campaigns.length === 1 ? 'has' : 'have'} issued more coupons than the stock: ${campaigns
      .slice(0, MOST_NAMED)
      .map(
        ({ couponId, issuedQuantity, totalQuantity }) =>
          `${String(couponId)} (${count(issuedQuantity)} of ${count(totalQuantity)})`,
      )
      .join(', ')}.`,
  AUDIT_FAILED: ({ atMs, findings }) =>
    `The last audit, at ${utcTimeToSecond(atMs)}, failed with ${counted(findings, 'finding')}.`,
  LETTERS_COME: ({ letters, withinMs }) =>
    `${counted(letters, 'dead letter')} came in the last ${counted(withinMs / 60_000, 'minute')}.`,
  CONSUMER_FAILED: ({ errorCode, atMs, host, pid }) =>
    `A consumer on ${host} (pid ${String(pid)}) ended at ${utcTimeToSecond(atMs)} with ${errorCode}.`,
};

const MOST_NAMED = 3;

/** The words are the same at every severity. */
function asAdvised(finding: ReplicaFinding | RetentionFinding): string {
  return findingText({ ...finding, severity: 'warning' });
}

function behind(
  { group, unread, waitedMs, inPerSecond, outPerSecond }: Backlog,
  how: string,
): string {
  const waited = waitedMs === null ? '' : `, the oldest waits ${duration(waitedMs)}`;
  const out = outPerSecond === null ? 'out not known yet' : `out ${perSecond(outPerSecond)}`;
  const rates = `in ${perSecond(inPerSecond)}, ${out}`;
  return `Group ${group} ${how}: ${toRead(unread)}${waited}; ${rates}`;
}

function toRead(records: number): string {
  return `${counted(records, 'record')} to read`;
}

function notConsumed(records: number): string {
  return `${counted(records, 'record')} ${records === 1 ? 'is' : 'are'} not yet consumed`;
}

/** The local profile would leave a production cluster with one replica. */
function createTopics(profile: Profile): string {
  return `coupons topics create${profile === 'local' ? '' : ` --profile ${profile}`}`;
}

function commandFor(finding: StatusFinding, { group, host }: StatusPlace): string {
  const ofGroup = group === CONSUMER_GROUP ? '' : ` --group ${shellWord(group)}`;
  switch (finding.code) {
    case 'STORE_OF_ANOTHER_CLUSTER':
    case 'OFFSETS_OF_ANOTHER_STORE':
    case 'OFFSETS_AHEAD_OF_STORE':
      return mismatchFix(finding, { group, host });
    case 'OFFLINE_PARTITION':
    case 'LEADER_SILENT':
    case 'WRITES_REFUSED':
    case 'UNDER_REPLICATED':
    case 'BROKERS_DOWN':
      return `coupons topics describe ${finding.topic}`;
    case 'TOPIC_MISSING':
      return finding.profile === null ? 'coupons topics list' : createTopics(finding.profile);
    case 'NO_MEMBERS':
    case 'NO_SUCH_GROUP': {
      const { partitions, mode } = finding;
      const members = membersFor(partitions);
      const step = { code: 'START_CONSUMERS', group, members, partitions, mode } as const;
      return stepText(step).command;
    }
    case 'OPEN_TRANSACTION':
    case 'STALLED':
    case 'FALLS_BEHIND':
    case 'BEHIND':
    case 'RETENTION_RISK':
    case 'RETENTION_BYTES_RISK':
    case 'DELETED_UNREAD':
      return `coupons advise${ofGroup}`;
    case 'CATCHING_UP':
    case 'MEMBERS_HIDDEN':
    case 'ASSIGNMENT_NOT_READABLE':
      return `coupons lag${ofGroup} --watch`;
    case 'OVERSOLD':
    case 'AUDIT_FAILED':
      return `coupons audit${ofGroup}`;
    case 'LETTERS_COME':
      return 'coupons dlq stats';
    case 'CONSUMER_FAILED':
      return 'coupons history';
    case 'NOT_READ':
    case 'BROKERS_SILENT':
    case 'REPLICATION_FACTOR_1':
    case 'MIN_INSYNC_REPLICAS_1':
    case 'MIN_INSYNC_REPLICAS_ALL':
    case 'COMMITTED_BEYOND_END':
    case 'STORE_BEYOND_END':
    case 'STORE_LOCKED':
    case 'STORE_LOG_LARGE':
      return `coupons doctor${ofGroup}`;
  }
}

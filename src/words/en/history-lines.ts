/** The words of what happened: src/history/. */
import { groupBy } from '../../group-by.js';
import type { CampaignHappening } from '../../history/happenings.js';
import type { AssignedMember, Line, Rebalance } from '../../history/rebalances.js';
import type { UnendedReplay } from '../../history/replays.js';
import type { ChangedTerms, TermChange } from '../../history/term-changes.js';
import type { Actor, OutageOf, StoredEvent } from '../../ports/store-history.js';
import { count, counted, duration } from '../../text/figures.js';
import { timeAt, utcSecond } from '../../text/times.js';
import { partitionList } from './listed.js';

/** One sentence, without its time. */
export function lineText(line: Line): string {
  switch (line.kind) {
    case 'REBALANCE':
      return rebalanceText(line);
    case 'CAMPAIGN_CREATED':
    case 'CAMPAIGN_CHANGED':
    case 'CAMPAIGN_SOLD_OUT':
      return campaignText(line);
    default:
      return eventText(line);
  }
}

function eventText(
  event: Exclude<StoredEvent, { kind: 'PARTITIONS_ASSIGNED' }> | UnendedReplay,
): string {
  const who = userOf(event.actor);
  switch (event.kind) {
    case 'CONSUMER_STARTED':
      return `consumer started on ${processOf(event.actor)} by ${event.actor.user}: group ${event.group}, ${event.mode}, ${counted(event.members, 'member')}`;
    case 'CONSUMER_STOPPED':
      return event.errorCode === null
        ? `consumer stopped on ${processOf(event.actor)} after ${counted(event.records, 'record')}`
        : `consumer on ${processOf(event.actor)} ended by ${event.errorCode} after ${counted(event.records, 'record')}`;
    case 'OUTAGE':
      return `${event.what ?? OUTAGE_OF[event.of]} works again after an outage of ${duration(event.elapsedMs)}, since ${timeAt(event.atMs, event.atMs - event.elapsedMs)}, on ${processOf(event.actor)}`;
    case 'REPLAY_BEGUN':
      return `${who} began to replay ${counted(event.letters, 'dead letter')} of ${event.topic}`;
    case 'REPLAY_NOT_ENDED':
      return `${who} replayed ${lettersOf(event)} of ${event.topic}; no end is recorded up to ${utcSecond(event.untilMs)} UTC: pid ${String(event.actor.pid)} still runs, or was killed`;
    case 'LETTERS_REPLAYED': {
      const failed = event.failed === 0 ? '' : `, ${count(event.failed)} failed`;
      return `${who} replayed ${lettersOf(event)} of ${event.topic}${failed}${endText(event.endedBy ?? null)}`;
    }
    case 'LETTERS_PURGED':
      return `${who} purged ${counted(event.letters, 'dead letter')} of ${event.topic}`;
    case 'OFFSETS_RESET':
      return `${who} reset the offsets of group ${event.group} in ${event.topic} (${partitionsOf(event.partitions)})`;
    case 'STORE_TAKEN_OVER':
      return `${who} took group ${event.group} over to this store (${event.topic}, ${partitionsOf(event.partitions)})`;
    case 'PARTITIONS_ADDED':
      return `${who} added partitions to ${event.topic}: ${count(event.from)} → ${count(event.to)}`;
    case 'AUDITED': {
      const of = event.couponId === null ? '' : ` of coupon ${String(event.couponId)}`;
      return `audit${of} by ${who}: ${event.verdict}, ${counted(event.records, 'record')}, ${counted(event.findings, 'finding')}, ${count(event.unprocessed)} unprocessed`;
    }
  }
}

const OUTAGE_OF: Readonly<Record<OutageOf, string>> = {
  broker: 'the broker',
  store: 'the store',
  dlq: 'the dead letter topic',
};

/** "40 of 100 dead letters"; only what was sent where that is all. */
function lettersOf({ sent, letters = sent }: { readonly sent: number; readonly letters?: number }) {
  return `${sent < letters ? `${count(sent)} of ` : ''}${counted(Math.max(sent, letters), 'dead letter')}`;
}

function endText(endedBy: string | null): string {
  if (endedBy === null) return '';
  return endedBy === 'INTERRUPTED' ? '; interrupted' : `; ended by ${endedBy}`;
}

function userOf({ user, host }: Actor): string {
  return `${user}@${host}`;
}

function processOf({ host, pid }: Pick<Actor, 'host' | 'pid'>): string {
  return `${host} (pid ${String(pid)})`;
}

function partitionsOf(partitions: readonly number[]): string {
  return partitions.length === 0 ? 'no partition' : partitionList(partitions);
}

function rebalanceText({ group, members, assignments, atMs, untilMs }: Rebalance): string {
  const again =
    assignments > members.length
      ? ` ${count(assignments)} assignments within ${duration(untilMs - atMs)}, in the end`
      : '';
  const processes = groupBy(members, processOf);
  const texts = [...processes].map(([process, own]) => {
    return `${process} ${own.map(memberText).join(', ')}`;
  });
  return `group ${group} rebalanced:${again} ${texts.join('; ')}`;
}

/** "member 1: 0 2", "member 1: 250 partitions" */
function memberText({ member, partitions }: AssignedMember): string {
  const which =
    partitions.length > NAMED_OF_A_MEMBER
      ? counted(partitions.length, 'partition')
      : partitions.join(' ');
  return `member ${String(member)}: ${partitions.length === 0 ? 'none' : which}`;
}

const NAMED_OF_A_MEMBER = 12;

function campaignText(happening: CampaignHappening): string {
  switch (happening.kind) {
    case 'CAMPAIGN_CREATED':
      return `coupon ${String(happening.terms.couponId)} created${byWhom(happening.terms)}: ${firstTerms(happening.terms)}`;
    case 'CAMPAIGN_CHANGED':
      return `coupon ${String(happening.terms.couponId)} changed${byWhom(happening.terms)}: ${happening.terms.changes.map(changeText).join(', ')}`;
    case 'CAMPAIGN_SOLD_OUT': {
      const last =
        happening.lastUserId === null ? '' : `, the last to user ${String(happening.lastUserId)}`;
      return `coupon ${String(happening.couponId)} sold out: ${count(happening.totalQuantity)} of ${count(happening.totalQuantity)} issued${last}`;
    }
  }
}

/** Versions that an older version of coupons wrote do not say who. */
function byWhom({ changedBy }: ChangedTerms): string {
  return changedBy === null ? '' : ` by ${changedBy}`;
}

/** "stock 100, ACTIVE, valid from 2026-11-27 02:00:00" */
export function firstTerms(terms: ChangedTerms): string {
  return [
    `stock ${count(terms.totalQuantity)}`,
    terms.status,
    ...(terms.validFromMs === null ? [] : [`valid from ${utcSecond(terms.validFromMs)}`]),
    ...(terms.validUntilMs === null ? [] : [`valid until ${utcSecond(terms.validUntilMs)}`]),
  ].join(', ');
}

const TERM_NAMES: Readonly<Record<TermChange['term'], string>> = {
  name: 'name',
  totalQuantity: 'stock',
  status: 'status',
  validFromMs: 'valid from',
  validUntilMs: 'valid until',
};

/** "stock 100 → 150" */
export function changeText({ term, from, to }: TermChange): string {
  return `${TERM_NAMES[term]} ${termText(term, from)} → ${termText(term, to)}`;
}

function termText(term: TermChange['term'], value: TermChange['from']): string {
  if (value === null) return 'none';
  if (typeof value === 'string') return value;
  return term === 'totalQuantity' ? count(value) : utcSecond(value);
}

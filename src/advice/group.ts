import { CAUTION_ABOVE } from '../lag/status.js';
import { lacksSome } from '../lag/lag.js';
import { isBeyondEnd, readingOffset } from '../ports/lag-sample.js';
import type { AdviceFacts } from './facts.js';
import type { AdviceFinding } from './finding.js';

/** Which of these holds decides what the group needs (stepsFor). */
export type Situation =
  | 'drained'
  /** Nothing is left to read where that is known, and somewhere it is not. */
  | 'not-known'
  | 'no-members'
  /** All that is unread waits behind an open transaction. */
  | 'held-back'
  | 'stalled'
  /** By members of other programs that have committed nothing during the observation: too short to judge. */
  | 'not-judged'
  | 'catching-up'
  | 'small'
  | 'behind';

/** A lag that is gone within this needs no work on the group. */
const SOON_SECONDS = 300;

/** Members that read commit several times in this time. */
const NOTHING_READ_MS = 5000;

export function situationOf({ lag, observedMs }: AdviceFacts): Situation {
  if (lag.totalLag === 0) return lacksSome(lag) ? 'not-known' : 'drained';
  if (lag.members === 0 && lag.presence !== 'hidden') return 'no-members';
  if (lag.partitions.every(isHeldBack)) return 'held-back';
  if (lag.status === 'STALLED') return 'stalled';
  if (lag.trend === null) return 'not-judged';
  // A member that was killed is in its group for another ten seconds: more members or larger batches read nothing of its.
  if (lag.outPerSecond === 0 && observedMs >= NOTHING_READ_MS) return 'stalled';
  if (lag.etaSeconds !== null && lag.etaSeconds <= SOON_SECONDS) return 'catching-up';
  if (lag.totalLag <= CAUTION_ABOVE && lag.trend !== 'growing') return 'small';
  return 'behind';
}

/** Read as far as it can be: what is left waits behind an open transaction. */
function isHeldBack(partition: AdviceFacts['lag']['partitions'][number]): boolean {
  return partition.lag === 0 || readingOffset(partition) >= partition.stableEndOffset;
}

/** Findings about the group itself. */
export function groupFindings(facts: AdviceFacts): readonly AdviceFinding[] {
  return [...situationFindings(facts), ...transactionFindings(facts), ...memberFindings(facts)];
}

/** Worth a warning where it is what the group waits for. */
function transactionFindings(facts: AdviceFacts): readonly AdviceFinding[] {
  const { openTransactions: transactions } = facts.lag;
  if (transactions.length === 0) return [];
  const severity = situationOf(facts) === 'held-back' ? 'warning' : 'info';
  return [{ code: 'OPEN_TRANSACTION', severity, transactions }];
}

function situationFindings(facts: AdviceFacts): readonly AdviceFinding[] {
  const { lag, observedMs } = facts;
  const { group, totalLag: unread, members, inPerSecond, outPerSecond, etaSeconds } = lag;
  const rates = { inPerSecond, outPerSecond };
  switch (situationOf(facts)) {
    case 'drained':
      return [
        lag.presence === 'unknown'
          ? { code: 'NO_SUCH_GROUP', severity: 'info', group, unread }
          : { code: 'KEEPS_UP', severity: 'info', group, unread, members, ...rates },
      ];
    // An offline partition has a finding of its own.
    case 'not-known': {
      const beyond = lag.partitions.filter(isBeyondEnd).map(({ partition }) => partition);
      if (beyond.length === 0) return [];
      const place = { topic: facts.topic, partitions: beyond };
      return [{ code: 'LAG_NOT_KNOWN', severity: 'critical', group, ...place }];
    }
    case 'no-members': {
      const code = lag.presence === 'unknown' ? 'NO_SUCH_GROUP' : 'NO_MEMBERS';
      return [{ code, severity: 'critical', group, unread }];
    }
    case 'held-back':
      return [];
    case 'stalled':
      return [{ code: 'STALLED', severity: 'critical', group, members, unread, observedMs }];
    case 'not-judged':
      return [{ code: 'NO_COMMIT_SEEN', severity: 'info', group, unread, observedMs }];
    case 'catching-up': {
      const seconds = etaSeconds ?? 0;
      return [
        { code: 'CATCHING_UP', severity: 'info', group, unread, ...rates, etaSeconds: seconds },
      ];
    }
    case 'small':
      return [{ code: 'KEEPS_UP', severity: 'info', group, unread, members, ...rates }];
    case 'behind':
      return [
        lag.trend === 'growing'
          ? { code: 'FALLS_BEHIND', severity: 'warning', group, unread, ...rates }
          : { code: 'BEHIND', severity: 'warning', group, unread, ...rates, etaSeconds },
        ...serviceTime(facts),
      ];
  }
}

/** What one record costs one member that always has records to read; most of it is the store. */
function serviceTime({ lag, mode }: AdviceFacts): readonly AdviceFinding[] {
  // A scheduler mostly waits, so its rate says nothing about the store.
  if (mode === 'scheduler') return [];
  const working = workingMembers(lag.partitions);
  if (working === 0 || lag.outPerSecond === null || lag.outPerSecond === 0) return [];
  const msPerRecord = (working * 1000) / lag.outPerSecond;
  return [{ code: 'TIME_PER_RECORD', severity: 'info', msPerRecord, mode }];
}

/** Members that have something to read. */
export function workingMembers(partitions: AdviceFacts['lag']['partitions']): number {
  const working = partitions.filter(({ lag, memberId }) => lag > 0 && memberId !== null);
  return new Set(working.map(({ memberId }) => memberId)).size;
}

function memberFindings({ lag }: AdviceFacts): readonly AdviceFinding[] {
  const { group, members, idleMembers, partitions, presence } = lag;
  const findings: AdviceFinding[] = [];
  if (idleMembers.length > 0) {
    findings.push({
      code: 'IDLE_MEMBERS',
      severity: 'warning',
      idle: idleMembers.length,
      members,
      partitions: partitions.length,
    });
  }
  if (presence === 'hidden') findings.push({ code: 'MEMBERS_HIDDEN', severity: 'info', group });
  return findings;
}

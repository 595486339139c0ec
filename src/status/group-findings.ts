import type { ConsumeMode } from '../consume/consume-mode.js';
import { CAUTION_ABOVE } from '../lag/status.js';
import { longestWaitMs } from '../lag/partition-lag.js';
import { readingOffset } from '../ports/lag-sample.js';
import type { StatusFinding } from './finding.js';
import type { GroupStatus } from './group.js';
import type { GroupRates } from './rates.js';

/** What waits for longer than this is late, however little it is: a member retries for 6 s at most. */
const LATE_MS = 60_000;
/** A lag that grows, and of which nothing waits for this long, is in its first seconds. */
const GROWING_AFTER_MS = 10_000;

/**
 * How the group does, beside its offsets. `rates`: of the last minute, or of a window of looks. `mode`: of the consumer
 * that started last; null: not known.
 */
export function groupFindings(
  status: GroupStatus,
  rates: GroupRates,
  mode: ConsumeMode | null,
): readonly StatusFinding[] {
  const { lag } = status;
  const { partitions, openTransactions } = lag;
  const beyond = partitions.flatMap(({ topic, partition, committedOffset, endOffset }) =>
    committedOffset !== null && committedOffset > endOffset
      ? [{ topic, partition, offset: committedOffset, endOffset }]
      : [],
  );
  return [
    ...memberFindings(status),
    ...beyond.map((each) => ({
      code: 'COMMITTED_BEYOND_END' as const,
      severity: 'critical' as const,
      ...each,
    })),
    ...progressFindings(status, rates, mode),
    ...(openTransactions.length === 0
      ? []
      : [
          {
            code: 'OPEN_TRANSACTION' as const,
            severity: isHeldBack(status) ? ('warning' as const) : ('caution' as const),
            transactions: openTransactions,
          },
        ]),
  ];
}

/** What can't be seen of its members. */
function memberFindings({ lag }: GroupStatus): readonly StatusFinding[] {
  const { group, presence, members, unreadableMembers } = lag;
  const { length: unreadable } = unreadableMembers;
  if (presence === 'hidden') return [{ code: 'MEMBERS_HIDDEN', severity: 'unknown', group }];
  if (unreadable === 0) return [];
  return [{ code: 'ASSIGNMENT_NOT_READABLE', severity: 'unknown', group, unreadable, members }];
}

function progressFindings(
  status: GroupStatus,
  rates: GroupRates,
  mode: ConsumeMode | null,
): readonly StatusFinding[] {
  const { lag } = status;
  const { group, totalLag: unread, members, presence } = lag;
  if (members === 0 && presence !== 'hidden') {
    const code = presence === 'unknown' ? 'NO_SUCH_GROUP' : 'NO_MEMBERS';
    const severity = unread > 0 ? 'critical' : 'caution';
    return [{ code, severity, group, unread, partitions: lag.partitions.length, mode }];
  }
  if (unread === 0 || isHeldBack(status)) return [];
  const stalledSinceMs = stalledSince(status, rates);
  if (stalledSinceMs !== null) {
    const since = { sinceMs: stalledSinceMs };
    return [{ code: 'STALLED', severity: 'critical', group, members, unread, ...since }];
  }
  return backlogFindings(status, rates);
}

/** All that is unread waits behind open transactions. */
function isHeldBack({ lag }: GroupStatus): boolean {
  return (
    lag.totalLag > 0 &&
    lag.partitions.every((each) => each.lag === 0 || readingOffset(each) >= each.stableEndOffset)
  );
}

/**
 * Since when nothing goes on: no commit in a window of looks, or no decision in the last minute while something waited
 * all the time. Null: something goes on, or this is not known.
 */
function stalledSince({ lag, sample }: GroupStatus, rates: GroupRates): number | null {
  const waitedMs = longestWaitMs(lag.partitions);
  const waitsSinceMs = waitedMs === null ? null : sample.takenAtMs - waitedMs;
  if (lag.status === 'STALLED') return waitsSinceMs ?? sample.takenAtMs;
  const { sinceMs, decided } = rates;
  if (sinceMs === null || decided !== 0 || waitsSinceMs === null) return null;
  return waitsSinceMs <= sinceMs ? sinceMs : null;
}

function backlogFindings({ lag }: GroupStatus, rates: GroupRates): readonly StatusFinding[] {
  const { group, totalLag: unread } = lag;
  const { inPerSecond, outPerSecond, trend, etaSeconds } = rates;
  const waitedMs = longestWaitMs(lag.partitions);
  const backlog = { group, unread, waitedMs, inPerSecond, outPerSecond };
  const isLate = waitedMs === null || waitedMs >= LATE_MS;
  const grows = trend === 'growing' && (waitedMs === null || waitedMs >= GROWING_AFTER_MS);
  if (unread > CAUTION_ABOVE && (grows || lag.status === 'WARNING')) {
    return [{ code: 'FALLS_BEHIND', severity: 'warning', ...backlog }];
  }
  if (trend === 'falling' && etaSeconds !== null && (isLate || unread > CAUTION_ABOVE)) {
    return [{ code: 'CATCHING_UP', severity: 'caution', ...backlog, etaSeconds }];
  }
  if (isLate) return [{ code: 'BEHIND', severity: 'warning', ...backlog }];
  return unread > CAUTION_ABOVE ? [{ code: 'BEHIND', severity: 'caution', ...backlog }] : [];
}

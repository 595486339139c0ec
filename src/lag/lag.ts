import {
  hotPartitionOf,
  notesOn,
  presenceOf,
  type GroupPresence,
  type HotPartition,
  type LagNote,
} from './notes.js';
import {
  deletedUnread,
  hasCaughtUp,
  isBeyondEnd,
  lagOf,
  readingOffset,
  totalLagOf,
  type AbandonedTopic,
  type IdleMember,
  type LagSample,
  type PartitionSample,
  type Place,
} from '../ports/lag-sample.js';
import { openTransactionsOf, type LogReader, type OpenTransaction } from '../ports/log.js';
import * as reading from '../records/reading.js';
import { usableInstantMs } from '../records/timestamp.js';
import { isUnjudged, judgedAfterMs } from './cadence.js';
import type { PartitionLag } from './partition-lag.js';
import { statusOf, type LagStatus } from './status.js';
import { trendOf, type LagTrend } from './trend.js';
import { judgedWindow, movementOver, sinceRestart, stillMs, transactionOpenMs } from './window.js';

/** How far a group is behind, and where that is going: `coupons lag` (docs/contract.md). */
export interface LagReport {
  readonly group: string;
  readonly state: string;
  readonly members: number;
  readonly totalLag: number;
  readonly status: LagStatus;
  /** This and the three figures below are null without a window of samples. */
  readonly trend: LagTrend | null;
  readonly inPerSecond: number | null;
  readonly outPerSecond: number | null;
  /** Until the lag is 0 at this rate; null also where it does not fall. */
  readonly etaSeconds: number | null;
  readonly partitions: readonly PartitionLag[];
  /** Partitions without a leader; not counted in any figure above. */
  readonly offlinePartitions: readonly Place[];
  /** Counted in the lag: their records can be read when they have ended. */
  readonly openTransactions: readonly OpenTransaction[];
  /** Topics that the group reads and that do not exist (any more). */
  readonly missingTopics: readonly string[];
  /** Topics that the group has read and that no member subscribes to any more; not counted in any figure above. */
  readonly abandonedTopics: readonly AbandonedTopic[];
  /** Of the last ten minutes; null: not known. */
  readonly recentDeadLetters: number | null;
  readonly presence: GroupPresence;
  readonly hotPartition: HotPartition | null;
  readonly idleMembers: readonly IdleMember[];
  /** Members whose partitions are not known, because their assignment can't be read. */
  readonly unreadableMembers: readonly IdleMember[];
  /** What to know beside the figures. */
  readonly notes: readonly LagNote[];
}

export interface LagOptions {
  /** CAUTION above so many records. */
  readonly warnAbove: number;
}

/**
 * Measures the lag of a group at `now`. `window` holds earlier samples, oldest first: empty for a
 * single look; slideWindow keeps one for a longer watch.
 */
export function measureLag(
  now: LagSample,
  { warnAbove }: LagOptions,
  window: readonly LagSample[] = [],
): LagReport {
  const samples = sinceRestart([...window, now]);
  const judged = judgedWindow(samples);
  const movement = movementOver(judged);
  const trend = isUnjudged(samples) ? null : trendOf(movement);
  const totalLag = totalLagOf(now);
  const { group, state, members, idleMembers, unreadableMembers } = now.group;
  const presence = presenceOf(now);
  const status = statusOf({
    totalLag,
    isIncomplete: lacksSome({ ...now, offlinePartitions: now.offline }),
    hasLostRecords: now.partitions.some((partition) => deletedUnread(partition) > 0n),
    isAheadOfStore: now.mismatch?.code === 'OFFSETS_AHEAD_OF_STORE',
    hasMembers: members > 0 || presence === 'hidden',
    warnAbove,
    windowMs: movement.spanMs,
    touchedZero: judged.some(hasCaughtUp),
    judgedAfterMs: judgedAfterMs(samples),
    stillMs: stillMs(samples),
    transactionOpenMs: transactionOpenMs(samples),
    trend,
  });
  const partitions = now.partitions.map((partition) => partitionLag(partition, now.takenAtMs));
  const hotPartition =
    presence === 'unknown' ? null : hotPartitionOf(partitions, totalLag, warnAbove);
  return {
    group,
    state,
    members,
    totalLag,
    status,
    trend,
    ...ratesOf(movement, totalLag),
    partitions,
    offlinePartitions: now.offline,
    openTransactions: now.partitions.flatMap((each) => openTransactionsOf(each.topic, [each])),
    missingTopics: now.missingTopics,
    abandonedTopics: now.abandonedTopics,
    recentDeadLetters: now.recentLetters?.letters ?? null,
    presence,
    hotPartition,
    idleMembers,
    unreadableMembers,
    notes: notesOn(now, hotPartition),
  };
}

/** Everything is read. Never where the lag of some partition is not known. */
export async function isDrained(
  report: LagReport,
  reader: Pick<LogReader, 'read'>,
): Promise<boolean> {
  if (lacksSome(report)) return false;
  const { partitions } = report;
  const readings = partitions.map((each) => ({ ...each, offset: readingOffset(each) }));
  return reading.isDrained(await reading.remainingOf(reader, readings));
}

/** Whether there is more lag than `limit`, or may be, because that of some partition is not known. */
export function isAbove(report: LagReport, limit: number): boolean {
  return report.totalLag > limit || lacksSome(report);
}

/**
 * Whether the lag of some partition is not known: it has no leader, its topic is not there, or the log ends before
 * what the group has committed.
 */
export function lacksSome({ offlinePartitions, missingTopics, partitions }: Counted): boolean {
  return offlinePartitions.length > 0 || missingTopics.length > 0 || partitions.some(isBeyondEnd);
}

type Counted = Pick<LagReport, 'offlinePartitions' | 'missingTopics'> & {
  readonly partitions: readonly Pick<PartitionLag, 'committedOffset' | 'endOffset'>[];
};

type Rates = Pick<LagReport, 'inPerSecond' | 'outPerSecond' | 'etaSeconds'>;

function ratesOf(
  { spanMs, appended, consumed }: ReturnType<typeof movementOver>,
  totalLag: number,
): Rates {
  if (spanMs <= 0) return { inPerSecond: null, outPerSecond: null, etaSeconds: null };
  const perSecond = (records: number): number => Math.round((records * 10_000) / spanMs) / 10;
  return {
    inPerSecond: perSecond(appended),
    outPerSecond: perSecond(consumed),
    etaSeconds: etaSeconds(totalLag, ((consumed - appended) * 1000) / spanMs),
  };
}

function etaSeconds(totalLag: number, fallingPerSecond: number): number | null {
  if (totalLag === 0) return 0;
  return fallingPerSecond > 0 ? Math.ceil(totalLag / fallingPerSecond) : null;
}

function partitionLag(sample: PartitionSample, nowMs: number): PartitionLag {
  const { topic, partition, committedOffset, startOffset, endOffset, stableEndOffset } = sample;
  const { memberId, clientId, host, pid } = sample;
  const lag = lagOf(sample);
  const timeLagMs = lag === 0 ? 0 : waitedMs(sample.oldestUnprocessedTimestampMs, nowMs);
  return {
    topic,
    partition,
    committedOffset,
    startOffset,
    endOffset,
    stableEndOffset,
    lag,
    timeLagMs,
    memberId,
    clientId,
    host,
    pid,
  };
}

/** Never negative, though a producer's clock may run ahead of ours. */
function waitedMs(timestampMs: number | null, nowMs: number): number | null {
  const sinceMs = timestampMs === null ? null : usableInstantMs(timestampMs);
  return sinceMs === null ? null : Math.max(nowMs - sinceMs, 0);
}

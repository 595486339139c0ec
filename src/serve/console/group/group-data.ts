import type { LagReport } from '../../../lag/lag.js';
import { longestWaitMs, type PartitionLag } from '../../../lag/partition-lag.js';
import type { GroupMemberDescription } from '../../../ports/cluster-admin.js';
import type { Place } from '../../../ports/lag-sample.js';
import { isSamePartition } from '../../../ports/log.js';
import { wordedLagNotes } from '../../../words/worded.js';
import type { GroupData, MemberData, PartitionData } from '../wire/group.js';
import type { LagHistories } from './lag-histories.js';

/** What the page shows of a group: the report of `coupons lag --watch`, with its members and what came before. */
export function groupData(
  report: LagReport,
  described: readonly GroupMemberDescription[],
  histories: LagHistories,
): GroupData {
  const { hotPartition } = report;
  const partitions = report.partitions.map((each) =>
    onlinePartition(
      each,
      hotPartition !== null && isSamePartition(hotPartition, each),
      histories.of(each),
    ),
  );
  const offline = report.offlinePartitions.map(offlinePartition);
  return {
    group: report.group,
    state: report.state,
    members: described.map(memberData),
    memberCount: report.members,
    status: report.status,
    trend: report.trend,
    totalLag: report.totalLag,
    timeLagMs: longestWaitMs(report.partitions),
    inPerSecond: report.inPerSecond,
    outPerSecond: report.outPerSecond,
    etaSeconds: report.etaSeconds,
    partitions: [...partitions, ...offline].sort(byPlace),
    notes: wordedLagNotes(report),
  };
}

function memberData({ memberId, clientId, host, assignment }: GroupMemberDescription): MemberData {
  const partitions = Object.entries(assignment).flatMap(([topic, ofTopic]) =>
    ofTopic.map((partition) => ({ topic, partition })),
  );
  return { memberId, clientId, host, partitions: partitions.sort(byPlace) };
}

function onlinePartition(
  partition: PartitionLag,
  isHot: boolean,
  lagHistory: readonly number[],
): PartitionData {
  const { committedOffset, startOffset, endOffset } = partition;
  return {
    topic: partition.topic,
    partition: partition.partition,
    isOnline: true,
    lag: partition.lag,
    timeLagMs: partition.timeLagMs,
    committedOffset: committedOffset?.toString() ?? null,
    startOffset: startOffset.toString(),
    endOffset: endOffset.toString(),
    memberId: partition.memberId,
    clientId: partition.clientId,
    host: partition.host,
    isHot,
    lagHistory,
  };
}

function offlinePartition({ topic, partition }: Place): PartitionData {
  return {
    topic,
    partition,
    isOnline: false,
    lag: null,
    timeLagMs: null,
    committedOffset: null,
    startOffset: null,
    endOffset: null,
    memberId: null,
    clientId: null,
    host: null,
    isHot: false,
    lagHistory: [],
  };
}

function byPlace(a: Place, b: Place): number {
  return a.topic < b.topic ? -1 : Number(a.topic > b.topic) || a.partition - b.partition;
}

import { advise } from '../../../src/advice/advice.js';
import type { AdviceFacts } from '../../../src/advice/facts.js';
import type { LagReport } from '../../../src/lag/lag.js';
import type { PartitionLag } from '../../../src/lag/partition-lag.js';

/** One partition: how many records are unread, and which member reads it. */
export interface Work {
  readonly lag: number;
  readonly member?: string | null;
  /** Its client id, where nothing else is said. */
  readonly memberId?: string | null;
  readonly waitedMs?: number;
}

export function partitionsWith(works: readonly Work[]): readonly PartitionLag[] {
  return works.map(({ lag, member = null, memberId = member, waitedMs = 0 }, partition) => ({
    topic: 'coupon-issue-requests',
    partition,
    committedOffset: 1000n,
    startOffset: 0n,
    endOffset: 1000n + BigInt(lag),
    stableEndOffset: 1000n + BigInt(lag),
    lag,
    timeLagMs: waitedMs,
    memberId,
    clientId: member,
    host: member === null ? null : '127.0.0.1',
    pid: null,
  }));
}

/** Three members on three partitions, far behind and losing ground. */
export function behind(overrides: Partial<LagReport> = {}): LagReport {
  const partitions =
    overrides.partitions ??
    partitionsWith([1, 2, 3].map((member) => ({ lag: 3000, member: `coupons-single-${member}` })));
  return {
    group: 'coupon-issue-group',
    state: 'Stable',
    members: 3,
    totalLag: partitions.reduce((sum, { lag }) => sum + lag, 0),
    status: 'WARNING',
    trend: 'growing',
    inPerSecond: 500,
    outPerSecond: 300,
    etaSeconds: null,
    offlinePartitions: [],
    openTransactions: [],
    missingTopics: [],
    abandonedTopics: [],
    recentDeadLetters: null,
    unreadableMembers: [],
    presence: 'present',
    hotPartition: null,
    idleMembers: [],
    notes: [],
    ...overrides,
    partitions,
  };
}

const healthy = (name: string, partitions: number) => ({
  name,
  replicationFactor: 3,
  minInSyncReplicas: 2,
  retentionMs: 7 * 24 * 3_600_000,
  retentionBytes: null,
  partitions: Array.from({ length: partitions }, (_unused, partition) => ({
    partition,
    hasLeader: true,
    leaderAnswers: true,
    inSyncReplicas: 3,
    sizeBytes: 1_000_000,
  })),
});

/** A healthy cluster, twenty campaigns that are asked for alike. */
export function facts(overrides: Partial<AdviceFacts> = {}): AdviceFacts {
  return {
    topic: 'coupon-issue-requests',
    lag: behind(),
    observedMs: 10_000,
    mode: 'single',
    mismatch: null,
    storeFailure: null,
    storeKind: 'sqlite',
    host: 'host',
    unreadKeys: Array.from({ length: 20 }, (_unused, index) => ({
      key: String(index + 1),
      partition: index % 3,
      share: 0.05,
    })),
    spreads: [
      { partitions: 3, busiestShare: 0.35 },
      { partitions: 6, busiestShare: 0.2 },
      { partitions: 12, busiestShare: 0.1 },
    ],
    topics: [healthy('coupon-issue-requests', 3), healthy('coupon-issue-dlq', 1)],
    deadLetters: { before: 0, after: 0, replayed: null, recent: null },
    sale: null,
    brokers: 3,
    bootstrap: '127.0.0.1:9092',
    logPath: '/data/logs/application.log',
    ...overrides,
  };
}

export const codes = (given: AdviceFacts): readonly string[] =>
  advise(given).findings.map(({ code }) => code);

export const steps = (given: AdviceFacts): readonly string[] =>
  advise(given).steps.map(({ code }) => code);

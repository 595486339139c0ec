/** What a console knows in the middle of a sale: every part was read. */
import { zeroOutcomes } from '../../../src/coupon/outcome.js';
import type { ConsoleState } from '../../../src/serve/console/console.js';
import type { AuditData } from '../../../src/serve/console/wire/audit.js';
import type { CampaignData, CampaignsData } from '../../../src/serve/console/wire/campaigns.js';
import type { Site } from '../../../src/serve/console/wire/events.js';
import type { GroupData, PartitionData } from '../../../src/serve/console/wire/group.js';
import type { LettersData } from '../../../src/serve/console/wire/letters.js';
import type { Failure, Part } from '../../../src/serve/console/wire/part.js';

/** 2026-11-27T12:00:00Z */
export const SALE_MS = 1_795_780_800_000;

export const site: Site = {
  version: '0.1.0',
  group: 'coupon-issue-group',
  topic: 'coupon-issue-requests',
  dlqTopic: 'coupon-issue-dlq',
  brokers: 'localhost:9092',
  store: '/data/coupons.db',
  context: null,
  readOnly: true,
  startedAtMs: SALE_MS - 60_000,
  auditStaleAfterMs: 3_600_000,
};

export function known<Data>(data: Data): Part<Data> {
  return { asOfMs: SALE_MS, data, failure: null };
}

/** A part that was read once, and can't be read now. */
export function failed<Data>({ data }: Part<Data>, code: string): Part<Data> {
  const failure: Failure = { code, message: 'It can not be read.', hint: null };
  return { asOfMs: SALE_MS - 5_000, data, failure };
}

export function partitionOf(partition: number, given: Partial<PartitionData> = {}): PartitionData {
  return {
    topic: 'coupon-issue-requests',
    partition,
    isOnline: true,
    lag: 20,
    timeLagMs: 1_500,
    committedOffset: '80',
    startOffset: '10',
    endOffset: '100',
    memberId: 'member-1',
    clientId: 'coupons-1',
    host: '127.0.0.1',
    isHot: false,
    lagHistory: [10, 20],
    ...given,
  };
}

export function groupOf(partitions: readonly PartitionData[]): GroupData {
  return {
    group: 'coupon-issue-group',
    state: 'Stable',
    members: [],
    memberCount: 3,
    status: 'CAUTION',
    trend: 'falling',
    totalLag: partitions.reduce((sum, { lag }) => sum + (lag ?? 0), 0),
    timeLagMs: 1_500,
    inPerSecond: 10,
    outPerSecond: 20,
    etaSeconds: 4,
    partitions,
    notes: [],
  };
}

export function campaignOf(couponId: number, given: Partial<CampaignData> = {}): CampaignData {
  return {
    couponId,
    name: null,
    status: 'ACTIVE',
    totalQuantity: 100,
    issuedQuantity: 60,
    validFromMs: null,
    validUntilMs: null,
    outcomes: { ...zeroOutcomes(), ISSUED: 60 },
    issuedPerSecond: null,
    outcomesPerSecond: null,
    soldOutAtMs: null,
    firstWinner: null,
    lastWinner: null,
    ...given,
  };
}

export function campaignsOf(campaigns: readonly CampaignData[]): CampaignsData {
  return {
    campaigns,
    omitted: 0,
    outcomes: { ...zeroOutcomes(), ISSUED: 60, DUPLICATE: 3 },
    withoutCampaign: 0,
    oversold: 0,
    counted: null,
  };
}

export function lettersOf(counts: Readonly<Record<string, number>>): LettersData {
  const reasons = Object.entries(counts).map(([key, count]) => ({
    key,
    count,
    firstSeenMs: SALE_MS - 1_000,
    lastSeenMs: SALE_MS,
  }));
  const total = reasons.reduce((sum, { count }) => sum + count, 0);
  return { total, counted: total, waiting: 0, reasons, coupons: [], ungrouped: 0, recent: total };
}

export function auditOf(verdict: 'PASS' | 'FAIL'): AuditData {
  return {
    running: null,
    last: {
      verdict,
      endedAtMs: SALE_MS - 30_000,
      elapsedMs: 500,
      records: 100,
      requests: 100,
      outcomes: zeroOutcomes(),
      unprocessed: 0,
      deadLettered: 0,
      findings: [],
      findingCount: 0,
      notCompared: [],
    },
    failure: null,
  };
}

export function consoleState(given: Partial<ConsoleState> = {}): ConsoleState {
  return {
    group: known(groupOf([partitionOf(0), partitionOf(1)])),
    campaigns: known(campaignsOf([campaignOf(1)])),
    letters: known(lettersOf({ MALFORMED_JSON: 2 })),
    audit: auditOf('PASS'),
    readingMs: 250,
    viewers: 2,
    ...given,
  };
}

/** A sale in progress, as the console tells it: 3 partitions, 3 members, 5 campaigns, 15 minutes of history. */
import { zeroOutcomes, type OutcomeCounts } from '../../../src/coupon/outcome.js';
import { DLQ_TOPIC, REQUEST_TOPIC } from '../../../src/coupon/topics.js';
import type { AdviceData } from '../../../src/serve/console/wire/advice.js';
import type { AuditData } from '../../../src/serve/console/wire/audit.js';
import type { CampaignData, CampaignsData } from '../../../src/serve/console/wire/campaigns.js';
import type { Site } from '../../../src/serve/console/wire/events.js';
import type {
  GroupData,
  MemberData,
  PartitionData,
} from '../../../src/serve/console/wire/group.js';
import type { History, HistoryPoint } from '../../../src/serve/console/wire/history.js';

/** The instant at which every scripted console starts: 12:00 in Seoul. */
export const NOW_MS = Date.UTC(2026, 10, 27, 3);

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HISTORY_SECONDS = 900;
/** Since when requests come, and for how long a second wave of them comes already. */
const SALE_SECONDS = 780;
const WAVE_SECONDS = 100;

export const SITE: Site = {
  version: '0.1.0',
  group: 'coupon-service',
  topic: REQUEST_TOPIC,
  dlqTopic: DLQ_TOPIC,
  brokers: 'kafka-1:9092,kafka-2:9092,kafka-3:9092',
  store: 'postgres://coupons@db-1:5432/coupons',
  context: 'production',
  readOnly: false,
  startedAtMs: NOW_MS - 26 * MINUTE,
  auditStaleAfterMs: 15 * MINUTE,
};

/** One point a second, as the sale goes; the same in every run. */
export class SaleClock {
  #second = 1 - HISTORY_SECONDS;
  #lag = 0;

  /** The last 15 minutes. */
  lastMinutes(): readonly HistoryPoint[] {
    return Array.from({ length: HISTORY_SECONDS }, () => this.next());
  }

  next(): HistoryPoint {
    const second = this.#second;
    this.#second += 1;
    const sinceStart = second + SALE_SECONDS;
    const wave = Math.sin(second / 7) + Math.sin(second / 3.1) / 2 + Math.sin(second * 12.9898) / 3;
    const burst = 7800 * Math.exp(-sinceStart / 150);
    const sinceWave = second + WAVE_SECONDS;
    const secondWave = sinceWave < 0 ? 0 : 7000 * Math.exp(-sinceWave / 60);
    const inPerSecond =
      sinceStart < 0 ? 0 : Math.max(0, Math.round(1200 + burst + 160 * wave + secondWave));
    const capacity = Math.round(4600 + 90 * Math.sin(second * 78.233));
    const outPerSecond = Math.min(this.#lag + inPerSecond, capacity);
    this.#lag += inPerSecond - outPerSecond;
    const waitedMs = Math.round((this.#lag / capacity) * SECOND);
    const isIssuing = sinceStart >= 0 && inPerSecond > 0;
    return {
      atMs: NOW_MS + second * SECOND,
      inPerSecond,
      outPerSecond,
      lag: this.#lag,
      waitedMs,
      issuedP50Ms: isIssuing ? Math.round(38 + waitedMs * 0.8 + 4 * wave) : null,
      issuedP99Ms: isIssuing ? Math.round(120 + waitedMs * 1.2 + 25 * Math.abs(wave)) : null,
    };
  }
}

export function columnsOf(points: readonly HistoryPoint[]): History {
  return {
    atMs: points.map(({ atMs }) => atMs),
    inPerSecond: points.map(({ inPerSecond }) => inPerSecond),
    outPerSecond: points.map(({ outPerSecond }) => outPerSecond),
    lag: points.map(({ lag }) => lag),
    waitedMs: points.map(({ waitedMs }) => waitedMs),
    issuedP50Ms: points.map(({ issuedP50Ms }) => issuedP50Ms),
    issuedP99Ms: points.map(({ issuedP99Ms }) => issuedP99Ms),
  };
}

export function memberData(index: number, partitions: readonly number[] = [index]): MemberData {
  return {
    memberId: `coupons-${String(index)}-8f14e45f-ceea-467f-a8f1-0242ac1200${String(10 + index)}`,
    clientId: `coupons-${String(index)}`,
    host: `10.0.4.${String(20 + index)}`,
    partitions: partitions.map((partition) => ({ topic: REQUEST_TOPIC, partition })),
  };
}

/** Of the member of the same number, unless another one is given or none. */
export function partitionData(
  partition: number,
  changes: Partial<PartitionData> = {},
): PartitionData {
  const { memberId, clientId, host } = memberData(partition);
  const lag = changes.lag ?? 0;
  const endOffset = 410_000 + 3_911 * partition;
  return {
    topic: REQUEST_TOPIC,
    partition,
    isOnline: true,
    lag,
    timeLagMs: Math.round(lag / 3.6),
    committedOffset: String(endOffset - lag),
    startOffset: '0',
    endOffset: String(endOffset),
    memberId,
    clientId,
    host,
    isHot: false,
    lagHistory: Array.from({ length: 60 }, () => lag),
    ...changes,
  };
}

/** How the lag is spread over the partitions. */
const SHARES = [0.78, 0.12, 0.1];

/** As the history ends. */
export function groupData(changes: Partial<GroupData> = {}): GroupData {
  const lastMinute = new SaleClock().lastMinutes().slice(-60);
  const { lag, waitedMs, inPerSecond, outPerSecond } = lastMinute.at(-1) ?? {};
  const totalLag = lag ?? 0;
  const partitions = SHARES.map((share, partition) => {
    const lagHistory = lastMinute.map((point) => Math.round(share * (point.lag ?? 0)));
    return partitionData(partition, {
      ...{ lag: lagHistory.at(-1) ?? 0, isHot: share > 0.5 },
      ...{ lagHistory, timeLagMs: Math.round(share * (waitedMs ?? 0)) },
    });
  });
  return {
    group: SITE.group,
    state: 'Stable',
    members: [0, 1, 2].map((index) => memberData(index)),
    memberCount: 3,
    status: 'CAUTION',
    trend: 'falling',
    totalLag,
    timeLagMs: Math.max(...partitions.map(({ timeLagMs }) => timeLagMs ?? 0)),
    inPerSecond: inPerSecond ?? null,
    outPerSecond: outPerSecond ?? null,
    etaSeconds: Math.ceil(totalLag / ((outPerSecond ?? 0) - (inPerSecond ?? 0))),
    partitions,
    notes: [
      {
        code: 'HOT_PARTITION',
        text: {
          en: 'Partition 0 is hot: it holds 78% of the lag. `coupons advise` looks for the campaign behind it.',
          ko: '파티션 0에 lag의 78%가 몰려 있습니다. 어느 캠페인 때문인지는 `coupons advise`가 찾습니다.',
        },
      },
    ],
    ...changes,
  };
}

export function outcomes(counts: Partial<OutcomeCounts> = {}): OutcomeCounts {
  return { ...zeroOutcomes(), ...counts };
}

export function campaignData(
  couponId: number,
  changes: Partial<CampaignData> & Pick<CampaignData, 'issuedQuantity' | 'totalQuantity'>,
): CampaignData {
  const { issuedQuantity } = changes;
  const startedAtMs = NOW_MS - SALE_SECONDS * SECOND;
  return {
    couponId,
    name: `Campaign ${String(couponId)}`,
    status: 'ACTIVE',
    validFromMs: startedAtMs,
    validUntilMs: NOW_MS + 12 * 60 * MINUTE,
    outcomes: outcomes({ ISSUED: issuedQuantity }),
    issuedPerSecond: 0,
    outcomesPerSecond: 0,
    soldOutAtMs: null,
    firstWinner:
      issuedQuantity === 0
        ? null
        : { userId: 70_012 + couponId, sequence: 1, issuedAtMs: startedAtMs + 38 },
    lastWinner:
      issuedQuantity === 0
        ? null
        : { userId: 91_440 + couponId, sequence: issuedQuantity, issuedAtMs: NOW_MS - 1_400 },
    ...changes,
  };
}

export function campaignsData(changes: Partial<CampaignsData> = {}): CampaignsData {
  const soldOutAtMs = NOW_MS - 747_642;
  const campaigns = changes.campaigns ?? [
    campaignData(2, {
      name: '첫 구매 감사 쿠폰',
      totalQuantity: 500_000,
      issuedQuantity: 341_208,
      outcomes: outcomes({ ISSUED: 341_208, DUPLICATE: 18_211, DEAD_LETTERED: 9 }),
      issuedPerSecond: 412.4,
      outcomesPerSecond: 431.9,
    }),
    campaignData(3, {
      name: 'Free shipping',
      totalQuantity: 50_000,
      issuedQuantity: 48_204,
      outcomes: outcomes({ ISSUED: 48_204, DUPLICATE: 2_650, EXPIRED: 12, DEAD_LETTERED: 4 }),
      issuedPerSecond: 96.1,
      outcomesPerSecond: 101.3,
    }),
    campaignData(1, {
      name: 'Black Friday 11.27',
      totalQuantity: 10_000,
      issuedQuantity: 10_000,
      outcomes: outcomes({
        ISSUED: 10_000,
        DUPLICATE: 21_804,
        SOLD_OUT: 803_377,
        DEAD_LETTERED: 21,
      }),
      outcomesPerSecond: 844,
      soldOutAtMs,
      lastWinner: { userId: 88_107, sequence: 10_000, issuedAtMs: soldOutAtMs },
    }),
    campaignData(5, {
      name: 'Weekend −20 %',
      totalQuantity: 2_000,
      issuedQuantity: 0,
      validFromMs: NOW_MS + 21 * 60 * MINUTE,
      validUntilMs: NOW_MS + 69 * 60 * MINUTE,
      outcomes: outcomes({ NOT_STARTED: 318 }),
    }),
    campaignData(4, {
      name: null,
      status: 'INACTIVE',
      totalQuantity: 100,
      issuedQuantity: 0,
      validFromMs: null,
      validUntilMs: null,
      outcomes: outcomes({ INACTIVE: 44 }),
    }),
  ];
  const withoutCampaign = changes.withoutCampaign ?? 17;
  return {
    campaigns,
    omitted: 0,
    outcomes: sumOf([
      ...campaigns.map((each) => each.outcomes),
      outcomes({ NOT_FOUND: withoutCampaign }),
    ]),
    withoutCampaign,
    oversold: 0,
    counted: null,
    ...changes,
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

function sumOf(counts: readonly OutcomeCounts[]): OutcomeCounts {
  const total = zeroOutcomes();
  for (const each of counts) {
    for (const [name, count] of Object.entries(each)) total[name as keyof OutcomeCounts] += count;
  }
  return total;
}

export function adviceData(changes: Partial<AdviceData> = {}): AdviceData {
  return {
    observedMs: MINUTE,
    findings: [
      {
        code: 'CATCHING_UP',
        severity: 'info',
        text: {
          en: 'Group coupon-service is catching up: 6,070 records to read, 2,565/s in, 4,600/s out, done in about 3 s.',
          ko: '그룹 coupon-service이(가) 따라잡고 있습니다: 읽을 레코드 6,070건, 유입 2,565/s, 처리 4,600/s, 약 3초 뒤 완료.',
        },
      },
      {
        code: 'HOT_KEY',
        severity: 'warning',
        text: {
          en: 'Campaign 1 has 78% of the unread records. One campaign is one key, so one partition (0) and one member: more partitions or members do not spread it. Batches help.',
          ko: '읽지 않은 레코드의 78%가 캠페인 1의 것입니다. 캠페인 하나는 키 하나이므로 파티션(0)도 멤버도 하나입니다: 파티션이나 멤버를 늘려도 나뉘지 않습니다. 배치 모드가 도움이 됩니다.',
        },
      },
    ],
    steps: [
      {
        order: 1,
        code: 'BATCH_MODE',
        action: { en: 'Batch mode', ko: '배치 모드' },
        command: 'coupons consume --concurrency 3 --mode batch',
        why: {
          en: 'With one record a transaction, a few records share a sync of the disk; in a batch 100 do. It is the only step that speeds up a single campaign.',
          ko: '트랜잭션당 레코드가 하나면 디스크 동기화 한 번을 몇 건이 나눠 쓰지만, 배치에서는 100건이 나눠 씁니다. 캠페인 하나를 빠르게 하는 유일한 방법입니다.',
        },
        expected: {
          en: 'Up to about 6 times as many records a second.',
          ko: '초당 레코드가 최대 약 6배로 늘어납니다.',
        },
        limits: {
          en: 'Stop the present members first (ctrl-C: they finish their current records). At low load a record may wait up to half a second for its batch.',
          ko: '지금 멤버를 먼저 멈추세요(ctrl-C: 처리 중인 레코드는 끝냅니다). 부하가 낮으면 레코드가 배치를 최대 0.5초 기다릴 수 있습니다.',
        },
      },
      {
        order: 2,
        code: 'WAIT',
        action: { en: 'Wait', ko: '기다리기' },
        command: 'coupons lag --wait --timeout 60',
        why: {
          en: 'The group reads faster than new records arrive.',
          ko: '그룹이 새 레코드가 오는 것보다 빠르게 읽고 있습니다.',
        },
        expected: { en: 'The lag is 0 in about 3 s.', ko: '약 3초 뒤 lag이 0이 됩니다.' },
        limits: {
          en: 'Only while records do not arrive faster than now.',
          ko: '레코드가 지금보다 빠르게 오지 않는 동안만 그렇습니다.',
        },
      },
    ],
    ...changes,
  };
}

export function auditData(changes: Partial<AuditData> = {}): AuditData {
  const { outcomes: all } = campaignsData();
  const requests = sum(Object.values(all));
  return {
    running: null,
    last: {
      verdict: 'PASS',
      endedAtMs: NOW_MS - 3 * MINUTE,
      elapsedMs: 8_214,
      records: requests + 2_310,
      requests,
      outcomes: all,
      unprocessed: 6_070,
      deadLettered: all.DEAD_LETTERED,
      findings: [],
      findingCount: 0,
      notCompared: [],
    },
    failure: null,
    ...changes,
  };
}

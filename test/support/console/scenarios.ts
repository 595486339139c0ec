/** What is rare, or hard to bring about on a real pipeline. */
import type { Failure } from '../../../src/serve/console/wire/part.js';
import type { FakeConsole } from './fake-console.js';
import { read, type Scenario } from './fake-console.js';
import { sameLetters, scriptedLetters } from './letters.js';
import { auditData, campaignData, campaignsData, groupData, memberData } from './sale.js';
import { NOW_MS, partitionData } from './sale.js';

const unassigned = {
  ...{ memberId: null, clientId: null, host: null, committedOffset: null },
  ...{ endOffset: '0', lagHistory: [] },
};

/** No group, no campaign, no request, no dead letter, and no audit yet. */
export const EMPTY: Scenario = {
  group: read(
    groupData({
      ...{ state: 'Dead', members: [], memberCount: 0, status: 'OK', trend: null },
      ...{ totalLag: 0, timeLagMs: 0, inPerSecond: 0, outPerSecond: 0, etaSeconds: null },
      partitions: [0, 1, 2].map((partition) => partitionData(partition, unassigned)),
      notes: [],
    }),
  ),
  campaigns: read(campaignsData({ campaigns: [], withoutCampaign: 0 })),
  letters: scriptedLetters(0),
  advice: read({ observedMs: 60_000, findings: [], steps: [] }),
  audit: { running: null, last: null, failure: null },
  points: [],
};

/** What tries to be more than text: markup, escape codes, right-to-left overrides, and length without a break. */
export const HOSTILE_TEXTS = [
  '<script>document.title = "owned"</script>',
  '<img src=x onerror="document.title=\'owned\'">',
  "\"><svg/onload=document.title='owned'>",
  '\u001b[2J\u001b[31mred\u0007\u0000',
  '\u202egnp.exe\u2066 \u200f',
  'javascript:document.title="owned"',
  'x'.repeat(4_000),
] as const;

/** Each of HOSTILE_TEXTS wherever a stranger can write: campaign names, client ids, reasons, headers, payloads. */
export function hostile(): Scenario {
  const all = HOSTILE_TEXTS.join(' ');
  const text = { text: all, sizeBytes: Buffer.byteLength(all), isCut: false };
  return {
    campaigns: read(
      campaignsData({
        campaigns: HOSTILE_TEXTS.map((name, index) =>
          campaignData(index + 1, { name, totalQuantity: 100, issuedQuantity: 40 }),
        ),
      }),
    ),
    group: read(
      groupData({
        members: HOSTILE_TEXTS.slice(0, 3).map((clientId, index) => ({
          ...memberData(index),
          ...{ clientId, host: all },
        })),
        partitions: [0, 1, 2].map((partition) =>
          partitionData(partition, { clientId: HOSTILE_TEXTS[partition] ?? null, host: all }),
        ),
      }),
    ),
    letters: sameLetters(HOSTILE_TEXTS.length, {
      ...{ reasonCode: all, failureReason: all, stackTrace: all, couponId: 2 ** 53 - 1 },
      ...{ key: text, original: text, value: text, traceparent: all },
      origin: { topic: all, partition: 0, offset: '9223372036854775807' },
      headers: HOSTILE_TEXTS.map((name) => ({ name, value: text })),
    }),
  };
}

export function manyCampaigns(count: number): Scenario {
  const campaigns = Array.from({ length: count }, (_, index) =>
    campaignData(index + 1, {
      name: `Campaign ${String(index + 1)} of ${String(count)}`,
      totalQuantity: 1_000,
      issuedQuantity: (index * 37) % 1_001,
      ...((index * 37) % 1_001 === 1_000 ? { soldOutAtMs: NOW_MS - 1_000 * index } : {}),
    }),
  );
  return { campaigns: read(campaignsData({ campaigns })) };
}

/** There are members and records to read, and nothing is committed. */
export const STALLED: Scenario = {
  group: read(
    groupData({
      ...{ status: 'STALLED', trend: 'growing', totalLag: 84_110, timeLagMs: 71_000 },
      ...{ outPerSecond: 0, etaSeconds: null },
      partitions: [0, 1, 2].map((partition) => partitionData(partition, { lag: 28_036 })),
    }),
  ),
};

export const AUDIT_FAILED: Scenario = {
  audit: auditData({
    last: {
      verdict: 'FAIL',
      ...{ endedAtMs: NOW_MS - 20_000, elapsedMs: 900, records: 1_000, requests: 990 },
      outcomes: campaignsData().outcomes,
      ...{ unprocessed: 0, deadLettered: 0, findingCount: 1, notCompared: [] },
      findings: [
        {
          code: 'OVERISSUED',
          couponId: 1,
          text: {
            en: 'Campaign 1 has issued 10,001 coupons of 10,000.',
            ko: '캠페인 1이 쿠폰 10,000장 가운데 10,001장을 발급했습니다.',
          },
        },
      ],
    },
  }),
};

export const BROKER_AWAY: Failure = {
  code: 'BROKER_UNREACHABLE',
  message: 'No broker answers at kafka-1:9092,kafka-2:9092,kafka-3:9092.',
  hint: 'Check that Kafka runs, and --brokers.',
};

/** Every part that is read from Kafka fails from now on. */
export function loseBroker(console: FakeConsole): void {
  for (const name of ['group', 'letters', 'advice'] as const) console.fail(name, BROKER_AWAY);
}

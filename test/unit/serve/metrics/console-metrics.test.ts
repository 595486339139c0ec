import { expect, test } from 'vitest';
import type { ConsoleState } from '../../../../src/serve/console/console.js';
import {
  consoleMetrics,
  type ConsoleMetricsOptions,
} from '../../../../src/serve/metrics/console/console-metrics.js';
import {
  auditOf,
  campaignOf,
  campaignsOf,
  consoleState,
  failed,
  groupOf,
  known,
  lettersOf,
  partitionOf,
  SALE_MS,
  site,
} from '../../../support/console/console-state.js';

const defaults: ConsoleMetricsOptions = {
  campaigns: 100,
  auditEveryMs: null,
  nowMs: () => SALE_MS,
};

/** The series of our own and of kafka_exporter's names, each with its value. */
async function series(
  state: ConsoleState,
  options: Partial<ConsoleMetricsOptions> = {},
): Promise<Readonly<Record<string, number>>> {
  const scrape = consoleMetrics(
    { site, state: () => Promise.resolve(state) },
    { ...defaults, ...options },
  );
  return seriesIn((await scrape()).text);
}

function seriesIn(text: string): Readonly<Record<string, number>> {
  const lines = text.matchAll(/^((?:coupons|kafka)_\S+) (\S+)$/gm);
  return Object.fromEntries([...lines].map(([, name = '', value]) => [name, Number(value)]));
}

test('the lag is exposed under the names and labels of kafka_exporter', async () => {
  const state = consoleState({
    group: known(
      groupOf([partitionOf(0), partitionOf(1, { lag: 5, timeLagMs: 200, endOffset: '85' })]),
    ),
  });
  expect(await series(state)).toMatchObject({
    'kafka_topic_partitions{topic="coupon-issue-requests"}': 2,
    'kafka_topic_partition_current_offset{topic="coupon-issue-requests",partition="1"}': 85,
    'kafka_topic_partition_oldest_offset{topic="coupon-issue-requests",partition="1"}': 10,
    'kafka_consumergroup_current_offset{consumergroup="coupon-issue-group",topic="coupon-issue-requests",partition="1"}': 80,
    'kafka_consumergroup_lag{consumergroup="coupon-issue-group",topic="coupon-issue-requests",partition="1"}': 5,
    'kafka_consumergroup_lag_sum{consumergroup="coupon-issue-group",topic="coupon-issue-requests"}': 25,
    'kafka_consumergroup_members{consumergroup="coupon-issue-group"}': 3,
    'coupons_time_lag_seconds{consumergroup="coupon-issue-group",topic="coupon-issue-requests",partition="1"}': 0.2,
    'coupons_lag_status{status="CAUTION"}': 1,
    'coupons_lag_status{status="STALLED"}': 0,
    coupons_lag_eta_seconds: 4,
  });
});

test('a partition without a leader has no figures, and is still counted as a partition', async () => {
  const offline = partitionOf(1, {
    isOnline: false,
    lag: null,
    timeLagMs: null,
    committedOffset: null,
    startOffset: null,
    endOffset: null,
  });
  const found = await series(consoleState({ group: known(groupOf([partitionOf(0), offline])) }));
  expect(Object.keys(found).filter((name) => name.includes('partition="1"'))).toEqual([]);
  expect(found).toMatchObject({
    'kafka_topic_partitions{topic="coupon-issue-requests"}': 2,
    'kafka_consumergroup_lag_sum{consumergroup="coupon-issue-group",topic="coupon-issue-requests"}': 20,
  });
});

test('campaigns, outcomes, dead letters and the audit are exposed', async () => {
  const found = await series(
    consoleState({
      campaigns: known({ ...campaignsOf([campaignOf(7)]), oversold: 1 }),
      audit: auditOf('FAIL'),
    }),
    { auditEveryMs: 600_000 },
  );
  expect(found).toMatchObject({
    'coupons_campaign_stock{coupon="7"}': 100,
    'coupons_campaign_issued{coupon="7"}': 60,
    coupons_campaigns_omitted: 0,
    coupons_oversold_campaigns: 1,
    'coupons_store_outcomes{outcome="ISSUED"}': 60,
    'coupons_store_outcomes{outcome="DUPLICATE"}': 3,
    'coupons_store_outcomes{outcome="SOLD_OUT"}': 0,
    coupons_dlq_letters: 2,
    'coupons_dlq_letters_by_reason{reason="MALFORMED_JSON"}': 2,
    'coupons_dlq_letters_by_reason{reason="PROCESSING_FAILED"}': 0,
    coupons_audit_passed: 0,
    coupons_audit_age_seconds: 30,
    coupons_audit_interval_seconds: 600,
    coupons_kafka_up: 1,
    coupons_store_up: 1,
    coupons_reading_seconds: 0.25,
    coupons_viewers: 2,
    [`coupons_build_info{version="0.1.0",node="${process.versions.node}"}`]: 1,
  });
});

test('campaigns beyond the limit are counted, and have no series', async () => {
  const campaigns = { ...campaignsOf([1, 2, 3].map((id) => campaignOf(id))), omitted: 10 };
  const found = await series(consoleState({ campaigns: known(campaigns) }), { campaigns: 2 });
  expect(Object.keys(found).filter((name) => name.startsWith('coupons_campaign_stock'))).toEqual([
    'coupons_campaign_stock{coupon="1"}',
    'coupons_campaign_stock{coupon="2"}',
  ]);
  expect(found).toMatchObject({ coupons_campaigns_omitted: 11 });
});

test('outcomes that are still being counted are not exposed', async () => {
  const state = consoleState();
  const counting = { ...campaignsOf([campaignOf(1)]), counted: 40 };
  expect(Object.keys(await series(state)).join(' ')).toContain('coupons_store_outcomes');
  const found = await series({ ...state, campaigns: known(counting) });
  expect(Object.keys(found).join(' ')).not.toContain('coupons_store_outcomes');
  expect(found).toMatchObject({ 'coupons_campaign_issued{coupon="1"}': 60 });
});

test('a reason that someone made up, or that was not grouped, counts as other', async () => {
  const letters = {
    ...lettersOf({ WRONG_TYPE: 4, '"} evil 1\n': 5, wrong_type: 1 }),
    ungrouped: 7,
  };
  const found = await series(consoleState({ letters: known(letters) }));
  expect(found).toMatchObject({
    'coupons_dlq_letters_by_reason{reason="WRONG_TYPE"}': 4,
    'coupons_dlq_letters_by_reason{reason="other"}': 13,
  });
  expect(Object.keys(found).join('\n')).not.toMatch(/evil|wrong_type/);
});

test('a part that can not be read has no figures, and is down', async () => {
  const state = consoleState();
  const withoutKafka = await series({
    ...state,
    group: failed(state.group, 'BROKER_UNREACHABLE'),
    letters: failed(state.letters, 'BROKER_UNREACHABLE'),
  });
  expect(withoutKafka).toMatchObject({ coupons_kafka_up: 0, coupons_store_up: 1 });
  expect(Object.keys(withoutKafka).join(' ')).not.toMatch(/kafka_consumergroup|dlq|lag/);
  expect(withoutKafka).toHaveProperty(['coupons_campaign_stock{coupon="1"}']);

  const withoutStore = await series({
    ...state,
    campaigns: failed(state.campaigns, 'STORE_UNREACHABLE'),
  });
  expect(withoutStore).toMatchObject({ coupons_kafka_up: 1, coupons_store_up: 0 });
  expect(Object.keys(withoutStore).join(' ')).not.toMatch(/campaign|outcomes/);
});

test('what was not read yet is neither up nor down', async () => {
  const nothing = { asOfMs: null, data: null, failure: null };
  const found = await series({
    group: nothing,
    campaigns: nothing,
    letters: nothing,
    audit: { running: null, last: null, failure: null },
    readingMs: null,
    viewers: 0,
  });
  expect(Object.keys(found)).toEqual([
    'coupons_viewers',
    expect.stringMatching(/^coupons_build_info/),
  ]);
});

test('what is gone at the next scrape leaves no series behind', async () => {
  const states = [
    consoleState({
      group: known(groupOf([partitionOf(0), partitionOf(1)])),
      campaigns: known(campaignsOf([campaignOf(1), campaignOf(2)])),
    }),
    consoleState({
      group: known(groupOf([partitionOf(0)])),
      campaigns: known(campaignsOf([campaignOf(2)])),
    }),
  ];
  const state = () => Promise.resolve(states.shift() ?? consoleState());
  const scrape = consoleMetrics({ site, state }, defaults);
  expect((await scrape()).text).toMatch(/partition="1"[^]*coupon="1"/);
  const { text } = await scrape();
  expect(text).not.toMatch(/partition="1"|coupon="1"/);
  expect(text).toMatch(/partition="0"[^]*coupon="2"/);
});

test('the process describes itself, and the text is of the format that Prometheus reads', async () => {
  const scrape = consoleMetrics({ site, state: () => Promise.resolve(consoleState()) }, defaults);
  const { contentType, text } = await scrape();
  expect(contentType).toBe('text/plain; version=0.0.4; charset=utf-8');
  expect(text).toMatch(/^process_resident_memory_bytes \d+$/m);
});

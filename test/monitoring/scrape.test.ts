/** Prometheus scrapes a console and a consumer, and its alerts fire. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import type { RunningCoupons } from '../support/command-line/cli.js';
import * as contract from '../support/json-contract/contract.js';
import { eventually } from '../support/eventually.js';
import { dashboard } from '../support/monitoring-files.js';
import { usePipeline } from '../support/pipeline.js';
import { scraped } from '../support/scraped.js';
import { Prometheus, type Series } from './prometheus.js';
import { promtool } from './promtool.js';

const pipeline = usePipeline({ broker: 'own' });
const prometheus = new Prometheus();
/** As deploy/prometheus/prometheus.yml names the jobs. */
const urls = { 'coupons-serve': '', 'coupons-consume': '' };
let consumer: RunningCoupons;

beforeAll(async () => {
  await pipeline.reset();
  await pipeline.succeed('campaigns create 1 --stock 50');
  await pipeline.succeed('produce --coupon 1 --count 200');
  consumer = pipeline.start(['consume', '--metrics-port', '0', '-o', 'json']);
  const metrics = await eventually(() => /http:\S+\/metrics/.exec(consumer.stderr) ?? false);
  urls['coupons-consume'] = metrics[0];
  const console = pipeline.start(['serve', '--port', '0', '--audit-every', '1', '-o', 'json']);
  const [line] = await console.waitFor(/^\{.*\}$/m);
  urls['coupons-serve'] = z.object({ metricsUrl: z.string() }).parse(JSON.parse(line)).metricsUrl;
  await prometheus.start(urls);
});
afterAll(() => prometheus.stop());

/** The value of the one series that a query gives. */
async function valueOf(query: string): Promise<number> {
  const [series, ...others] = await prometheus.query(query);
  if (series === undefined || others.length > 0) throw new Error(`Not one series: ${query}`);
  return series.value;
}

function becomes(query: string, value: number): Promise<unknown> {
  return eventually(async () => expect(await valueOf(query), query).toBe(value));
}

async function fires(alert: string): Promise<void> {
  await eventually(async () => expect(await prometheus.firing()).toContain(alert));
}

async function ends(alert: string): Promise<void> {
  await eventually(async () => expect(await prometheus.firing()).not.toContain(alert));
}

test('both are scraped', async () => {
  await eventually(async () => {
    const targets = await prometheus.targets();
    expect(targets.map(({ job }) => job).sort()).toEqual(Object.keys(urls).sort());
    for (const target of targets) expect(target).toMatchObject({ health: 'up', lastError: '' });
  });
});

test.each(['coupons-serve', 'coupons-consume'] as const)(
  'promtool finds nothing wrong with what %s exposes',
  async (job) => {
    const text = await (await fetch(urls[job])).text();
    expect(scraped(text).names).toContain('coupons_build_info');
    const { said } = await promtool(['check', 'metrics'], text);
    // prom-client's own metrics and a name of kafka_exporter are not as promtool wants them.
    const ofOurs = said
      .split('\n')
      .filter((line) => /^(coupons|kafka)_/.test(line))
      .filter((line) => !line.startsWith('kafka_consumergroup_lag_sum'));
    expect(ofOurs).toEqual([]);
  },
);

test('once all is consumed, Prometheus knows what the commands say', async () => {
  await becomes('sum(kafka_consumergroup_current_offset)', 200);
  await becomes('sum(kafka_consumergroup_lag)', 0);
  await becomes('coupons_campaign_issued{coupon="1"}', 50);
  await becomes('coupons_campaign_stock{coupon="1"}', 50);
  await becomes('coupons_store_outcomes{outcome="SOLD_OUT"}', 150);
  await becomes('coupons_outcomes_total{outcome="ISSUED"}', 50);
  await becomes('coupons_request_latency_seconds_count', 200);
  await becomes('sum(coupons_assigned_partitions)', 3);
  await becomes('min(coupons_kafka_up) + min(coupons_store_up)', 2);

  const lag = await pipeline.json(contract.lag, ['lag']);
  const byPartition = ({ labels, value }: Series) => [Number(labels['partition']), value] as const;
  const known = await Promise.all([
    prometheus.query('kafka_topic_partition_current_offset'),
    prometheus.query('kafka_consumergroup_lag'),
  ]);
  const [ends, lags] = known.map((series) => new Map(series.map(byPartition)));
  for (const { partition, endOffset, lag: records } of lag.partitions) {
    expect(ends?.get(partition)).toBe(Number(endOffset));
    expect(lags?.get(partition)).toBe(records);
  }
  expect(await valueOf('kafka_consumergroup_members')).toBe(lag.members);
  expect(await valueOf('kafka_consumergroup_lag_sum')).toBe(lag.totalLag);
});

/** Nothing fires, there are no dead letters, and the lag does not fall. */
const MAY_BE_SILENT = ['Alerts that fire now', 'By reason', 'Caught up in'];

test.each(dashboard().panels.filter(({ targets }) => targets.length > 0))(
  'Prometheus answers what the panel "$title" asks',
  async ({ title, targets }) => {
    for (const { expr } of targets) {
      const query = expr
        .replaceAll('$__rate_interval', '1m')
        .replaceAll('$group', 'coupon-issue-group')
        .replaceAll('$instance', '.*');
      await eventually(async () => {
        const series = await prometheus.query(query);
        return series.length > 0 || MAY_BE_SILENT.includes(title);
      });
    }
  },
);

test('the audit that the console has run passed', async () => {
  await becomes('coupons_audit_passed', 1);
  expect(await valueOf('coupons_audit_interval_seconds')).toBe(60);
});

test('nothing fires while all is well', async () => {
  await eventually(async () => expect(await prometheus.firing()).toEqual([]));
});

test('requests without a member to consume them set off alerts, which end when one is back', async () => {
  consumer.kill('SIGTERM');
  expect(await consumer.exit).toMatchObject({ code: 0 });
  await pipeline.succeed('produce --coupon 1 --count 100 --first-user 1000');
  await fires('CouponsNoMember');
  await fires('CouponsNoConsumer');
  await becomes('sum(kafka_consumergroup_lag)', 100);

  await pipeline.drain();
  await ends('CouponsNoMember');
  await becomes('sum(kafka_consumergroup_lag)', 0);
});

test('dead letters set off an alert', async () => {
  await pipeline.succeed('produce --coupon 1 --count 20 --poison 100');
  await pipeline.drain();
  await becomes('coupons_dlq_letters', 20);
  await becomes('sum(coupons_dlq_letters_by_reason)', 20);
  await becomes('coupons_dlq_letters_by_reason{reason="other"}', 0);
  await fires('CouponsDeadLettersRising');
});

test('a Kafka that is gone sets off an alert, and has no lag any more', async () => {
  await pipeline.broker.kill();
  await fires('CouponsKafkaDown');
  await eventually(async () => {
    expect(await prometheus.query('kafka_consumergroup_lag')).toEqual([]);
  });
  expect(await valueOf('coupons_campaign_issued{coupon="1"}')).toBe(50);
});

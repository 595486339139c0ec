import { describe, expect, it } from 'vitest';
import { ConsumeFigures } from '../../../../src/serve/metrics/consume/consume-figures.js';
import { consumeMetrics } from '../../../../src/serve/metrics/consume/consume-metrics.js';
import { ask, drain, newWorld, start, type RunOptions } from '../../../support/consume-run.js';
import { scraped } from '../../../support/scraped.js';

/** What a run is measured by. */
function measuring() {
  const figures = new ConsumeFigures();
  const registry = consumeMetrics(figures, '1.2.3');
  const options: RunOptions = {
    ports: { onLatency: figures.onLatency },
    onEvent: (event) => {
      figures.on(event);
    },
  };
  const scrape = async () => scraped(await registry.metrics());
  return { figures, options, scrape };
}

describe('the metrics of a run', () => {
  it('count what its summary counts', async () => {
    const world = await newWorld({ stock: 3, partitions: 2 });
    ask(world, [1, 2, 3, 4, 4], 0);
    world.log.append(1, { key: null, value: Buffer.from('no request') });
    world.log.append(1, { key: null, value: null });
    const { options, scrape } = measuring();

    const { result } = await drain(world, { mode: 'batch', batchSize: 2, ...options });

    const metrics = await scrape();
    for (const [outcome, records] of Object.entries(result.outcomes)) {
      expect(metrics.value('coupons_outcomes_total', { outcome })).toBe(records);
    }
    expect(result.outcomes).toMatchObject({ ISSUED: 3, DEAD_LETTERED: 2 });
    expect(metrics.value('coupons_repeats_total')).toBe(1);
    expect(metrics.value('coupons_dead_letters_total', { reason: 'MALFORMED_JSON' })).toBe(1);
    expect(metrics.value('coupons_dead_letters_total', { reason: 'EMPTY_VALUE' })).toBe(1);
    expect(metrics.value('coupons_dead_letters_total', { reason: 'other' })).toBe(0);
    expect(metrics.value('coupons_batch_records_sum')).toBe(result.records);
    expect(metrics.value('coupons_batch_records_count')).toBe(4);
    expect(metrics.value('coupons_batch_records_bucket', { le: '1' })).toBe(1);
    expect(metrics.value('coupons_batch_records_bucket', { le: '2' })).toBe(4);
    expect(metrics.value('coupons_batch_records_bucket', { le: '+Inf' })).toBe(4);
    expect(metrics.value('coupons_build_info')).toBe(1);
    expect(metrics.labels('coupons_build_info')).toEqual([
      { version: '1.2.3', node: process.versions.node },
    ]);
  });

  it('have the latency of each record whose timestamp says when it was written', async () => {
    const world = await newWorld();
    ask(world, [1]);
    await world.clock.run(world.clock.wait(1500));
    ask(world, [2]);
    world.log.append(0, { key: null, value: null, timestampMs: -1 });
    // By a producer whose clock is ahead.
    world.log.append(0, { key: null, value: null, timestampMs: world.clock.now() + 60_000 });
    const { options, scrape } = measuring();

    await drain(world, options);

    const metrics = await scrape();
    expect(metrics.value('coupons_request_latency_seconds_count')).toBe(3);
    expect(metrics.value('coupons_request_latency_seconds_bucket', { le: '1' })).toBe(2);
    expect(metrics.value('coupons_request_latency_seconds_bucket', { le: '2' })).toBe(3);
  });

  it('count a record that is refused until it is given up', async () => {
    const world = await newWorld({ faults: () => ({ failing: { 2: Infinity } }) });
    ask(world, [1, 2]);
    const { options, scrape } = measuring();

    await drain(world, options);

    const metrics = await scrape();
    expect(metrics.value('coupons_retries_total')).toBe(3);
    expect(metrics.value('coupons_dead_letters_total', { reason: 'PROCESSING_FAILED' })).toBe(1);
    expect(metrics.value('coupons_outcomes_total', { outcome: 'ISSUED' })).toBe(1);
  });

  it('say how many partitions its members have, and how often that changed', async () => {
    const world = await newWorld({ partitions: 3 });
    const stop = new AbortController();
    const { options, scrape } = measuring();
    const run = start(world, { concurrency: 2, signal: stop.signal, ...options });
    await world.clock.run(world.clock.wait(5000));

    const running = await scrape();
    stop.abort();
    await world.clock.run(run.summary);
    const stopped = await scrape();

    expect(running.value('coupons_assigned_partitions')).toBe(3);
    expect(running.value('coupons_rebalances_total')).toBeGreaterThanOrEqual(2);
    expect(stopped.value('coupons_assigned_partitions')).toBe(0);
  });

  it('say that the store is down for as long as it is', async () => {
    const world = await newWorld({
      faults: (clock) => ({ outages: [{ fromMs: clock.now(), untilMs: clock.now() + 10_000 }] }),
    });
    ask(world, [1]);
    const { options, scrape } = measuring();
    const run = start(world, { untilDrained: true, ...options });
    await world.clock.run(world.clock.wait(3000));

    const down = await scrape();
    await world.clock.run(run.summary);
    const up = await scrape();

    expect(down.value('coupons_store_up')).toBe(0);
    expect(down.value('coupons_kafka_up')).toBe(1);
    expect(up.value('coupons_store_up')).toBe(1);
  });

  it('have no more series than there are known reasons', async () => {
    const { figures, scrape } = measuring();
    const before = (await scrape()).labels('coupons_dead_letters_total').length;
    for (let code = 0; code < 100; code += 1) {
      figures.on({
        kind: 'dead-letter',
        position: { topic: 'coupon-issue-requests', partition: 0, offset: 0n },
        couponId: null,
        traceparent: null,
        reasonCode: `CODE_${code}`,
        reason: 'whatever',
        retryCount: 0,
      });
    }
    const after = await scrape();
    expect(after.labels('coupons_dead_letters_total')).toHaveLength(before);
    expect(after.value('coupons_dead_letters_total', { reason: 'other' })).toBe(100);
  });

  it('are the same as objects', async () => {
    const figures = new ConsumeFigures();
    figures.onLatency(40);
    const metrics = await consumeMetrics(figures, '1.2.3').getMetricsAsJSON();
    const latency = metrics.find(({ name }) => name === 'coupons_request_latency_seconds');
    expect(latency?.values).toContainEqual(
      expect.objectContaining({ labels: { le: 0.05 }, value: 1 }),
    );
  });

  it('have the transactions of the store, and how many batches share each', async () => {
    const { figures, scrape } = measuring();
    figures.onTransaction({ batches: 1, elapsedMs: 3 });
    figures.onTransaction({ batches: 40, elapsedMs: 12.5 });
    const metrics = await scrape();
    expect(metrics.value('coupons_store_transaction_seconds_sum')).toBeCloseTo(0.0155);
    expect(metrics.value('coupons_store_transaction_seconds_count')).toBe(2);
    expect(metrics.value('coupons_store_transaction_seconds_bucket', { le: '0.005' })).toBe(1);
    expect(metrics.value('coupons_store_transaction_slices_sum')).toBe(41);
    expect(metrics.value('coupons_store_transaction_slices_bucket', { le: '20' })).toBe(1);
  });
});

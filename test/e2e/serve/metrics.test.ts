import { createServer } from 'node:net';
import { beforeEach, describe, expect, it } from 'vitest';
import { CONSUMER_GROUP } from '../../../src/coupon/topics.js';
import type { RunningCoupons } from '../../support/command-line/cli.js';
import { eventually } from '../../support/eventually.js';
import { STORES, summaryOf, usePipeline } from '../../support/pipeline.js';
import { request } from '../../support/requests.js';
import { scraped, type Scraped } from '../../support/scraped.js';

const CONSUME = ['consume', '--progress', 'none', '--metrics-port', '0', '-o', 'json'];

/** Where the metrics of a consumer are, once it has said so. */
async function endpointOf(running: RunningCoupons): Promise<string> {
  const [, origin = ''] = await eventually(
    () => /^Metrics are at (http:\S+)\/metrics\.$/m.exec(running.stderr) ?? false,
  );
  return origin;
}

async function scrape(origin: string): Promise<Scraped> {
  const response = await fetch(`${origin}/metrics`);
  expect(response.headers.get('content-type')).toContain('text/plain; version=0.0.4');
  return scraped(await response.text());
}

const readiness = async (origin: string) => {
  const response = await fetch(`${origin}/readyz`);
  return { status: response.status, ...((await response.json()) as object) };
};

describe.each(STORES)('the metrics of a consumer, its store on %s', (store) => {
  const pipeline = usePipeline({ store });
  beforeEach(() => pipeline.reset());

  it('say what its summary says', async () => {
    await pipeline.succeed('campaigns create 1 --stock 20');
    await pipeline.send([
      ...Array.from({ length: 30 }, (_unused, user) => request(1, user + 1)),
      { key: null, value: 'no request' },
      { key: null, value: '{}' },
    ]);
    const running = pipeline.start([...CONSUME, '--mode', 'batch']);
    const origin = await endpointOf(running);
    expect(await (await fetch(`${origin}/livez`)).text()).toBe('ok\n');

    const metrics = await eventually(async () => {
      const now = await scrape(origin);
      return now.value('coupons_batch_records_sum') === 32 && now;
    });
    expect(await readiness(origin)).toEqual({ status: 200, ready: true, reasons: [] });
    running.kill('SIGTERM');
    expect(await running.exit).toEqual({ code: 0, signal: null });
    const summary = summaryOf(running);

    expect(summary.outcomes).toMatchObject({ ISSUED: 20, SOLD_OUT: 10, DEAD_LETTERED: 2 });
    for (const [outcome, records] of Object.entries(summary.outcomes)) {
      expect(metrics.value('coupons_outcomes_total', { outcome })).toBe(records);
    }
    expect(metrics.value('coupons_request_latency_seconds_count')).toBe(32);
    expect(metrics.value('coupons_dead_letters_total', { reason: 'MALFORMED_JSON' })).toBe(1);
    expect(metrics.value('coupons_dead_letters_total', { reason: 'MISSING_FIELD' })).toBe(1);
    const batches = metrics.value('coupons_batch_records_count');
    expect(metrics.value('coupons_store_transaction_slices_sum')).toBe(batches);
    expect(metrics.value('coupons_store_transaction_seconds_sum')).toBeGreaterThan(0);
    expect(metrics.value('coupons_assigned_partitions')).toBe(3);
    expect(metrics.value('process_resident_memory_bytes')).toBeGreaterThan(0);
  });
});

describe('the metrics of a consumer', () => {
  const pipeline = usePipeline();
  beforeEach(() => pipeline.reset());

  it('on a port that is taken keep it from joining the group', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const address = taken.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;

    const run = await pipeline.run(['consume', '--metrics-port', String(port), '-o', 'json']);
    taken.close();

    expect(run.code).toBe(1);
    expect(run.json()).toMatchObject({ error: { code: 'PORT_IN_USE' } });
    expect(await pipeline.groups()).not.toContain(CONSUMER_GROUP);
  });

  it('need a port where they have a host', async () => {
    const run = await pipeline.run(['consume', '--metrics-host', '127.0.0.1']);
    expect(run.code).toBe(2);
    expect(run.stderr).toContain('--metrics-host needs --metrics-port.');
  });
});

describe('a consumer whose broker is away', () => {
  const pipeline = usePipeline({ broker: 'own' });
  beforeEach(() => pipeline.reset());

  it('is not ready until it is back', async () => {
    const running = pipeline.start(CONSUME);
    const origin = await endpointOf(running);
    await eventually(async () => (await readiness(origin)).status === 200);

    await pipeline.broker.kill();
    const away = await eventually(async () => {
      const now = await readiness(origin);
      return JSON.stringify(now).includes('the broker') && now;
    });
    expect(away).toMatchObject({ status: 503, ready: false });
    expect((await scrape(origin)).value('coupons_kafka_up')).toBe(0);
    expect((await fetch(`${origin}/livez`)).status).toBe(200);

    await pipeline.broker.start();
    await eventually(async () => (await readiness(origin)).status === 200);
    expect((await scrape(origin)).value('coupons_kafka_up')).toBe(1);
    // A member that was alone in the group for a moment had all of them, and others theirs of before.
    await eventually(async () => (await scrape(origin)).value('coupons_assigned_partitions') === 3);
    running.kill('SIGTERM');
    expect(await running.exit).toEqual({ code: 0, signal: null });
  });
});

describe('the log of a consumer', () => {
  const pipeline = usePipeline();
  beforeEach(() => pipeline.reset());

  it('is a JSON object a line, with the trace of the record that it is about', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    await pipeline.succeed('campaigns create 1 --stock 20');
    await pipeline.send([
      { ...request(1, 1), partition: 0 },
      { key: null, value: '\u001B[2J', partition: 0, headers: { traceparent } },
    ]);
    await pipeline.drain(['--log-format', 'json']);

    const lines = pipeline.logFile().trimEnd().split('\n');
    const entries = lines.map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
    expect(entries.every(({ time, logger }) => Boolean(time) && logger === 'Kafka Consumer')).toBe(
      true,
    );
    expect(entries).toContainEqual(
      expect.objectContaining({
        ...{ level: 'warn', kind: 'dead-letter', topic: 'coupon-issue-requests' },
        ...{ partition: 0, offset: '1', reasonCode: 'MALFORMED_JSON' },
        trace_id: '0af7651916cd43dd8448eb211c80319c',
        span_id: 'b7ad6b7169203331',
      }),
    );
    expect(entries).toContainEqual(
      expect.objectContaining({ kind: 'joined', member: 1, level: 'info' }),
    );
  });

  it('is on stderr for who keeps that, and nothing is said twice', async () => {
    await pipeline.succeed('campaigns create 1 --stock 20');
    await pipeline.send([request(1, 1)]);
    const args = ['--log-file', '-', '--log-format', 'json', '--quiet'];
    const run = await pipeline.run(['consume', '--until-drained', ...args]);

    expect(run.code).toBe(0);
    const entries = run.stderr
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { readonly message: string });
    expect(entries.map(({ message }) => message)).toContain('stopping: drained');
    expect(() => pipeline.logFile()).toThrow('ENOENT');
  });
});

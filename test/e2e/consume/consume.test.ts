import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CompressionTypes } from 'kafkajs';
import { beforeEach, describe, expect, it } from 'vitest';
import { DLQ_TOPIC, REQUEST_TOPIC } from '../../../src/coupon/topics.js';
import * as contract from '../../support/json-contract/contract.js';
import { eventually } from '../../support/eventually.js';
import { usePipeline } from '../../support/pipeline.js';
import { request } from '../../support/requests.js';

const DRAIN = ['consume', '--until-drained'];

describe('consume', () => {
  const pipeline = usePipeline();
  beforeEach(() => pipeline.reset());

  const campaign = (couponId: number, ...args: readonly string[]) =>
    pipeline.json(contract.campaign, ['campaigns', 'create', String(couponId), ...args]);
  const consume = (...args: readonly string[]) => pipeline.json(contract.consumed, args);
  const requests = (couponId: number, count: number) =>
    Array.from({ length: count }, (_unused, index) => request(couponId, index + 1));

  it('decides every request by its campaign and by the time of its record', async () => {
    await campaign(1, '--stock', '2');
    await campaign(2, '--stock', '9', '--valid-from', '2026-01-10', '--valid-until', '2026-01-20');
    await campaign(3, '--stock', '9');
    await pipeline.json(contract.campaign, ['campaigns', 'update', '3', '--status', 'INACTIVE']);
    const at = (day: string) => ({ timestamp: String(Date.parse(day)) });
    await pipeline.send([
      ...[1, 1, 2, 3, 1].map((userId) => request(1, userId)),
      { ...request(2, 1), ...at('2026-01-09') },
      { ...request(2, 1), ...at('2026-01-10') },
      { ...request(2, 2), ...at('2026-01-20') },
      { ...request(2, 3), ...at('2026-01-21') },
      request(3, 1),
      request(4, 1),
    ]);
    const { records, outcomes } = await consume(...DRAIN);
    expect(records).toBe(11);
    expect(outcomes).toEqual({
      ISSUED: 4,
      DUPLICATE: 2,
      SOLD_OUT: 1,
      NOT_STARTED: 1,
      EXPIRED: 1,
      INACTIVE: 1,
      NOT_FOUND: 1,
      DEAD_LETTERED: 0,
    });
    expect((await pipeline.audit()).outcomes).toEqual(outcomes);
  });

  it('can be audited by coupon; one that nobody asked for is told from one that is right', async () => {
    await pipeline.send(requests(1, 1));
    await consume(...DRAIN);
    expect((await pipeline.run(['audit', '--coupon', '1'])).stderr).toBe('');
    expect((await pipeline.run(['audit', '--coupon', '7'])).stderr).toBe(
      'No record of the log asks for coupon 7.\n',
    );
  });

  it('lets the first outcome of an eventId stand, in a batch and alone', async () => {
    await campaign(1, '--stock', '9');
    const asked = request(1, 1, { eventId: 'asked-once' });
    await pipeline.send([asked, request(1, 2), asked]);
    expect(await consume(...DRAIN, '--mode', 'batch')).toMatchObject({ records: 3, repeated: 1 });
    await pipeline.send([asked]);
    const again = await consume(...DRAIN);
    expect(again).toMatchObject({ records: 1, repeated: 1 });
    expect(Object.values(again.outcomes).every((count) => count === 0)).toBe(true);
  });

  it('ends after exactly --max-records and goes on from there the next time', async () => {
    await campaign(1, '--stock', '100');
    await campaign(2, '--stock', '100');
    await pipeline.send([...requests(1, 30), ...requests(2, 30)]);
    for (const mode of ['single', 'batch']) {
      const run = await consume('consume', '--max-records', '17', '--mode', mode);
      expect(run).toMatchObject({ records: 17, outcomes: { ISSUED: 17 } });
    }
    expect(await pipeline.json(contract.lag, ['lag'])).toMatchObject({ totalLag: 26 });
    expect(await consume(...DRAIN)).toMatchObject({ records: 26, repeated: 0 });
  });

  it('paces itself like the old scheduler in that mode', async () => {
    await campaign(1, '--stock', '2');
    await pipeline.send(requests(1, 3));
    const run = await consume(...DRAIN, '--mode', 'scheduler');
    expect(run).toMatchObject({ mode: 'scheduler', outcomes: { ISSUED: 2, SOLD_OUT: 1 } });
  });

  it('warns of members that sit idle, and keeps stdout for its summary', async () => {
    await pipeline.send(requests(1, 1));
    const run = await pipeline.run([...DRAIN, '--concurrency', '5', '--output', 'json']);
    expect(run.code).toBe(0);
    expect(run.stderr).toMatch(/2 of 5 members will sit idle/);
    expect(run.stderr).toContain(`coupons topics alter ${REQUEST_TOPIC} --partitions 5`);
    expect(contract.consumed.parse(run.json()).concurrency).toBe(5);
  });

  it('says once where it works, and how to end it; nothing of it with --quiet', async () => {
    const store = `store ${join(pipeline.dataDir, 'coupons.db')}`;
    const running = pipeline.start(['consume', '--mode', 'batch']);
    await eventually(() => running.stderr.includes('Log: '));
    running.kill('SIGINT');
    expect(await running.exit).toMatchObject({ code: 0 });
    const [target, group, log, stopping, ...more] = running.stderr.trimEnd().split('\n');
    expect(target).toMatch(
      /^no context: cluster .+ \(id .+\), topic coupon-issue-requests, store /,
    );
    expect(target).toContain(pipeline.brokers);
    expect(target).toContain(store);
    expect(group).toBe('Group coupon-issue-group: 3 members, batches of 100. ctrl-C ends it.');
    expect(log).toBe(`Log: ${join(pipeline.dataDir, 'logs', 'application.log')}`);
    expect(stopping).toBe('Stopping: leaving the group. ctrl-C again ends it at once.');
    expect(more).toEqual([]);
    expect(pipeline.logFile()).toContain(
      'started: group coupon-issue-group, 3 members, batches of',
    );
    expect(pipeline.logFile()).toContain(store);

    const goal = await pipeline.run([...DRAIN, '--max-records', '5']);
    expect(goal.stderr).toContain(
      'It ends when the group is drained or after 5 records; ctrl-C ends it before.',
    );
    expect(await pipeline.run([...DRAIN, '--quiet'])).toMatchObject({ code: 0, stderr: '' });
    expect((await pipeline.run([...DRAIN, '--log-file', '-'])).stderr).not.toContain('ctrl-C');
  });

  it('reports by JSON lines and stops gracefully when it is told to', async () => {
    await campaign(1, '--stock', '5');
    const running = pipeline.start(['consume', '--progress', 'json', '--output', 'json']);
    await pipeline.send(requests(1, 8));
    await running.waitFor(/"records":8,.*"lag":0\}/);
    expect(await pipeline.json(contract.lag, ['lag'])).toMatchObject({
      members: 3,
      totalLag: 0,
      state: 'Stable',
    });
    running.kill('SIGTERM');
    expect(await running.exit).toEqual({ code: 0, signal: null });

    const lines = running.stdout.trimEnd().split('\n');
    const documents = lines.map((line): unknown => JSON.parse(line));
    expect(contract.consumed.parse(documents.pop())).toMatchObject({ records: 8 });
    for (const document of documents) contract.consumeProgress.parse(document);
    expect(await pipeline.json(contract.lag, ['lag'])).toMatchObject({ members: 0 });
  });

  it('writes what it does to a log file, by default in the data dir', async () => {
    await pipeline.send([...requests(1, 1), { key: '1', value: 'poison' }]);
    await consume(...DRAIN);
    const log = await readFile(join(pipeline.dataDir, 'logs', 'application.log'), 'utf8');
    const line = /^\d{4}-\d\d-\d\dT[\d:.]+Z (INFO |WARN ) \[Kafka Consumer\] \S/;
    for (const text of log.trimEnd().split('\n')) expect(text).toMatch(line);
    expect(log).toMatch(/NOT_FOUND 1/);
    expect(log).toMatch(/dead letter MALFORMED_JSON/);

    const elsewhere = join(pipeline.dataDir, 'elsewhere', 'consumer.log');
    await consume(...DRAIN, '--log-file', elsewhere);
    expect(await readFile(elsewhere, 'utf8')).toContain('[Kafka Consumer] started');
  });

  it('reads what other programs compressed', async () => {
    await campaign(1, '--stock', '100');
    const compressed = pipeline.kafka.producer();
    await compressed.connect();
    await compressed.send({
      topic: REQUEST_TOPIC,
      messages: requests(1, 50),
      compression: CompressionTypes.GZIP,
    });
    await compressed.disconnect();
    expect(await consume(...DRAIN)).toMatchObject({ outcomes: { ISSUED: 50 } });
  });

  it('takes a request without a key, and dead-letters a malformed one without a key', async () => {
    await campaign(1, '--stock', '9');
    await pipeline.send([
      { ...request(1, 1), key: null },
      { key: null, value: '{}' },
    ]);
    const run = await consume(...DRAIN);
    expect(run.outcomes).toMatchObject({ ISSUED: 1, DEAD_LETTERED: 1 });
    const [letter] = await pipeline.records(DLQ_TOPIC);
    expect(letter?.key).toBeNull();
  });

  it('keeps every dead letter within the limit of its topic, however large the record', async () => {
    const size = 900 * 1024;
    await pipeline.send([{ key: '1', value: 'x'.repeat(size) }]);
    await pipeline.send([{ key: '1', value: Buffer.alloc(size, 0xff) }]);
    await pipeline.send([
      { key: '1', value: '{}', headers: { trace: 'y'.repeat(size) } },
      ...requests(1, 1),
    ]);
    expect((await consume(...DRAIN, '--mode', 'batch')).outcomes).toMatchObject({
      DEAD_LETTERED: 3,
      NOT_FOUND: 1,
    });
    const { messages } = await pipeline.json(contract.dlqPeek, ['dlq', 'peek']);
    expect(messages.map(({ reasonCode }) => reasonCode)).toEqual([
      'MALFORMED_JSON',
      'INVALID_UTF8',
      'MISSING_FIELD',
    ]);
    expect(messages[1]?.failureReason).toMatch(/cut/);
  });
});

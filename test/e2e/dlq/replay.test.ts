import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { join } from 'node:path';
import { DLQ_TOPIC, REQUEST_TOPIC } from '../../../src/coupon/topics.js';
import { refuseUser, withDatabase } from '../../contract/store/sqlite-file.js';
import * as contract from '../../support/json-contract/contract.js';
import { eventually } from '../../support/eventually.js';
import { letterOf } from '../../support/letters.js';
import { usePipeline } from '../../support/pipeline.js';
import { request } from '../../support/requests.js';
import { temporaryDir } from '../../support/temporary-dir.js';

const pipeline = usePipeline();
const replay = (...args: readonly string[]) =>
  pipeline.json(contract.dlqReplayed, ['dlq', 'replay', ...args]);
const consume = () => pipeline.drain();
const requests = async () => {
  const bounds = await pipeline.admin.fetchTopicOffsets(REQUEST_TOPIC);
  return bounds.reduce((sum, { high }) => sum + Number(high), 0);
};

describe('a replay after a run whose store refused a user', () => {
  const spelt = `{ "note": "\\u0041", ${String(request(1, 2).value).slice(1)}`;

  beforeAll(async () => {
    await pipeline.reset();
    await pipeline.run(['campaigns', 'create', '1', '--stock', '2']);
    refuseUser(join(pipeline.dataDir, 'coupons.db'), 2);
    await pipeline.send([
      request(1, 1),
      { key: '1', value: spelt, headers: { traceparent: '00-ab' } },
      { key: '1', value: '{"couponId":' },
    ]);
    expect(await consume()).toMatchObject({ outcomes: { ISSUED: 1, DEAD_LETTERED: 2 } });
    withDatabase(join(pipeline.dataDir, 'coupons.db'), (db) => db.exec('DROP TRIGGER refuse_2'));
  });

  it('is previewed by reason, and needs a yes', async () => {
    expect(await replay('--dry-run')).toEqual({
      selected: 2,
      replayed: 0,
      skipped: 1,
      dryRun: true,
      replayable: 1,
      skippedBecause: { NOT_A_REQUEST: 1 },
      // A malformed record's letter does not wait for the retries of a record before it.
      reasons: expect.arrayContaining([
        { reasonCode: 'PROCESSING_FAILED', selected: 1, replayable: 1 },
        { reasonCode: 'MALFORMED_JSON', selected: 1, replayable: 0 },
      ]) as unknown,
      topics: [{ topic: REQUEST_TOPIC, replayable: 1 }],
      target: {
        ...{ context: null, clusterId: expect.any(String) as unknown, topic: REQUEST_TOPIC },
        ...{ brokers: pipeline.brokers.split(','), group: 'coupon-issue-group' },
      },
      campaigns: [
        {
          ...{ couponId: 1, stockLeft: 1, stockLeftAfter: null, waitingAhead: 0 },
          ...{ expected: { ISSUED: 1 }, excluded: {} },
        },
      ],
      ...{ expected: { ISSUED: 1 }, excluded: {}, otherTopics: [], copies: 0, steps: [] },
    });
    expect(await pipeline.failure(['dlq', 'replay'])).toMatchObject({ exitCode: 2, code: 'USAGE' });
    expect(await requests()).toBe(3);
  });

  it('has nothing to do for a filter that finds only what can’t be fixed', async () => {
    expect(await replay('--reason', 'MALFORMED_JSON')).toMatchObject({ selected: 1, replayed: 0 });
    expect(await replay('--coupon', '9')).toMatchObject({ selected: 0, replayed: 0, skipped: 0 });
  });

  it('sends the very bytes once, waits, and tells what became of them', async () => {
    const consumer = pipeline.start(['consume']);

    const run = await pipeline.run([
      'dlq',
      'replay',
      '--yes',
      '--wait',
      '--timeout',
      '60',
      '-o',
      'json',
    ]);

    expect(run.code).toBe(0);
    expect(contract.dlqReplayed.parse(run.json())).toMatchObject({
      selected: 2,
      replayed: 1,
      skipped: 1,
      dryRun: false,
      outcomes: { ISSUED: 1, DEAD_LETTERED: 0 },
      pending: 0,
    });
    const [campaign] = contract.dlqReplayed.parse(run.json()).campaigns;
    expect(campaign?.stockLeftAfter).toBe((campaign?.stockLeft ?? 0) - 1);
    expect(run.stderr).toContain('appended at the end of the topic');
    const [last] = (await pipeline.records()).slice(-1);
    expect(last).toMatchObject({ key: '1', value: Buffer.from(spelt) });
    expect(last?.headers).toEqual({
      traceparent: Buffer.from('00-ab'),
      'coupon-dlq-replay-count': Buffer.from('1'),
    });

    expect(await replay('--yes')).toMatchObject({
      replayed: 0,
      skipped: 2,
      skippedBecause: { ALREADY_REPLAYED: 1, NOT_A_REQUEST: 1 },
    });
    expect(await requests()).toBe(4);

    // Everything twice issues nothing twice.
    expect(await replay('--yes', '--again', '--wait', '--timeout', '60')).toMatchObject({
      replayed: 1,
      outcomes: { ISSUED: 1 },
    });
    consumer.kill('SIGINT');
    expect(await consumer.exit).toMatchObject({ code: 0 });
    const { total } = await pipeline.json(contract.issuedList, ['issued', 'list']);
    expect(total).toBe(2);
  });

  it('leaves an audit that passes, before and after a purge', async () => {
    const audit = () => pipeline.audit();
    expect(await audit()).toMatchObject({ verdict: 'PASS', unprocessed: 0, findings: [] });
    await pipeline.json(contract.dlqPurged, ['dlq', 'purge', '--before', '1', '--yes']);
    expect(await audit()).toMatchObject({
      verdict: 'PASS',
      findings: [{ code: 'NOTE_LETTERS_NOT_VERIFIABLE' }],
    });
  });

  it('sends none that would be sold out for good, before the stock is raised', async () => {
    await pipeline.send([letterOf(request(1, 70))], DLQ_TOPIC);
    const refused = await pipeline.run(['dlq', 'replay', '--yes']);
    expect(refused.code).toBe(0);
    expect(refused.stderr).toContain('would be rejected as things stand');
    expect(refused.stdout).toMatch(/campaigns update 1 --stock 3/);
    const plan = await replay('--yes');
    expect(plan).toMatchObject({
      ...{ replayed: 0, replayable: 0, excluded: { SOLD_OUT: 1 } },
      campaigns: [{ couponId: 1, stockLeft: 0, waitingAhead: 0, excluded: { SOLD_OUT: 1 } }],
      steps: [{ code: 'RAISE_STOCK', couponId: 1, letters: 1 }],
    });
    expect(plan.skippedBecause).toMatchObject({ WOULD_BE_REJECTED: 1 });

    await pipeline.succeed('campaigns update 1 --stock 3');
    expect(await replay('--yes')).toMatchObject({ replayed: 1, expected: { ISSUED: 1 } });
    expect(await consume()).toMatchObject({ outcomes: { ISSUED: 1 } });
    expect(await replay('--yes', '--dry-run', '--again')).toMatchObject({
      expected: { REPEATED: 1 },
    });
  });

  it('sends those all the same where that is asked for, and they are decided', async () => {
    await pipeline.send([letterOf(request(1, 71))], DLQ_TOPIC);
    expect(await replay('--yes', '--include-rejected')).toMatchObject({
      ...{ replayed: 1, expected: { SOLD_OUT: 1 }, excluded: {} },
    });
    expect(await consume()).toMatchObject({ outcomes: { SOLD_OUT: 1 } });
    await pipeline.succeed('campaigns update 1 --stock 100');
  });

  it('says at the timeout how many are not decided yet, with exit code 3', async () => {
    await pipeline.send([letterOf(request(1, 77))], DLQ_TOPIC);
    const args = ['dlq', 'replay', '--yes', '--wait', '--timeout', '5'];
    expect(await pipeline.json(contract.dlqReplayed, args, { code: 3 })).toMatchObject({
      replayed: 1,
      pending: 1,
    });
  });

  it('ends at ctrl-C while it waits, and says how far it came', async () => {
    await pipeline.send([letterOf(request(1, 78))], DLQ_TOPIC);
    const args = ['dlq', 'replay', '--yes', '--wait', '--timeout', '60', '-o', 'json'];
    const waiting = pipeline.start(args);
    await eventually(() => waiting.stderr.includes('Waiting'));
    waiting.kill('SIGINT');
    expect(await waiting.exit).toMatchObject({ code: 130 });
    expect(JSON.parse(waiting.stdout)).toMatchObject({
      replayed: 1,
      pending: 1,
      error: {
        code: 'INTERRUPTED',
        message: 'Interrupted: 1 replayed, 1 of them not decided yet.',
      },
    });
  });

  it('says so where the store is a new one, which remembers nothing', async () => {
    const store = join(temporaryDir(), 'other.db');
    const replay = async () =>
      pipeline.run(['dlq', 'replay', '--yes', '--reason', 'NONE', '--store', store]);
    expect((await replay()).stderr).toContain(`There is no store at ${store}`);
    expect((await replay()).stderr).not.toContain('There is no store');
  });

  it('leaves no group but the consumers’ own', async () => {
    expect(await pipeline.groups()).toEqual(['coupon-issue-group']);
  });
});

describe("other programs' dead letters", () => {
  const binary = (bytes: number, value: number) => {
    const buffer = Buffer.alloc(bytes);
    buffer.writeInt32BE(value, bytes - 4);
    return buffer;
  };

  it('are shown alike and replayed byte for byte', async () => {
    await pipeline.reset();
    await pipeline.run(['campaigns', 'create', '1', '--stock', '10']);
    const values = [1, 2, 3, 4].map((user) => ` ${String(request(1, user).value)}`);
    const headers = [
      {
        'kafka_dlt-original-topic': REQUEST_TOPIC,
        'kafka_dlt-original-partition': binary(4, 2),
        'kafka_dlt-original-offset': binary(8, 7),
        'kafka_dlt-exception-cause-fqcn': 'java.lang.IllegalStateException',
        'kafka_dlt-exception-message': 'no stock service',
        own: 'kept',
      },
      {
        '__connect.errors.topic': REQUEST_TOPIC,
        '__connect.errors.partition': '0',
        '__connect.errors.offset': '99',
        '__connect.errors.exception.class.name': 'org.apache.kafka.connect.errors.DataException',
      },
      {
        '__dlq.errors.topic': 'no-such-topic',
        '__dlq.errors.partition': '0',
        '__dlq.errors.offset': '5',
        '__dlq.errors.delivery.count': '5',
      },
      {},
    ];
    const letters = values.map((value, index) => ({
      key: '1',
      value,
      headers: headers[index] ?? {},
    }));
    await pipeline.send(letters, DLQ_TOPIC);

    const { messages } = await pipeline.json(contract.dlqPeek, ['dlq', 'peek']);
    expect(messages).toMatchObject([
      {
        reasonCode: 'ILLEGAL_STATE_EXCEPTION',
        failureReason: 'no stock service',
        origin: { topic: REQUEST_TOPIC, partition: 2, offset: '7' },
        originalEvent: { userId: 1 },
      },
      { reasonCode: 'DATA_EXCEPTION', origin: { offset: '99' }, originalEvent: { userId: 2 } },
      { reasonCode: null, retryCount: 4, origin: { topic: 'no-such-topic' } },
      { reasonCode: null, origin: null, originalEvent: { userId: 4 } },
    ]);
    // Headers may say anything; such letters must not hold up the others.
    const nowhere = ['no topic/!', '__consumer_offsets'].map((topic, index) => ({
      ...request(1, 5 + index),
      headers: {
        'kafka_dlt-original-topic': topic,
        'kafka_dlt-original-partition': binary(4, 0),
        'kafka_dlt-original-offset': binary(8, 0),
      },
    }));
    await pipeline.send(nowhere, DLQ_TOPIC);
    expect(await replay('--yes')).toMatchObject({
      selected: 6,
      replayed: 3,
      skippedBecause: { NO_SUCH_TOPIC: 3 },
    });

    const sent = await pipeline.records();
    expect(sent.map(({ value }) => String(value))).toEqual([values[0], values[1], values[3]]);
    expect(sent[0]?.headers).toEqual({
      own: Buffer.from('kept'),
      'coupon-dlq-replay-count': Buffer.from('1'),
    });
    expect(await consume()).toMatchObject({ outcomes: { ISSUED: 3 } });
  });
});

describe('a replay of many dead letters', () => {
  const LETTERS = 300;

  beforeEach(async () => {
    await pipeline.reset();
    for (const coupon of [1, 2, 3, 4, 5]) {
      await pipeline.succeed(`campaigns create ${String(coupon)} --stock ${String(LETTERS)}`);
    }
    const letters = Array.from({ length: LETTERS }, (_, index) =>
      letterOf(request(1 + (index % 5), index + 1)),
    );
    await pipeline.send(letters, DLQ_TOPIC);
  });

  const eventIds = async () =>
    (await pipeline.records()).map(
      ({ value }) => (JSON.parse(String(value)) as { eventId: string }).eventId,
    );
  const isBetween = (least: number, most: number) => (sent: number) =>
    sent >= least && sent <= most;
  const slowReplay = () => pipeline.start(['dlq', 'replay', '--rate', '50', '--yes', '-o', 'json']);

  it('works its way through them, so many at a time', async () => {
    expect(await replay('--max-messages', '100', '--yes')).toMatchObject({ replayed: 100 });
    expect(await replay('--max-messages', '100', '--newest', '--yes')).toMatchObject({
      selected: 100,
      replayed: 100,
    });
    expect(await replay('--yes')).toMatchObject({ selected: LETTERS, replayed: 100, skipped: 200 });

    expect(new Set(await eventIds()).size).toBe(LETTERS);
    expect(await requests()).toBe(LETTERS);
  });

  it('stops at ctrl-C, says how far it came, and goes on later with the rest', async () => {
    const running = slowReplay();
    await eventually(async () => (await requests()) >= 20);
    running.kill('SIGINT');

    expect(await running.exit).toEqual({ code: 130, signal: null });
    const { replayed, selected, error } = contract.dlqReplayFailed.parse(
      JSON.parse(running.stdout),
    );
    expect(error.code).toBe('INTERRUPTED');
    expect(selected).toBe(LETTERS);
    expect(replayed).toBeGreaterThanOrEqual(20);
    expect(replayed).toBeLessThan(LETTERS);
    expect(await requests()).toBe(replayed);

    expect(await replay('--yes')).toMatchObject({
      replayed: LETTERS - replayed,
      skipped: replayed,
    });
    expect(await requests()).toBe(LETTERS);

    const { events } = await pipeline.json(contract.history, ['history', '--since', '1h']);
    const sent = events.filter(({ kind }) => kind === 'LETTERS_REPLAYED');
    expect(sent).toMatchObject([
      { topic: DLQ_TOPIC, sent: replayed, letters: LETTERS, endedBy: 'INTERRUPTED' },
      { topic: DLQ_TOPIC, sent: LETTERS - replayed, failed: 0, endedBy: null },
    ]);
  });

  it('loses none to kill -9, and sends hardly one of them twice', async () => {
    const running = slowReplay();
    await eventually(async () => (await requests()) >= 20);
    running.kill('SIGKILL');
    await running.exit;

    // What was acknowledged a moment before may not be remembered.
    const acknowledged = await requests();
    const { events } = await pipeline.json(contract.history, ['history', '--since', '1h']);
    const killed = events.filter(({ kind }) => kind === 'REPLAY_NOT_ENDED');
    expect(killed).toMatchObject([{ topic: DLQ_TOPIC, letters: LETTERS, pid: running.pid }]);
    expect(killed).toMatchObject([
      { sent: expect.toSatisfy(isBetween(18, acknowledged)) as unknown },
    ]);
    expect((await pipeline.run(['history'])).stdout).toMatch(
      /replayed \d+ of 300 dead letters of coupon-issue-dlq; no end is recorded/,
    );

    expect(await replay('--yes')).toMatchObject({ selected: LETTERS });

    const sent = await eventIds();
    expect(new Set(sent).size).toBe(LETTERS);
    // What one send held, at 50 a second.
    expect(sent.length).toBeLessThanOrEqual(LETTERS + 1);
  });

  it('knows the letters of a DLQ that was deleted and recreated for other ones', async () => {
    await replay('--yes', '--max-messages', '1');
    await pipeline.resetTopics();
    await pipeline.send([letterOf(request(1, 1000))], DLQ_TOPIC);

    expect(await replay('--yes')).toMatchObject({ selected: 1, replayed: 1 });
  });

  it('fails with a clear error where there is no DLQ, or no broker', async () => {
    await pipeline.resetTopics({ partitions: null });
    expect(await pipeline.failure(['dlq', 'replay', '--yes'])).toMatchObject({
      exitCode: 1,
      code: 'TOPIC_NOT_FOUND',
    });
    const args = ['dlq', 'purge', '--before', '1', '--yes', '--brokers', '127.0.0.1:1'];
    expect(await pipeline.failure(args)).toMatchObject({
      exitCode: 4,
      code: 'BROKER_UNREACHABLE',
    });
  });
});

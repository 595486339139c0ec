/** A transaction that a producer leaves open, with plain requests behind it: what each command says. */
import { Partitioners, type Kafka, type Producer, type Transaction } from 'kafkajs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DLQ_TOPIC, REQUEST_TOPIC } from '../../src/coupon/topics.js';
import * as contract from '../support/json-contract/contract.js';
import { eventually } from '../support/eventually.js';
import { kafkaAt } from '../support/broker/kafkajs-client.js';
import { Operator } from '../support/command-line/operator.js';
import { request } from '../support/requests.js';
import { temporaryDir } from '../support/temporary-dir.js';
import { startKafka, type RunningKafka } from './running-kafka.js';

let running: RunningKafka;
let operator: Operator;
let kafka: Kafka;
let plain: Producer;
let transactional: Producer;
let transactions = 0;

/** One partition each, so that everything is behind the transaction. */
const TOPICS = [REQUEST_TOPIC, DLQ_TOPIC];

beforeAll(async () => {
  running = await startKafka();
  kafka = kafkaAt([running.announced]);
  plain = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await plain.connect();
});

afterAll(async () => {
  await plain.disconnect();
  await running.stop();
});

beforeEach(async () => {
  const env = { COUPONS_BROKERS: running.announced, COUPONS_DATA_DIR: temporaryDir() };
  operator = new Operator(() => env);
  const admin = kafka.admin();
  await admin.connect();
  const left = (await admin.listTopics()).filter((topic) => TOPICS.includes(topic));
  if (left.length > 0) await admin.deleteTopics({ topics: left });
  await eventually(() =>
    admin.createTopics({
      waitForLeaders: true,
      topics: TOPICS.map((topic) => ({ topic, numPartitions: 1, replicationFactor: 1 })),
    }),
  );
  const { groups } = await admin.listGroups();
  if (groups.length > 0) await admin.deleteGroups(groups.map(({ groupId }) => groupId));
  await admin.disconnect();
  await operator.json(contract.campaign, ['campaigns', 'create', '1', '--stock', '100']);
});

async function begin(): Promise<Transaction> {
  transactions += 1;
  transactional = kafka.producer({
    transactionalId: `left-open-${String(transactions)}`,
    idempotent: true,
    maxInFlightRequests: 1,
    createPartitioner: Partitioners.DefaultPartitioner,
  });
  await transactional.connect();
  return transactional.transaction();
}

const asks = (...users: number[]) => ({
  topic: REQUEST_TOPIC,
  acks: -1,
  messages: users.map((userId) => request(1, userId)),
});

/** User 1 can be read; user 2 is in an open transaction, and users 3 to 8 wait behind it. */
async function heldBack(): Promise<Transaction> {
  await plain.send(asks(1));
  const open = await begin();
  await open.send(asks(2));
  await plain.send(asks(3, 4, 5, 6, 7, 8));
  return open;
}

const TRANSACTION = { topic: REQUEST_TOPIC, partition: 0, sinceOffset: '1', records: 7 };
const NAMED =
  '7 records wait behind a transaction that is open in coupon-issue-requests partition 0 since offset 1';
const DRAIN = ['consume', '--until-drained', '--concurrency', '1'];

describe('requests behind an open transaction', () => {
  it('are lag, and named wherever a command looks at them', async () => {
    const open = await heldBack();
    const consumer = operator.start([...DRAIN, '--output', 'json']);
    await eventually(() => consumer.stderr.includes('7 records wait behind a transaction'));

    const lag = await operator.json(contract.lag, ['lag']);
    expect(lag).toMatchObject({ totalLag: 7, openTransactions: [TRANSACTION] });
    expect(lag.notes.join('\n')).toContain(NAMED);

    const waited = await operator.run(['lag', '--wait', '--timeout', '3']);
    expect(waited.code).toBe(3);
    expect(waited.stderr).toContain(NAMED);

    const altered = await operator.run([
      ...['topics', 'alter', REQUEST_TOPIC, '--partitions', '6', '--yes', '--timeout', '3'],
      '--wait-drained',
    ]);
    expect(altered.code).toBe(3);
    expect(altered.stderr).toContain(NAMED);
    expect(altered.stderr).not.toContain('is safe now');

    const audit = await operator.json(contract.audit, ['audit']);
    expect(audit).toMatchObject({ verdict: 'PASS', records: 8, unprocessed: 7 });
    expect(audit.findings).toMatchObject([{ code: 'NOTE_OPEN_TRANSACTION' }]);
    expect(audit.findings[0]?.message).toContain(NAMED);

    const doctor = await operator.run(['doctor']);
    expect(doctor.stdout).toContain('lag 7');
    expect(doctor.stdout.replaceAll(/\s+/g, ' ')).toContain(NAMED);

    const show = (user: string) =>
      operator.json(contract.issuedShow, ['issued', 'show', '--coupon', '1', '--user', user]);
    expect((await show('2')).status).toBe('PENDING');
    expect((await show('8')).status).toBe('PENDING');
    expect((await show('9')).status).toBe('NOT_REQUESTED');

    const advice = await operator.json(contract.advice, ['advise', '--observe', '11']);
    const found = advice.findings.map(({ code }) => code);
    expect(found).toContain('OPEN_TRANSACTION');
    expect(found).not.toContain('STALLED');
    expect(advice.steps.map(({ code }) => code)).toEqual(['FIND_THE_PRODUCER']);

    await open.commit();
    expect((await consumer.exit).code).toBe(0);
    expect(contract.consumed.parse(JSON.parse(consumer.stdout))).toMatchObject({ records: 8 });
    expect(await operator.json(contract.lag, ['lag', '--wait'])).toMatchObject({
      totalLag: 0,
      openTransactions: [],
    });
    await transactional.disconnect();
  });

  it('are not altered under, also without --wait-drained, until it has ended', async () => {
    const open = await heldBack();
    const alter = ['topics', 'alter', REQUEST_TOPIC, '--partitions', '6', '--yes'];
    const refused = await operator.run([...alter, '--timeout', '2']);
    expect(refused.code).toBe(3);
    expect(refused.stderr).toContain(NAMED);
    const waiting = operator.run([...alter, '--timeout', '60']);
    await open.abort();
    expect((await waiting).code).toBe(0);
    await transactional.disconnect();
  });

  it('of an aborted transaction are nothing to wait for, at the end of the log either', async () => {
    await plain.send(asks(1));
    const open = await begin();
    await open.send(asks(2, 3));
    await open.abort();
    expect(await operator.json(contract.consumed, DRAIN)).toMatchObject({ records: 1 });
    await operator.json(contract.lag, ['lag', '--wait']);
    const audit = await operator.json(contract.audit, ['audit']);
    expect(audit).toMatchObject({ verdict: 'PASS', records: 1, unprocessed: 0 });
    await transactional.disconnect();
  });
});

describe('dead letters behind an open transaction', () => {
  it('are counted and named, and not purged unread', async () => {
    const letter = (text: string) => ({ topic: DLQ_TOPIC, acks: -1, messages: [{ value: text }] });
    await plain.send(letter('readable'));
    const open = await begin();
    await open.send(letter('in it'));
    await plain.send(letter('behind it'));
    const transaction = { topic: DLQ_TOPIC, partition: 0, sinceOffset: '1', records: 2 };

    expect(await operator.json(contract.dlqCount, ['dlq', 'count'])).toMatchObject({
      count: 3,
      openTransactions: [transaction],
    });
    const peeked = await operator.json(contract.dlqPeek, ['dlq', 'peek']);
    expect(peeked).toMatchObject({ total: 3, openTransactions: [transaction] });
    expect(peeked.messages).toHaveLength(1);
    const shown = await operator.run(['dlq', 'show', '0:2']);
    expect(shown.code).toBe(1);
    expect(shown.stderr).toContain('2 records wait behind a transaction that is open');

    const purge = (before: string, ...more: string[]) =>
      operator.run(['dlq', 'purge', '--before', before, '--output', 'json', ...more]);
    const refused = await purge('3', '--yes');
    expect(refused.code).toBe(3);
    expect(contract.dlqPurged.parse(JSON.parse(refused.stdout))).toMatchObject({ deleted: 0 });
    expect((await purge('3', '--dry-run')).code).toBe(0);
    const before = await purge('1', '--yes');
    expect(contract.dlqPurged.parse(JSON.parse(before.stdout))).toMatchObject({ deleted: 1 });

    const following = operator.start(['dlq', 'peek', '--follow', '--output', 'json']);
    await eventually(() => following.stderr.includes('2 records wait behind'));
    await open.commit();
    await following.waitFor(/behind it/);
    following.kill('SIGINT');
    await following.exit;
    expect(following.stdout).toContain('in it');
    expect((await purge('3', '--yes')).code).toBe(0);
    await transactional.disconnect();
  });

  it('that are replayed behind one are not decided before it has ended', async () => {
    const { key, value } = request(1, 9);
    const envelope = {
      originalEvent: JSON.parse(value.toString()) as unknown,
      failureReason: 'the store was away',
      retryCount: 3,
      lastAttemptAt: '2026-11-27T00:00:00Z',
      stackTrace: '',
    };
    const letter = { key, value: JSON.stringify(envelope) };
    await plain.send({ topic: DLQ_TOPIC, acks: -1, messages: [letter] });
    const open = await begin();
    await open.send(asks(1));
    const consumer = operator.start(['consume', '--concurrency', '1']);
    const replay = ['dlq', 'replay', '--wait', '--yes', '--timeout'];
    const waited = await operator.run([...replay, '3']);
    expect(waited.code).toBe(3);
    expect(waited.stderr).toContain('2 records wait behind a transaction that is open in');
    const again = operator.run([...replay, '60', '--again']);
    await open.commit();
    expect((await again).code).toBe(0);
    consumer.kill('SIGINT');
    await consumer.exit;
    await transactional.disconnect();
  });
});

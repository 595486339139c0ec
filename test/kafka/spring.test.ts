/**
 * A real Spring system on the same topics: what its JsonSerializer writes is read here, and what is
 * written here its JsonDeserializer reads, both with LocalDateTime fields and the default mappers.
 */
import { Partitioners } from 'kafkajs';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { DLQ_TOPIC, REQUEST_TOPIC } from '../../src/coupon/topics.js';
import * as contract from '../support/json-contract/contract.js';
import { kafkaAt } from '../support/broker/kafkajs-client.js';
import { Operator } from '../support/command-line/operator.js';
import { temporaryDir } from '../support/temporary-dir.js';
import { startKafka, type RunningKafka } from './running-kafka.js';
import { buildSpringSystem, type SpringSystem } from './spring-system.js';

const COUNT = 1000;
const COUPON = 1;

let kafka: RunningKafka;
let spring: SpringSystem;
let operator: Operator;

beforeAll(async () => {
  kafka = await startKafka();
  spring = await buildSpringSystem(kafka.announced);
});

afterAll(() => kafka.stop());

/** Empty topics, and a store that knows nothing. */
beforeEach(async () => {
  const client = kafkaAt([kafka.announced]);
  const admin = client.admin();
  await admin.connect();
  const ours = new Set(await admin.listTopics());
  const topics = [REQUEST_TOPIC, DLQ_TOPIC].filter((topic) => ours.has(topic));
  if (topics.length > 0) await admin.deleteTopics({ topics });
  await admin.disconnect();
  const env = { COUPONS_BROKERS: kafka.announced, COUPONS_DATA_DIR: temporaryDir() };
  operator = new Operator(() => env);
  expect((await operator.run(['topics', 'create'])).code).toBe(0);
  await operator.json(contract.campaign, [
    'campaigns',
    'create',
    String(COUPON),
    '--stock',
    '9999',
  ]);
});

const consume = () => operator.json(contract.consumed, ['consume', '--until-drained']);
const audit = () => operator.json(contract.audit, ['audit']);

/** "coupon user", in the order of users. */
const users = (from: number, count: number) =>
  Array.from({ length: count }, (_, index) => `${COUPON} ${from + index}`);

const byUser = (lines: readonly string[]) =>
  lines
    .map((line) => line.split(' ').slice(0, 2).join(' '))
    .toSorted((a, b) => Number(a.split(' ')[1]) - Number(b.split(' ')[1]));

test('every request of a Spring system is issued', async () => {
  await spring.sendRequests(REQUEST_TOPIC, { couponId: COUPON, from: 1, count: COUNT });

  expect(await consume()).toMatchObject({
    ...{ records: COUNT, deadLettered: 0, retries: 0 },
    outcomes: { ISSUED: COUNT },
  });
  expect(await audit()).toMatchObject({ verdict: 'PASS', requests: COUNT, deadLettered: 0 });
});

test('a Spring system reads every request that is produced here', async () => {
  await operator.json(contract.produced, [
    ...['produce', '--coupon', String(COUPON), '--count', String(COUNT)],
  ]);

  const read = await spring.readRequests(REQUEST_TOPIC);

  expect(byUser(read)).toEqual(users(1, COUNT));
  for (const line of read) expect(line).toMatch(/^1 \d+ [0-9a-f-]{36} 20\d\d-\d\d-\d\dT[\d:.]+$/);
});

test('dead letters of a Spring system are shown, counted and replayed', async () => {
  await spring.sendLetters(DLQ_TOPIC, { couponId: COUPON, from: 1, count: COUNT });

  const { messages, total } = await operator.json(contract.dlqPeek, ['dlq', 'peek']);
  expect(total).toBe(COUNT);
  expect(messages[0]).toMatchObject({
    key: null,
    originalEvent: { couponId: COUPON, userId: 1, eventType: 'COUPON_ISSUE_REQUESTED' },
    failureReason: 'no stock service',
    reasonCode: 'ILLEGAL_STATE_EXCEPTION',
    retryCount: 3,
    lastAttemptAt: '2026-11-26T09:30:15.123456789Z',
    stackTrace: expect.stringContaining('\n\tat com.example.coupon.SpringSystem') as string,
    origin: null,
    headers: { __TypeId__: 'com.example.coupon.CouponIssueDlqMessage' },
  });
  const shown = await operator.run(['dlq', 'show', '0:0']);
  expect(shown.stdout).toMatch(/occurredAt +20\d\d-.*no zone given, read as UTC/);
  const stats = await operator.json(contract.dlqStats, ['dlq', 'stats']);
  expect(stats.reasons).toMatchObject([{ reasonCode: 'ILLEGAL_STATE_EXCEPTION', count: COUNT }]);
  expect(stats.coupons).toMatchObject([{ couponId: COUPON, count: COUNT }]);

  const replayed = await operator.json(contract.dlqReplayed, ['dlq', 'replay', '--yes']);
  expect(replayed).toMatchObject({ selected: COUNT, replayed: COUNT, skipped: 0 });
  expect(await consume()).toMatchObject({ outcomes: { ISSUED: COUNT }, deadLettered: 0 });
  expect(await audit()).toMatchObject({ verdict: 'PASS', requests: COUNT });
  expect(byUser(await spring.readRequests(REQUEST_TOPIC))).toEqual(users(1, COUNT));
});

test('a Spring system reads every dead letter whose original is an object', async () => {
  // Wrong users, by its own serializer (with a header of the request's class) and by produce.
  await spring.sendRequests(REQUEST_TOPIC, { couponId: COUPON, from: 1 - COUNT, count: COUNT });
  const client = kafkaAt([kafka.announced]);
  const producer = client.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  const value = JSON.stringify({ couponId: 1, userId: 0, occurredAt: new Date().toISOString() });
  await producer.send({ topic: REQUEST_TOPIC, messages: [{ key: '1', value }] });
  await producer.disconnect();
  expect(await consume()).toMatchObject({ deadLettered: COUNT + 1 });

  const read = await spring.readLetters(DLQ_TOPIC);

  expect(byUser(read)).toEqual([...users(1 - COUNT, COUNT), '1 0']);
  const { messages } = await operator.json(contract.dlqPeek, ['dlq', 'peek']);
  expect(messages[0]?.headers).toMatchObject({
    __TypeId__: 'com.example.coupon.CouponIssueRequestEvent',
  });
  expect(read[0]).toMatch(/^1 -\d+ 0 20\d\d-\d\d-\d\dT[\d:.]+ userId is -\d+, not an integer/);
});

test('so it does with what produce --poison makes: all but texts and bytes', async () => {
  await operator.run(['produce', '--coupon', '1', '--count', '140', '--poison', '100']);
  expect(await consume()).toMatchObject({ deadLettered: 140 });

  const read = await spring.readLetters(DLQ_TOPIC);

  const { messages } = await operator.json(contract.dlqPeek, [
    ...['dlq', 'peek', '--max-messages', '140'],
  ]);
  const reasonsOf = (isReadable: boolean) =>
    messages
      .filter((_, index) => (read[index] !== 'unreadable') === isReadable)
      .map(({ reasonCode }) => reasonCode);
  expect(new Set(reasonsOf(true))).toEqual(
    new Set(['EMPTY_VALUE', 'INVALID_UTF8', 'MISSING_FIELD', 'OUT_OF_RANGE', 'WRONG_TYPE']),
  );
  expect(new Set(reasonsOf(false))).toEqual(new Set(['MALFORMED_JSON', 'NOT_AN_OBJECT']));
});

/** Requests as other systems write them: issued, and kept byte for byte through a dead letter. */
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { REQUEST_TOPIC } from '../../../src/coupon/topics.js';
import { refuseUser, withDatabase } from '../../contract/store/sqlite-file.js';
import * as contract from '../../support/json-contract/contract.js';
import { usePipeline } from '../../support/pipeline.js';
import { springRequest } from '../../support/requests.js';

const pipeline = usePipeline();
const consume = () => pipeline.drain();
const audit = () => pipeline.audit();
const database = () => join(pipeline.dataDir, 'coupons.db');

const SPRING = springRequest(1);

/** Schema 200: no UTF-8 text. */
const FRAMING = Buffer.from([0, 0, 0, 0, 200]);

beforeEach(async () => {
  await pipeline.reset();
  await pipeline.run(['campaigns', 'create', '1', '--stock', '100']);
});

it('requests of all forms are issued', async () => {
  const values = [
    SPRING,
    '{"couponId":1,"userId":2}',
    '{"couponId":"1","userId":"3","eventId":null,"eventType":null,"occurredAt":null}',
    '{"couponId":1,"userId":4,"occurredAt":1795739916.004557251,"timestamp":"yesterday"}',
    '\ufeff{"couponId":1,"userId":5,"occurredAt":"2026-11-27T00:38:36.004557251"}',
    Buffer.concat([FRAMING, Buffer.from('{"couponId":1,"userId":6}')]),
  ];
  await pipeline.send(values.map((value) => ({ key: '1', value })));

  expect(await consume()).toMatchObject({ records: 6, deadLettered: 0, outcomes: { ISSUED: 6 } });
  expect(await audit()).toMatchObject({ verdict: 'PASS', requests: 6 });
  const { issued } = await pipeline.json(contract.issuedList, ['issued', 'list', '--user', '2']);
  expect(issued[0]?.eventId).toMatch(/^coupon-issue-requests\/\d@1@\d{13}$/);
});

it('what is too large is a dead letter that shows its digits', async () => {
  const wrong = ['9007199254740993', '"9007199254740993"'];
  await pipeline.send(
    wrong.map((userId) => ({ key: '1', value: `{"couponId":1,"userId":${userId}}` })),
  );
  expect(await consume()).toMatchObject({ deadLettered: 2 });

  const { messages } = await pipeline.json(contract.dlqPeek, ['dlq', 'peek', '--coupon', '1']);
  expect(messages.map(({ reasonCode }) => reasonCode)).toEqual(['OUT_OF_RANGE', 'OUT_OF_RANGE']);
  expect(messages.map(({ failureReason }) => failureReason)).toEqual(
    wrong.map((userId) => `userId is ${userId}, not an integer from 1 to 2^53 - 1`),
  );
});

describe.each(['the record', 'the dead letter alone'])('a replay from %s', (source) => {
  it('sends the same bytes, headers and name, and is a repeat when it is sent again', async () => {
    const headers = { __TypeId__: 'com.example.CouponIssueRequestEvent', traceparent: '00-ab' };
    const value = Buffer.concat([FRAMING, Buffer.from('{"couponId":1,"userId":7}')]);
    refuseUser(database(), 7);
    await pipeline.send([{ key: '1', value, headers }]);
    expect(await consume()).toMatchObject({ deadLettered: 1 });
    withDatabase(database(), (db) => db.exec('DROP TRIGGER refuse_7'));
    const [first] = await pipeline.records(REQUEST_TOPIC);
    const partition = first?.partition ?? 0;
    if (source !== 'the record') {
      const partitions = [{ partition, offset: '1' }];
      await pipeline.admin.deleteTopicRecords({ topic: REQUEST_TOPIC, partitions });
    }
    const shown = await pipeline.json(contract.dlqLetter, ['dlq', 'show', '0:0']);
    expect(shown).toMatchObject({ schemaId: 200, headers });
    const text = await pipeline.run(['dlq', 'show', '0:0']);
    expect(text.stdout).toMatch(/framing +Confluent JSON Schema, schema id 200/);

    for (const again of [[], ['--again']]) {
      const args = ['dlq', 'replay', '--yes', ...again];
      expect(await pipeline.json(contract.dlqReplayed, args)).toMatchObject({ replayed: 1 });
    }

    expect(await consume()).toMatchObject({ outcomes: { ISSUED: 1 }, repeated: 1 });
    expect(await audit()).toMatchObject({ verdict: 'PASS' });
    const replayed = (await pipeline.records(REQUEST_TOPIC)).at(-1);
    expect(replayed?.value).toEqual(value);
    const name = `coupon-issue-requests/${String(partition)}@0@${String(first?.timestampMs)}`;
    const sent = Object.entries(replayed?.headers ?? {}).map(([key, given]) => [
      key,
      String(given),
    ]);
    expect(Object.fromEntries(sent)).toMatchObject({ ...headers, 'coupon-event-id': name });
    const { issued } = await pipeline.json(contract.issuedList, ['issued', 'list']);
    expect(issued.map(({ eventId }) => eventId)).toEqual([name]);
  });
});

it('requests of many users under one eventId are each decided', async () => {
  const users = Array.from({ length: 2000 }, (_, index) => index + 1);
  const value = (userId: number) => JSON.stringify({ eventId: 'constant', couponId: 1, userId });
  await pipeline.send(users.map((userId) => ({ key: '1', value: value(userId) })));

  expect(await consume()).toMatchObject({
    records: 2000,
    repeated: 0,
    outcomes: { ISSUED: 100, SOLD_OUT: 1900 },
  });
  const last = ['issued', 'show', '--coupon', '1', '--user', '2000'];
  expect(await pipeline.json(contract.issuedShow, last)).toMatchObject({
    status: 'FAILED',
    outcome: 'SOLD_OUT',
    eventId: 'constant',
  });
});

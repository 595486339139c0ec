import { describe, expect, it } from 'vitest';
import { contentsOf } from '../../support/stores/store-contents.js';
import { usePostgres } from '../../support/postgres/postgres.js';
import { at, batchAt, NOW_MS, PartitionLog, request, TERMS } from '../store/log.js';
import { postgresSchemas } from '../store/postgres-schemas.js';

const schemas = postgresSchemas(usePostgres());
const { sql } = schemas;

async function issuedOne() {
  const target = schemas.target();
  const store = await schemas.open(target, { clock: () => NOW_MS });
  await store.createCampaign(1, { ...TERMS, totalQuantity: 2 });
  const log = new PartitionLog(store);
  await log.apply(request(1, 42));
  return { target, store, log };
}

describe('the database itself refuses', () => {
  const row = (columns: string, values: string) =>
    `INSERT INTO applied_record (coupon_id, user_id, event_id, log_id, "offset", timestamp_ms, ${columns})
     SELECT coupon_id, user_id, 'another', log_id, 99, 0, ${values} FROM applied_record`;

  it.each([
    [
      'a second coupon for a user',
      row('outcome, sequence, issued_after_ms', '0, 2, 0'),
      'applied_record_claim',
    ],
    [
      'a number that was given already',
      row('outcome, sequence, issued_after_ms', '0, 1, 0').replace("user_id, '", "43, '"),
      'applied_record_sequence',
    ],
    ['a coupon without a number', row('outcome', '0'), 'check constraint'],
    ['more coupons than the stock', 'UPDATE campaign SET issued_quantity = 3', 'issued_quantity'],
    [
      'a stock that moves over coupons that are not there',
      'UPDATE campaign SET issued_quantity = 2',
      'must move on by the coupons that were issued',
    ],
    ['a stock below what is issued', 'UPDATE campaign SET total_quantity = 0', 'check constraint'],
  ])('%s', async (_, text, words) => {
    const { target } = await issuedOne();

    await expect(sql(target, text)).rejects.toThrow(words);
  });
});

describe('a trigger that an operator added', () => {
  it.each([
    ['raises', `RAISE EXCEPTION 'refused'`],
    [
      'raises what another program would retry',
      `RAISE EXCEPTION USING ERRCODE = 'unique_violation'`,
    ],
    ['drops the row', 'RETURN NULL'],
  ])('that %s refuses the record, and no other one', async (_, action) => {
    const { target, store } = await issuedOne();
    await store.createCampaign(2, TERMS);
    await schemas.refuseUser(target, 13, action);
    const batches = [10, 11, 12, 13, 14].map((userId, partition) => ({
      ...batchAt(0n),
      source: { ...batchAt(0n).source, partition: partition + 1 },
      expectedOffset: null,
      entries: [at(request(2, userId), 0n)],
    }));

    const results = await Promise.allSettled(batches.map((batch) => store.applyBatch(batch)));

    expect(results.map((result) => result.status)).toEqual([
      'fulfilled',
      'fulfilled',
      'fulfilled',
      'rejected',
      'fulfilled',
    ]);
    expect(results[3]).toMatchObject({ reason: { name: 'RecordRefusedError' } });
    const { issued } = await contentsOf(store);
    expect(issued.map(({ couponId, sequence, userId }) => [couponId, sequence, userId])).toEqual([
      [1, 1, 42],
      [2, 1, 10],
      [2, 2, 11],
      [2, 3, 12],
      [2, 4, 14],
    ]);
  });

  it('lets the dead letter of the record pass', async () => {
    const { target, log } = await issuedOne();
    await schemas.refuseUser(target, 13);

    const identity = { eventId: 'a', couponId: 1, userId: 13 };
    const reasonCode = 'PROCESSING_FAILED';

    expect(await log.outcomes({ kind: 'dead-letter', reasonCode, request: identity })).toEqual([
      'DEAD_LETTERED',
    ]);
  });
});

it('tables that another program dropped are the store’s failure, no record’s', async () => {
  const { target, log } = await issuedOne();
  await sql(target, 'DROP TABLE applied_record CASCADE');

  await expect(log.apply(request(1, 43))).rejects.toMatchObject({
    name: 'StoreUnavailableError',
    code: 'STORE_FAILED',
  });
});

it('the views that people read say what the store says', async () => {
  const { target, store, log } = await issuedOne();
  const eventId = '0123abcd-4567-89ef-0000-ffffffffffff';
  await log.apply(
    request(1, 43, { eventId }),
    request(1, 44, { eventId: eventId.toUpperCase() }),
    request(1, 45, { eventId: 'sixteen letters!' }),
    request(1, 46, { eventId: '쿠폰' }),
    { kind: 'dead-letter', reasonCode: 'MALFORMED_JSON', request: null },
  );

  const { issued, outcomes } = await contentsOf(store);

  const text = (value: string | number | null) => (value === null ? null : String(value));
  expect(
    (await sql(target, 'SELECT * FROM issued_coupon ORDER BY sequence')).map(Object.values),
  ).toEqual(
    issued.map((c) => [
      ...[c.couponId, c.userId, c.sequence, c.eventId, c.issuedAtMs].map(String),
      ...[c.position.topic, c.position.partition, String(c.position.offset)],
    ]),
  );
  expect(
    (await sql(target, 'SELECT * FROM request_outcome ORDER BY id')).map(Object.values),
  ).toEqual(
    outcomes.map((row) => [
      ...[row.id, row.eventId, row.couponId, row.userId, row.outcome, row.reasonCode].map(text),
      ...[text(row.campaignVersion), row.position.topic, row.position.partition],
      ...[String(row.position.offset), String(row.timestampMs)],
    ]),
  );
});

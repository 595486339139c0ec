import { expect, it } from 'vitest';
import { NOW_MS, PartitionLog, request, TERMS } from '../store/log.js';
import { sqliteFiles, withDatabase } from '../store/sqlite-file.js';
import { contentsOf } from '../../support/stores/store-contents.js';

const files = sqliteFiles();

it('the views that people read say what the store says', async () => {
  const path = files.path();
  const store = files.open(path, { clock: () => NOW_MS + 5 });
  await store.createCampaign(1, { ...TERMS, totalQuantity: 2 });
  await store.createCampaign(2, { ...TERMS, status: 'INACTIVE' });
  await store.createCampaign(3, { ...TERMS, validFromMs: NOW_MS + 1 });
  await store.createCampaign(4, { ...TERMS, validUntilMs: NOW_MS - 1 });
  const eventId = '0123abcd-4567-89ef-0000-ffffffffffff';
  const log = new PartitionLog(store, { partition: 2 }, 2n ** 60n);
  const identity = { eventId, couponId: 1, userId: 9 };
  await log.apply(
    request(1, 42, { eventId, timestampMs: NOW_MS + 7 }),
    request(1, 43, { eventId: eventId.toUpperCase() }),
    request(1, 42, { eventId: '0' }),
    request(1, 44),
    ...[2, 3, 4, 5].map((couponId) => request(couponId, 42)),
    { kind: 'dead-letter', reasonCode: 'PROCESSING_FAILED', request: identity },
    { kind: 'dead-letter', reasonCode: 'MALFORMED_JSON', request: null },
  );
  const { issued, outcomes } = await contentsOf(store);

  const all = (view: string, order: string) =>
    withDatabase(path, (db) =>
      db.prepare(`SELECT * FROM ${view} ORDER BY ${order}`).safeIntegers().raw().all(),
    );

  expect(new Set(outcomes.map(({ outcome }) => outcome)).size).toBe(8);
  expect(all('issued_coupon', 'coupon_id, sequence')).toEqual(
    issued.map((c) => [
      ...[c.couponId, c.userId, c.sequence].map(BigInt),
      c.eventId,
      BigInt(c.issuedAtMs),
      ...[c.position.topic, BigInt(c.position.partition), c.position.offset],
    ]),
  );
  const integer = (value: number | null) => (value === null ? null : BigInt(value));
  expect(all('request_outcome', 'id')).toEqual(
    outcomes.map((row) => [
      ...[integer(row.id), row.eventId, integer(row.couponId), integer(row.userId)],
      ...[row.outcome, row.reasonCode, integer(row.campaignVersion)],
      ...[row.position.topic, integer(row.position.partition), row.position.offset],
      integer(row.timestampMs),
    ]),
  );
});

it.each([
  ['SELECT * FROM issued_coupon WHERE coupon_id = 1 AND user_id = 2', 'claim'],
  ['SELECT * FROM issued_coupon WHERE coupon_id = 1 ORDER BY sequence', 'sequence'],
  ['SELECT * FROM request_outcome WHERE coupon_id = 1 AND user_id = 2', 'claim'],
])('an index leads people to what they ask for: %s', (query, index) => {
  const path = files.path();
  files.open(path);

  const steps = withDatabase(path, (db) =>
    db.prepare<[], { detail: string }>(`EXPLAIN QUERY PLAN ${query}`).all(),
  ).map(({ detail }) => detail);

  expect(steps[0]).toContain(`SEARCH applied_record USING INDEX applied_record_${index}`);
  expect(steps.join()).not.toContain('TEMP B-TREE');
});

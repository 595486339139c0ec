import type { IssuedCoupon, IssuedFilter } from '../../../ports/coupon-store.js';
import type { CampaignSequence } from '../../../ports/store-figures.js';
import { PAGE_SIZE, type PageStart } from '../../issued-pages.js';
import { issuedSinceSql } from '../../issued-since.js';
import { int8Array } from '../connection/binary-array.js';
import { eventIdOfBytea } from './event-id-bytes.js';
import { statement, type Query } from '../connection/query.js';
import { claimOf } from '../schema/schema.js';

type IssuedRow = readonly [
  couponId: number,
  userId: number,
  sequence: number,
  eventId: string,
  issuedAtMs: number,
  topic: string,
  partition: number,
  offset: string,
];

const COLUMNS = `r.coupon_id, r.user_id, r.sequence, r.event_id, r.timestamp_ms + r.issued_after_ms,
  log.topic, log.partition, r."offset"::text`;

type Start = [afterCoupon: number, afterSequence: number, toCoupon: number];

const readPage = statement<Start, IssuedRow>(
  'read_issued',
  `SELECT ${COLUMNS} FROM applied_record r JOIN log USING (log_id)
   WHERE r.sequence IS NOT NULL AND (r.coupon_id, r.sequence) > ($1, $2) AND r.coupon_id <= $3
   ORDER BY r.coupon_id, r.sequence LIMIT ${PAGE_SIZE}`,
);

/** Campaign by campaign: the index on claims begins with the coupon. */
const OF_USER = `FROM campaign JOIN applied_record r ON r.coupon_id = campaign.coupon_id
    AND r.user_id = $1 AND ${claimOf('r.')} = ''::bytea`;

const readPageOfUser = statement<[userId: number, ...Start], IssuedRow>(
  'read_issued_of_user',
  `SELECT ${COLUMNS} ${OF_USER} JOIN log USING (log_id)
   WHERE (campaign.coupon_id, r.sequence) > ($2, $3) AND campaign.coupon_id <= $4
   ORDER BY r.coupon_id LIMIT ${PAGE_SIZE}`,
);

/** The next coupons by (couponId, sequence), up to PAGE_SIZE of them. */
export function readIssued(
  { couponId, userId }: IssuedFilter,
  after: PageStart | undefined,
): Query<IssuedRow> {
  const start: Start = [
    after?.couponId ?? couponId ?? 0,
    after?.sequence ?? 0,
    couponId ?? Number.MAX_SAFE_INTEGER,
  ];
  return userId === undefined ? readPage(...start) : readPageOfUser(userId, ...start);
}

type Bounds = [fromCoupon: number, toCoupon: number];

/** A campaign's row has the number, so that no coupon is counted. */
const count = statement<Bounds, readonly [number]>(
  'count_issued',
  `SELECT coalesce(sum(issued_quantity), 0)::bigint FROM campaign
   WHERE coupon_id BETWEEN $1 AND $2`,
);

const countOfUser = statement<[userId: number, ...Bounds], readonly [number]>(
  'count_issued_of_user',
  `SELECT count(*) ${OF_USER} WHERE campaign.coupon_id BETWEEN $2 AND $3`,
);

export function countIssued({ couponId, userId }: IssuedFilter): Query<readonly [number]> {
  const bounds: Bounds = [couponId ?? 0, couponId ?? Number.MAX_SAFE_INTEGER];
  return userId === undefined ? count(...bounds) : countOfUser(userId, ...bounds);
}

const countSince = statement<
  [couponIds: Buffer, sinceMs: number],
  readonly [couponId: number, issued: number]
>('count_issued_since', issuedSinceSql('coupon_id = ANY ($1::bigint[])', '$2::bigint'));

/** A row for each of these campaigns, in no order. */
export function countIssuedSince(
  couponIds: readonly number[],
  sinceMs: number,
): Query<readonly [couponId: number, issued: number]> {
  return countSince(int8Array(couponIds), sinceMs);
}

type NumberedRow = readonly [...IssuedRow, ordinality: number];

const readNumberedOf = statement<[couponIds: Buffer, sequences: Buffer], NumberedRow>(
  'read_numbered',
  `SELECT ${COLUMNS}, q.ordinality
   FROM unnest($1::bigint[], $2::bigint[]) WITH ORDINALITY AS q (coupon_id, sequence, ordinality)
     JOIN applied_record r ON r.coupon_id = q.coupon_id AND r.sequence = q.sequence
     JOIN log USING (log_id)`,
);

/** The coupons with these numbers, in no order. */
export function readNumbered(wanted: readonly CampaignSequence[]): Query<NumberedRow> {
  return readNumberedOf(
    int8Array(wanted.map(({ couponId }) => couponId)),
    int8Array(wanted.map(({ sequence }) => sequence)),
  );
}

/** Its place among those asked for, from 0. */
export function placeOf(row: NumberedRow): number {
  return row[8] - 1;
}

export function toIssued(row: readonly [...IssuedRow, ...unknown[]]): IssuedCoupon {
  return {
    couponId: row[0],
    userId: row[1],
    sequence: row[2],
    eventId: eventIdOfBytea(row[3]),
    issuedAtMs: row[4],
    position: { topic: row[5], partition: row[6], offset: BigInt(row[7]) },
  };
}

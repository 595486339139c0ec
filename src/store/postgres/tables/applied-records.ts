import type { CouponRequest } from '../../../coupon/request.js';
import type { Decided } from '../../../coupon/decide-batch.js';
import type { Entry, OutcomeRow, RecordIdentity } from '../../../ports/coupon-store.js';
import type { Position } from '../../../ports/log.js';
import { codeOf, outcomeOf } from '../../outcome-code.js';
import {
  byteaArray,
  int2Array,
  int4Array,
  int8Array,
  textArray,
} from '../connection/binary-array.js';
import { minuteOf } from '../../outcome-minute.js';
import { countAdded } from './outcome-minutes.js';
import { eventIdBytes, eventIdOfBytea } from './event-id-bytes.js';
import { statement, type Query } from '../connection/query.js';
import { claimOf, ROW_DROPPED } from '../schema/schema.js';

export const DEAD_LETTERED = codeOf('DEAD_LETTERED');

/** What is known of a request: where it stands among those asked for, from 1. */
export type ClaimRow = readonly [ordinality: number, outcome: number, isSameRequest: boolean];

/** At most two a request: the row that holds the coupon, and that of the same eventId. */
const readClaimsOf = statement<[couponIds: Buffer, userIds: Buffer, eventIds: Buffer], ClaimRow>(
  'read_claims',
  `SELECT q.ordinality, r.outcome, r.event_id = q.event_id
   FROM unnest($1::bigint[], $2::bigint[], $3::bytea[]) WITH ORDINALITY
       AS q (coupon_id, user_id, event_id, ordinality)
     JOIN applied_record r ON r.coupon_id = q.coupon_id AND r.user_id = q.user_id
       AND ${claimOf('r.')} = ANY (ARRAY[''::bytea, q.event_id])`,
);

export function readClaims(requests: readonly CouponRequest[]): Query<ClaimRow> {
  return readClaimsOf(
    int8Array(requests.map(({ couponId }) => couponId)),
    int8Array(requests.map(({ userId }) => userId)),
    byteaArray(requests.map(({ eventId }) => eventIdBytes(eventId))),
  );
}

/** A record that was decided, and the number of its log. */
export interface NewRecord {
  readonly decision: Decided<Entry>;
  readonly logId: number;
}

/**
 * In the order given: the identity draws the ids after the sort. A dead letter that is read again
 * keeps its one row; where another group writes it at the same time, the index makes it a race. All
 * else has to be written, whatever triggers there are. (ON CONFLICT would do without the race, but
 * every row then costs an eighth more.) What was written is counted for its minute.
 */
const insert = statement<[...columns: Buffer[], mustBeWritten: number, minuteMs: number]>(
  'add_records',
  `WITH added AS (
     INSERT INTO applied_record (coupon_id, user_id, event_id, outcome, sequence, campaign_version,
       reason_code, log_id, "offset", timestamp_ms, issued_after_ms)
     SELECT coupon_id, user_id, event_id, outcome, sequence, campaign_version,
       reason_code, log_id, "offset", timestamp_ms, issued_after_ms
     FROM unnest($1::bigint[], $2::bigint[], $3::bytea[], $4::smallint[], $5::bigint[], $6::bigint[],
         $7::text[], $8::integer[], $9::bigint[], $10::bigint[], $11::bigint[]) WITH ORDINALITY
       AS n (coupon_id, user_id, event_id, outcome, sequence, campaign_version,
         reason_code, log_id, "offset", timestamp_ms, issued_after_ms, ordinality)
     WHERE n.outcome <> ${DEAD_LETTERED} OR NOT EXISTS (
       SELECT FROM applied_record d WHERE d.outcome = ${DEAD_LETTERED}
         AND d.log_id = n.log_id AND d."offset" = n."offset" AND d.timestamp_ms = n.timestamp_ms)
     ORDER BY ordinality
     RETURNING log_id, coupon_id, outcome, reason_code
   ), counted AS (
     ${countAdded('added', '$13::bigint')}
   )
   SELECT expect_rows(count(*), $12, 'applied_record', '${ROW_DROPPED}')
   FROM added WHERE outcome <> ${DEAD_LETTERED}`,
);

/** `nowMs`: when the coupons are issued, by the consumer's clock. */
export function addRecords(records: readonly NewRecord[], nowMs: number): Query {
  const decisions = records.map(({ decision }) => decision);
  const entries = decisions.map(({ entry }) => entry);
  const requests = entries.map(({ request }) => request);
  return insert(
    int8Array(requests.map((request) => request?.couponId ?? null)),
    int8Array(requests.map((request) => request?.userId ?? null)),
    byteaArray(requests.map((request) => request && eventIdBytes(request.eventId))),
    int2Array(decisions.map(({ outcome }) => codeOf(outcome))),
    int8Array(decisions.map(({ sequence }) => sequence)),
    int8Array(decisions.map(({ campaignVersion }) => campaignVersion)),
    textArray(entries.map((entry) => (entry.kind === 'dead-letter' ? entry.reasonCode : null))),
    int4Array(records.map(({ logId }) => logId)),
    int8Array(entries.map(({ offset }) => offset)),
    int8Array(entries.map(({ timestampMs }) => timestampMs)),
    int8Array(
      decisions.map(({ entry, sequence }) =>
        sequence === null ? null : nowMs - entry.timestampMs,
      ),
    ),
    entries.filter(({ kind }) => kind === 'request').length,
    minuteOf(nowMs),
  );
}

const readDeadLetteredOf = statement<
  [topic: string, partition: number, offsets: Buffer, timestamps: Buffer],
  readonly [offset: string]
>(
  'read_dead_lettered',
  `SELECT r."offset"::text
   FROM log CROSS JOIN unnest($3::bigint[], $4::bigint[]) AS q ("offset", timestamp_ms)
     JOIN applied_record r ON r.outcome = ${DEAD_LETTERED} AND r.log_id = log.log_id
       AND r."offset" = q."offset" AND r.timestamp_ms = q.timestamp_ms
   WHERE log.topic = $1 AND log.partition = $2`,
);

/** The offsets of those of these records that have a row which says DEAD_LETTERED. */
export function readDeadLettered(
  { topic, partition }: Omit<Position, 'offset'>,
  records: readonly RecordIdentity[],
): Query<readonly [offset: string]> {
  return readDeadLetteredOf(
    topic,
    partition,
    int8Array(records.map(({ offset }) => offset)),
    int8Array(records.map(({ timestampMs }) => timestampMs)),
  );
}

export type OutcomeColumns = readonly [
  id: number,
  eventId: string | null,
  couponId: number | null,
  userId: number | null,
  outcome: number,
  reasonCode: string | null,
  campaignVersion: number | null,
  topic: string,
  partition: number,
  offset: string,
  timestampMs: number,
];

/** An offset has 64 bits, a number 53: it comes as text. */
export const OUTCOME_COLUMNS = `r.id, r.event_id, r.coupon_id, r.user_id, r.outcome, r.reason_code,
  r.campaign_version, log.topic, log.partition, r."offset"::text, r.timestamp_ms`;

/** In the order of applying. */
export const readOutcomesOf = statement<[couponId: number, userId: number], OutcomeColumns>(
  'read_outcomes_of',
  `SELECT ${OUTCOME_COLUMNS} FROM applied_record r JOIN log USING (log_id)
   WHERE r.coupon_id = $1 AND r.user_id = $2 ORDER BY r.id`,
);

/** From one coupon id to the next, through the index that begins with it. */
export const readCouponIds = statement<[most: number], readonly [couponId: number]>(
  'read_coupon_ids',
  `WITH RECURSIVE named (coupon_id, nth) AS (
     SELECT (SELECT r.coupon_id FROM applied_record r WHERE r.coupon_id > 0
             ORDER BY r.coupon_id LIMIT 1), 1
     UNION ALL
     SELECT (SELECT r.coupon_id FROM applied_record r WHERE r.coupon_id > named.coupon_id
             ORDER BY r.coupon_id LIMIT 1), nth + 1
     FROM named WHERE named.coupon_id IS NOT NULL AND nth < $1
   )
   SELECT coupon_id FROM named WHERE coupon_id IS NOT NULL`,
);

const readOutcomesOfUserAmong = statement<[couponIds: Buffer, userId: number], OutcomeColumns>(
  'read_outcomes_of_user',
  `SELECT ${OUTCOME_COLUMNS}
   FROM (SELECT coupon_id FROM unnest($1::bigint[]) AS named (coupon_id)
         UNION SELECT coupon_id FROM campaign) AS looked
     JOIN applied_record r ON r.coupon_id = looked.coupon_id AND r.user_id = $2
     JOIN log USING (log_id)
   ORDER BY r.coupon_id, r.id`,
);

/** Of these coupons and of all campaigns: by coupon, and in the order of applying. */
export function readOutcomesOfUser(
  couponIds: readonly number[],
  userId: number,
): Query<OutcomeColumns> {
  return readOutcomesOfUserAmong(int8Array(couponIds), userId);
}

export function toOutcome(row: readonly [...OutcomeColumns, ...unknown[]]): OutcomeRow {
  return {
    id: row[0],
    eventId: row[1] === null ? null : eventIdOfBytea(row[1]),
    couponId: row[2],
    userId: row[3],
    outcome: outcomeOf(row[4]),
    reasonCode: row[5],
    campaignVersion: row[6],
    position: { topic: row[7], partition: row[8], offset: BigInt(row[9]) },
    timestampMs: row[10],
  };
}

import type { Database } from 'better-sqlite3';
import type { KnownRequest } from '../../../coupon/decide-batch.js';
import type { Decision, Outcome } from '../../../coupon/outcome.js';
import type { CouponRequest } from '../../../coupon/request.js';
import {
  MOST_COUPON_IDS,
  type OutcomeRow,
  type RecordIdentity,
  type UserOutcomes,
} from '../../../ports/coupon-store.js';
import { packEventId, unpackEventId, type StoredEventId } from '../../event-id.js';
import { codeOf, outcomeOf } from '../../outcome-code.js';

/** A record that was applied, as its row keeps it. */
export interface NewRecord {
  /** Null where the record could not be parsed. */
  readonly request: CouponRequest | null;
  readonly outcome: Outcome;
  readonly sequence: number | null;
  readonly campaignVersion: number | null;
  readonly reasonCode: string | null;
  readonly logId: number;
  readonly offset: bigint;
  readonly timestampMs: number;
  /** When the coupon was issued, by the consumer's clock; null where none was. */
  readonly issuedAtMs: number | null;
}

export interface AppliedRecords {
  /** What is known of a request before it is decided. */
  known(request: CouponRequest): KnownRequest;
  /** False, and nothing written, where this record has its dead letter's row, or a trigger drops it. */
  add(record: NewRecord): boolean;
  /** Whether this record has a row which says DEAD_LETTERED. */
  isDeadLettered(topic: string, partition: number, record: RecordIdentity): boolean;
  /** In the order of applying. */
  of(couponId: number, userId: number): readonly OutcomeRow[];
  /** As of the port. */
  ofUser(userId: number): UserOutcomes;
}

type Values = [
  couponId: number | null,
  userId: number | null,
  eventId: StoredEventId | null,
  outcome: number,
  sequence: number | null,
  campaignVersion: number | null,
  reasonCode: string | null,
  logId: number,
  offset: bigint,
  timestampMs: number,
  issuedAfterMs: number | null,
];

interface Row extends Omit<OutcomeRow, 'eventId' | 'outcome' | 'position'> {
  readonly eventId: StoredEventId | null;
  readonly outcome: number;
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
}

/** An offset has 64 bits, a number 53: it leaves SQLite as text. */
const SELECT = `
  SELECT id, event_id AS eventId, coupon_id AS couponId, user_id AS userId, outcome,
    reason_code AS reasonCode, campaign_version AS campaignVersion,
    topic, partition, CAST("offset" AS TEXT) AS "offset", timestamp_ms AS timestampMs
  FROM applied_record JOIN log USING (log_id)`;

const UNKNOWN: KnownRequest = { holdsCoupon: false, finalOutcome: null };

export function prepareAppliedRecords(db: Database): AppliedRecords {
  const insert = db.prepare<Values>(
    `INSERT INTO applied_record (coupon_id, user_id, event_id, outcome, sequence, campaign_version,
       reason_code, log_id, "offset", timestamp_ms, issued_after_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (log_id, "offset", timestamp_ms)
       WHERE outcome = ${codeOf('DEAD_LETTERED')} DO NOTHING`,
  );
  // At most two: the row that holds the coupon (claim 0), and that of the same eventId.
  const claims = db.prepare<
    [couponId: number, userId: number, eventId: StoredEventId],
    { outcome: number; eventId: StoredEventId }
  >(
    `SELECT outcome, event_id AS eventId FROM applied_record
     WHERE coupon_id = ? AND user_id = ? AND claim IN (0, ?)`,
  );
  const deadLettered = db.prepare<
    [topic: string, partition: number, offset: bigint, timestampMs: number],
    { known: 1 }
  >(
    `SELECT 1 AS known FROM applied_record
     WHERE log_id = (SELECT log_id FROM log WHERE topic = ? AND partition = ?)
       AND "offset" = ? AND timestamp_ms = ? AND outcome = ${codeOf('DEAD_LETTERED')}`,
  );
  const ofCoupon = db.prepare<[couponId: number, userId: number], Row>(
    `${SELECT} WHERE coupon_id = ? AND user_id = ? ORDER BY id`,
  );
  // From one coupon id to the next, through the index that begins with it.
  const couponIds = db
    .prepare<[most: number], number>(
      `WITH RECURSIVE named (coupon_id, nth) AS (
         SELECT min(coupon_id), 1 FROM applied_record WHERE coupon_id > 0
         UNION ALL
         SELECT (SELECT min(r.coupon_id) FROM applied_record r WHERE r.coupon_id > named.coupon_id),
           nth + 1
         FROM named WHERE named.coupon_id IS NOT NULL AND nth < ?
       )
       SELECT coupon_id FROM named WHERE coupon_id IS NOT NULL`,
    )
    .pluck();
  const campaignIds = db.prepare<[], number>('SELECT coupon_id FROM campaign').pluck();

  return {
    known: ({ couponId, userId, eventId }) => {
      const rows = claims.all(couponId, userId, packEventId(eventId));
      if (rows.length === 0) return UNKNOWN;
      const same = rows.find((row) => unpackEventId(row.eventId) === eventId);
      return {
        holdsCoupon: rows.some(({ outcome }) => outcome === codeOf('ISSUED')),
        finalOutcome: same === undefined ? null : decisionOf(same.outcome),
      };
    },
    add: (record) => insert.run(...valuesOf(record)).changes === 1,
    isDeadLettered: (topic, partition, { offset, timestampMs }) =>
      deadLettered.get(topic, partition, offset, timestampMs) !== undefined,
    of: (couponId, userId) => ofCoupon.all(couponId, userId).map(toOutcome),
    ofUser: (userId) => {
      const named = couponIds.all(MOST_COUPON_IDS + 1);
      const looked = new Set([...named.slice(0, MOST_COUPON_IDS), ...campaignIds.all()]);
      const inOrder = [...looked].sort((a, b) => a - b);
      const rows = inOrder.flatMap((couponId) => ofCoupon.all(couponId, userId));
      return { rows: rows.map(toOutcome), isAll: named.length <= MOST_COUPON_IDS };
    },
  };
}

function valuesOf(record: NewRecord): Values {
  const { request, issuedAtMs, timestampMs } = record;
  return [
    request?.couponId ?? null,
    request?.userId ?? null,
    request === null ? null : packEventId(request.eventId),
    codeOf(record.outcome),
    record.sequence,
    record.campaignVersion,
    record.reasonCode,
    record.logId,
    record.offset,
    timestampMs,
    issuedAtMs === null ? null : issuedAtMs - timestampMs,
  ];
}

/** A dead letter decides nothing. */
function decisionOf(code: number): Decision | null {
  const outcome = outcomeOf(code);
  return outcome === 'DEAD_LETTERED' ? null : outcome;
}

// Field by field: an audit reads millions of rows, and spreading each costs as much as reading it.
function toOutcome(row: Row): OutcomeRow {
  return {
    id: row.id,
    eventId: row.eventId === null ? null : unpackEventId(row.eventId),
    couponId: row.couponId,
    userId: row.userId,
    outcome: outcomeOf(row.outcome),
    reasonCode: row.reasonCode,
    campaignVersion: row.campaignVersion,
    position: { topic: row.topic, partition: row.partition, offset: BigInt(row.offset) },
    timestampMs: row.timestampMs,
  };
}

/** Outcomes in bulk, for what reads all of them: page by page, so that memory stays flat. */
import type { Database } from 'better-sqlite3';
import type { OutcomeRow, RequestIdentity } from '../../../ports/coupon-store.js';
import type { AppliedOutcome } from '../../../ports/store-snapshot.js';
import { packEventId, type StoredEventId } from '../../event-id.js';
import { codeOf, outcomeOf } from '../../outcome-code.js';
import { eventIdInSql, readEventId } from './event-id-in-sql.js';

export interface OutcomePages {
  /** By id, behind this one; none: there are no more. */
  applied(afterId: number): readonly AppliedOutcome[];
  /**
   * Of one partition, by offset and id. SQLite sorts them, on disk where they are many, before it gives
   * the first. The iterator must be closed before the connection.
   */
  inLog(topic: string, partition: number): Generator<readonly OutcomeRow[], undefined>;
  /** In rising order. */
  partitionsOf(topic: string): readonly number[];
  decisionOf(request: RequestIdentity): OutcomeRow | null;
  /** As of the port. */
  lastIdOf01(): number;
}

/** How many rows a page has. */
const PAGE_ROWS = 1000;

const ISSUED = codeOf('ISSUED');
const DEAD_LETTERED = codeOf('DEAD_LETTERED');

// Arrays, field by field into objects: an audit reads millions of rows, and that is half of its work.
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
  offset: number | string,
  timestampMs: number,
];

type AppliedRow = readonly [
  ...OutcomeColumns,
  sequence: number | null,
  heldBefore: 0 | 1,
  decidedBefore: 0 | 1,
];

/** An offset has 64 bits, a number 53: beyond those it leaves SQLite as text. */
const OFFSET = `iif(r."offset" <= ${Number.MAX_SAFE_INTEGER}, r."offset", CAST(r."offset" AS TEXT))`;

export const OUTCOME_COLUMNS = `r.id, ${eventIdInSql('r.event_id')}, r.coupon_id, r.user_id, r.outcome,
  r.reason_code, r.campaign_version, log.topic, log.partition, ${OFFSET}, r.timestamp_ms`;

/**
 * `held` is the row that holds the coupon (claim 0): it alone can have come before. An ISSUED row is
 * that row itself; another row may have claimed its eventId before.
 */
const APPLIED = `
  SELECT ${OUTCOME_COLUMNS}, r.sequence, ifnull(held.id < r.id, 0),
    CASE r.outcome
      WHEN ${DEAD_LETTERED} THEN 0
      WHEN ${ISSUED} THEN EXISTS (
        SELECT 1 FROM applied_record same
        WHERE same.coupon_id = r.coupon_id AND same.user_id = r.user_id
          AND same.claim = r.event_id AND same.id < r.id)
      ELSE ifnull(held.id < r.id AND held.event_id = r.event_id, 0)
    END
  FROM applied_record r
    CROSS JOIN log USING (log_id)
    LEFT JOIN applied_record held ON r.outcome <> ${ISSUED}
      AND held.coupon_id = r.coupon_id AND held.user_id = r.user_id AND held.claim = 0
  WHERE r.id > ? ORDER BY r.id LIMIT ${PAGE_ROWS}`;

export function prepareOutcomePages(db: Database): OutcomePages {
  const applied = db.prepare<[afterId: number], AppliedRow>(APPLIED).raw();
  const inLog = db
    .prepare<[topic: string, partition: number], OutcomeColumns>(
      `SELECT ${OUTCOME_COLUMNS} FROM log CROSS JOIN applied_record r USING (log_id)
       WHERE log.topic = ? AND log.partition = ? ORDER BY r."offset", r.id`,
    )
    .raw();
  const partitions = db
    .prepare<[topic: string], number>(
      `SELECT partition FROM log WHERE topic = ?
         AND EXISTS (SELECT 1 FROM applied_record r WHERE r.log_id = log.log_id)
       ORDER BY partition`,
    )
    .pluck();
  const decision = db
    .prepare<
      [couponId: number, userId: number, claim: StoredEventId, eventId: StoredEventId],
      OutcomeColumns
    >(
      `SELECT ${OUTCOME_COLUMNS} FROM applied_record r CROSS JOIN log USING (log_id)
       WHERE r.coupon_id = ? AND r.user_id = ? AND r.claim IN (0, ?) AND r.event_id = ?
       ORDER BY r.id LIMIT 1`,
    )
    .raw();
  const lastOf01 = db.prepare<[], number>('SELECT last_id_of_0_1 FROM store_identity').pluck();
  return {
    applied: (afterId) => applied.all(afterId).map(toApplied),
    inLog: (topic, partition) => pagesOf(inLog.iterate(topic, partition)),
    partitionsOf: (topic) => partitions.all(topic),
    decisionOf: ({ couponId, userId, eventId }) => {
      const packed = packEventId(eventId);
      const row = decision.get(couponId, userId, packed, packed);
      return row === undefined ? null : toOutcome(row);
    },
    lastIdOf01: () => lastOf01.get() ?? 0,
  };
}

function* pagesOf(rows: Iterable<OutcomeColumns>): Generator<readonly OutcomeRow[], undefined> {
  let page: OutcomeRow[] = [];
  for (const row of rows) {
    page.push(toOutcome(row));
    if (page.length < PAGE_ROWS) continue;
    yield page;
    page = [];
  }
  if (page.length > 0) yield page;
}

export function toOutcome(row: readonly [...OutcomeColumns, ...unknown[]]): OutcomeRow {
  return {
    id: row[0],
    eventId: row[1] === null ? null : readEventId(row[1]),
    couponId: row[2],
    userId: row[3],
    outcome: outcomeOf(row[4]),
    reasonCode: row[5],
    campaignVersion: row[6],
    position: { topic: row[7], partition: row[8], offset: BigInt(row[9]) },
    timestampMs: row[10],
  };
}

function toApplied(row: AppliedRow): AppliedOutcome {
  return {
    id: row[0],
    eventId: row[1] === null ? null : readEventId(row[1]),
    couponId: row[2],
    userId: row[3],
    outcome: outcomeOf(row[4]),
    reasonCode: row[5],
    campaignVersion: row[6],
    position: { topic: row[7], partition: row[8], offset: BigInt(row[9]) },
    timestampMs: row[10],
    sequence: row[11],
    heldBefore: row[12] === 1,
    decidedBefore: row[13] === 1,
  };
}

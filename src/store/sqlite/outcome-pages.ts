/** Outcomes in bulk, for what reads all of them: page by page, so that memory stays flat. */
import type { Database } from 'better-sqlite3';
import type { AppliedOutcome, OutcomeRow, RequestIdentity } from '../../ports/coupon-store.js';
import { toOutcome, type Row } from './applied-records.js';
import { packEventId, unpackEventId, type StoredEventId } from './event-id.js';
import { codeOf } from './outcome-code.js';

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
}

/** How many rows a page has. */
const PAGE_ROWS = 1000;

interface AppliedRow extends Row {
  readonly sequence: number | null;
  readonly heldBefore: 0 | 1;
  readonly decidedBefore: 0 | 1;
}

/** An offset has 64 bits, a number 53: it leaves SQLite as text. */
const COLUMNS = `r.id, r.event_id AS eventId, r.coupon_id AS couponId, r.user_id AS userId, r.outcome,
  r.reason_code AS reasonCode, r.campaign_version AS campaignVersion,
  log.topic, log.partition, CAST(r."offset" AS TEXT) AS "offset", r.timestamp_ms AS timestampMs`;

const ISSUED = codeOf('ISSUED');
const DEAD_LETTERED = codeOf('DEAD_LETTERED');

/**
 * `held` is the row that holds the coupon (claim 0): it alone can have come before. An ISSUED row is
 * that row itself; another row may have claimed its eventId before.
 */
const APPLIED = `
  SELECT ${COLUMNS}, r.sequence, ifnull(held.id < r.id, 0) AS heldBefore,
    CASE r.outcome
      WHEN ${DEAD_LETTERED} THEN 0
      WHEN ${ISSUED} THEN EXISTS (
        SELECT 1 FROM applied_record same
        WHERE same.coupon_id = r.coupon_id AND same.user_id = r.user_id
          AND same.claim = r.event_id AND same.id < r.id)
      ELSE ifnull(held.id < r.id AND held.event_id = r.event_id, 0)
    END AS decidedBefore
  FROM applied_record r
    CROSS JOIN log USING (log_id)
    LEFT JOIN applied_record held ON r.outcome <> ${ISSUED}
      AND held.coupon_id = r.coupon_id AND held.user_id = r.user_id AND held.claim = 0
  WHERE r.id > ? ORDER BY r.id LIMIT ${PAGE_ROWS}`;

export function prepareOutcomePages(db: Database): OutcomePages {
  const applied = db.prepare<[afterId: number], AppliedRow>(APPLIED);
  const inLog = db.prepare<[topic: string, partition: number], Row>(
    `SELECT ${COLUMNS} FROM log CROSS JOIN applied_record r USING (log_id)
     WHERE log.topic = ? AND log.partition = ? ORDER BY r."offset", r.id`,
  );
  const partitions = db
    .prepare<[topic: string], number>(
      `SELECT partition FROM log WHERE topic = ?
         AND EXISTS (SELECT 1 FROM applied_record r WHERE r.log_id = log.log_id)
       ORDER BY partition`,
    )
    .pluck();
  const decisions = db.prepare<[couponId: number, userId: number, eventId: StoredEventId], Row>(
    `SELECT ${COLUMNS} FROM applied_record r CROSS JOIN log USING (log_id)
     WHERE r.coupon_id = ? AND r.user_id = ? AND r.claim IN (0, ?) ORDER BY r.id`,
  );
  return {
    applied: (afterId) => applied.all(afterId).map(toApplied),
    inLog: (topic, partition) => pagesOf(inLog.iterate(topic, partition)),
    partitionsOf: (topic) => partitions.all(topic),
    decisionOf: ({ couponId, userId, eventId }) => {
      const claims = decisions.all(couponId, userId, packEventId(eventId));
      const same = claims.find(
        (row) => row.eventId !== null && unpackEventId(row.eventId) === eventId,
      );
      return same === undefined ? null : toOutcome(same);
    },
  };
}

function toApplied(row: AppliedRow): AppliedOutcome {
  return {
    ...toOutcome(row),
    sequence: row.sequence,
    heldBefore: row.heldBefore === 1,
    decidedBefore: row.decidedBefore === 1,
  };
}

function* pagesOf(rows: Iterable<Row>): Generator<readonly OutcomeRow[], undefined> {
  let page: OutcomeRow[] = [];
  for (const row of rows) {
    page.push(toOutcome(row));
    if (page.length < PAGE_ROWS) continue;
    yield page;
    page = [];
  }
  if (page.length > 0) yield page;
}

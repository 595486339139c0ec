/** What a console counts, over the rows behind an id. */
import type { OutcomeCount } from '../../../ports/store-figures.js';
import { codeOf, outcomeOf } from '../../outcome-code.js';
import { statement } from '../connection/query.js';

export type ViewRow = readonly [isStandby: boolean, lastId: number, writers: readonly string[]];

/**
 * A TableView (settled-ids.ts). pg_locks is read after the statement's snapshot is taken. A standby knows no lock of
 * its primary's INSERTs.
 */
export const viewTable = statement<[], ViewRow>(
  'view_table',
  `SELECT pg_is_in_recovery(), coalesce((SELECT max(id) FROM applied_record), 0),
     ARRAY(SELECT virtualtransaction FROM pg_locks
       WHERE locktype = 'relation' AND mode = 'RowExclusiveLock'
         AND relation = 'applied_record'::regclass
         AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))`,
);

export type CountRow = readonly [
  couponId: number | null,
  outcome: number,
  rows: number,
  lastId: number,
];

/** The first `maxRows` of those up to `toId`. */
export const countSettled = statement<[afterId: number, toId: number, maxRows: number], CountRow>(
  'count_settled',
  `SELECT coupon_id, outcome, count(*), max(id)
   FROM (SELECT id, coupon_id, outcome FROM applied_record
     WHERE id > $1 AND id <= $2 ORDER BY id LIMIT $3) AS r
   GROUP BY coupon_id, outcome`,
);

export const countRecent = statement<[afterId: number], CountRow>(
  'count_recent',
  `SELECT coupon_id, outcome, count(*), max(id) FROM applied_record WHERE id > $1
   GROUP BY coupon_id, outcome`,
);

export function toCount([couponId, code, rows]: CountRow): OutcomeCount {
  return { couponId, outcome: outcomeOf(code), rows };
}

export const countIssuedAfter = statement<
  [afterId: number, every: number],
  readonly [ms: number, rows: number]
>(
  'count_issued_after',
  `SELECT issued_after_ms, count(*) FROM applied_record
   WHERE id > $1 AND id % $2 = 0 AND outcome = ${codeOf('ISSUED')} GROUP BY issued_after_ms`,
);

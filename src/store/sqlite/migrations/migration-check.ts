import type { Database } from 'better-sqlite3';
import { UnreachableError } from '../../../errors.js';

/** Throws UnreachableError where a store of version 0.1 has what its new tables could not hold. */
export function assertMigratable(db: Database, path: string): void {
  refuseTriggers(db, path);
  for (const { sql, means } of CONTRADICTIONS) {
    const example = db.prepare<[], { couponId: number; userId: number | null }>(sql).get();
    if (example === undefined) continue;
    const { couponId, userId } = example;
    const whose = userId === null ? '' : ` of user ${userId}`;
    throw new UnreachableError(
      'STORE_INCONSISTENT',
      `Cannot migrate the store ${path}: its tables contradict one another: coupon ${couponId}${whose} ${means}.`,
      'Nothing in it was changed. Restore a backup, or move the file away: a new store is filled from the start of the log.',
    );
  }
}

const SAME_REQUEST = `i.coupon_id = r.coupon_id AND i.user_id = r.user_id
  AND i.event_id = r.event_id AND i.topic = r.topic AND i.partition = r.partition
  AND i."offset" = r."offset"`;

const CONTRADICTIONS = [
  {
    means: 'has the outcome ISSUED, but is not in issued_coupon',
    sql: `SELECT coupon_id AS couponId, user_id AS userId FROM request_outcome r
      WHERE outcome = 'ISSUED' AND NOT EXISTS (SELECT 1 FROM issued_coupon i WHERE ${SAME_REQUEST})
      LIMIT 1`,
  },
  {
    means: 'is in issued_coupon, but has no outcome ISSUED',
    sql: `SELECT coupon_id AS couponId, user_id AS userId FROM issued_coupon i
      WHERE NOT EXISTS (SELECT 1 FROM request_outcome r
        WHERE r.outcome <> 'DEAD_LETTERED' AND r.outcome = 'ISSUED' AND ${SAME_REQUEST})
      LIMIT 1`,
  },
  {
    means: 'has another issued_quantity than coupons, or a gap in their sequence',
    sql: `SELECT coupon_id AS couponId, NULL AS userId
      FROM (SELECT coupon_id, count(*) AS coupons, max(sequence) AS last
            FROM issued_coupon GROUP BY coupon_id)
        FULL JOIN campaign USING (coupon_id)
      WHERE issued_quantity IS NOT coalesce(coupons, 0) OR issued_quantity IS NOT coalesce(last, 0)
      LIMIT 1`,
  },
  {
    means: 'has an outcome of no user',
    sql: `SELECT coalesce(coupon_id, 0) AS couponId, user_id AS userId FROM request_outcome
      WHERE outcome <> 'DEAD_LETTERED' AND (coupon_id IS NULL OR user_id IS NULL) LIMIT 1`,
  },
] as const;

/** A dropped table takes its triggers with it, and who added them would never know. */
function refuseTriggers(db: Database, path: string): void {
  const trigger = db
    .prepare<[], { name: string; table: string }>(
      `SELECT name, tbl_name AS "table" FROM sqlite_schema
       WHERE type = 'trigger' AND tbl_name IN ('issued_coupon', 'request_outcome') LIMIT 1`,
    )
    .get();
  if (trigger === undefined) return;
  throw new UnreachableError(
    'STORE_HAS_TRIGGER',
    `Cannot migrate the store ${path}: the trigger ${trigger.name} on ${trigger.table} is not ours, and the table becomes a view.`,
    `Nothing was changed. Drop the trigger; after the migration it may stand on the table applied_record.`,
  );
}

/**
 * SQL that counts the coupons which campaigns issued at an instant or later: `coupon_id` and how many. In each campaign it
 * bisects the sequences for `before`, the last one that was issued before the instant: it goes on by `step`, half of the
 * step before, while that does not come to a later one. Each look-up is a scalar subquery, so that it is a search in the index
 * whatever the planner knows of the table. `which`: a condition on campaigns; `sinceMs`: a parameter of 64 bits.
 */
export function issuedSinceSql(which: string, sinceMs: string): string {
  return `
    WITH RECURSIVE search (coupon_id, issued, before, step) AS (
      SELECT coupon_id, issued_quantity, issued_quantity * 0, issued_quantity
      FROM campaign WHERE ${which}
      UNION ALL
      SELECT coupon_id, issued,
        before + CASE WHEN (
          SELECT r.timestamp_ms + r.issued_after_ms FROM applied_record r
          WHERE r.coupon_id = s.coupon_id AND r.sequence = s.before + s.step
        ) < ${sinceMs} THEN step ELSE 0 END,
        CASE step WHEN 1 THEN 0 ELSE (step + 1) / 2 END
      FROM search s WHERE step > 0
    )
    SELECT coupon_id, issued - before FROM search WHERE step = 0`;
}

import { MINUTE_MS, type Period } from '../../../ports/store-history.js';
import { codeOf } from '../../outcome-code.js';
import type { MinuteColumns } from '../../outcome-minute.js';
import { statement, type Query } from '../connection/query.js';

/**
 * A part of the statement that adds records: `added` are the rows that it has written. A request that found no campaign, and
 * a dead letter that names none of the store's, count for no campaign (0), so that made-up ids make no rows.
 */
export function countAdded(added: string, minuteMs: string): string {
  return `INSERT INTO outcome_minute (minute_ms, log_id, coupon_id, outcome, reason_code, rows)
     SELECT ${minuteMs}, log_id, campaign, outcome, reason, count(*)
     FROM (SELECT log_id, outcome, coalesce(reason_code, '') AS reason,
         CASE outcome WHEN ${codeOf('NOT_FOUND')} THEN 0 WHEN ${codeOf('DEAD_LETTERED')}
           THEN coalesce((SELECT c.coupon_id FROM campaign c WHERE c.coupon_id = ${added}.coupon_id), 0)
           ELSE coupon_id END AS campaign
       FROM ${added}) AS counted
     GROUP BY log_id, campaign, outcome, reason
     ORDER BY log_id, campaign, outcome, reason
     ON CONFLICT (minute_ms, log_id, coupon_id, outcome, reason_code)
       DO UPDATE SET rows = outcome_minute.rows + excluded.rows`;
}

const COUNTS = `SELECT minute_ms - minute_ms % $3 AS step, coupon_id, outcome, reason_code, sum(rows)::bigint
  FROM outcome_minute WHERE minute_ms >= $1 AND minute_ms < $2`;
const BY_STEP = `GROUP BY step, coupon_id, outcome, reason_code
  ORDER BY step, coupon_id, outcome, reason_code`;

const readAll = statement<[fromMs: number, toMs: number, stepMs: number], MinuteColumns>(
  'read_minutes',
  `${COUNTS} ${BY_STEP}`,
);

const readOfCampaign = statement<
  [fromMs: number, toMs: number, stepMs: number, couponId: number],
  MinuteColumns
>('read_minutes_of_campaign', `${COUNTS} AND coupon_id = $4 ${BY_STEP}`);

export function readMinutes(
  { fromMs, toMs }: Period,
  couponId: number | null = null,
  stepMs = MINUTE_MS,
): Query<MinuteColumns> {
  return couponId === null
    ? readAll(fromMs, toMs, stepMs)
    : readOfCampaign(fromMs, toMs, stepMs, couponId);
}

import type { Database } from 'better-sqlite3';
import { MINUTE_MS, type OutcomeMinute, type Period } from '../../../ports/store-history.js';
import { toOutcomeMinute, type MinuteColumns } from '../../outcome-minute.js';
import type { MinuteCount } from '../minute-counts.js';

export interface OutcomeMinutes {
  /** Adds to what is counted for this minute already. */
  add(minuteMs: number, counts: readonly MinuteCount[]): void;
  /** As of StoreHistory. */
  in(period: Period, couponId?: number | null, stepMs?: number): readonly OutcomeMinute[];
  countedSinceMs(): number;
}

const SELECT = `SELECT minute_ms - minute_ms % ? AS step, coupon_id, outcome, reason_code, sum(rows)
  FROM outcome_minute WHERE minute_ms >= ? AND minute_ms < ?`;
const GROUP = 'GROUP BY step, coupon_id, outcome, reason_code';

export function prepareOutcomeMinutes(db: Database): OutcomeMinutes {
  const add = db.prepare<
    [
      minuteMs: number,
      logId: number,
      couponId: number,
      outcome: number,
      reasonCode: string,
      rows: number,
    ]
  >(
    `INSERT INTO outcome_minute (minute_ms, log_id, coupon_id, outcome, reason_code, rows)
     VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET rows = rows + excluded.rows`,
  );
  const all = db
    .prepare<[stepMs: number, fromMs: number, toMs: number], MinuteColumns>(`${SELECT} ${GROUP}`)
    .raw();
  const ofCampaign = db
    .prepare<[stepMs: number, fromMs: number, toMs: number, couponId: number], MinuteColumns>(
      `${SELECT} AND coupon_id = ? ${GROUP}`,
    )
    .raw();
  const since = db
    .prepare<[], number>('SELECT coalesce(max(counted_since_ms), 0) FROM store_identity')
    .pluck();
  return {
    add: (minuteMs, counts) => {
      for (const { logId, couponId, outcome, reasonCode, rows } of counts) {
        add.run(minuteMs, logId, couponId, outcome, reasonCode, rows);
      }
    },
    in: ({ fromMs, toMs }, couponId = null, stepMs = MINUTE_MS) =>
      (couponId === null
        ? all.all(stepMs, fromMs, toMs)
        : ofCampaign.all(stepMs, fromMs, toMs, couponId)
      ).map(toOutcomeMinute),
    countedSinceMs: () => since.get() ?? 0,
  };
}

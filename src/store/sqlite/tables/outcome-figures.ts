import type { Database } from 'better-sqlite3';
import type { OutcomeCount, OutcomeTotals } from '../../../ports/store-figures.js';
import { codeOf, outcomeOf } from '../../outcome-code.js';

/** What a console counts, over the rows behind an id. */
export interface OutcomeFigures {
  totals(afterId: number, maxRows: number): OutcomeTotals;
  issuedAfterMs(afterId: number, every: number): readonly (readonly [ms: number, rows: number])[];
}

type CountRow = [couponId: number | null, outcome: number, rows: number];

export function prepareOutcomeFigures(db: Database): OutcomeFigures {
  const counts = db
    .prepare<[afterId: number, toId: number], CountRow>(
      `SELECT coupon_id, outcome, count(*) FROM applied_record WHERE id > ? AND id <= ?
       GROUP BY coupon_id, outcome`,
    )
    .raw();
  const lastId = db.prepare<[], number | null>('SELECT max(id) FROM applied_record').pluck();
  const issuedAfter = db
    .prepare<[afterId: number, every: number], [ms: number, rows: number]>(
      `SELECT issued_after_ms, count(*) FROM applied_record
       WHERE id > ? AND id % ? = 0 AND outcome = ${codeOf('ISSUED')} GROUP BY issued_after_ms`,
    )
    .raw();
  return {
    totals(afterId, maxRows) {
      // One writer at a time draws ids, in order, so whatever is visible is settled.
      const last = lastId.get() ?? 0;
      const settledTo = Math.max(afterId, Math.min(last, afterId + maxRows));
      const settled = counts.all(afterId, settledTo).map(toCount);
      return { settledTo, settled, recent: [], isAll: settledTo >= last };
    },
    issuedAfterMs: (afterId, every) => issuedAfter.all(afterId, every),
  };
}

function toCount([couponId, code, rows]: CountRow): OutcomeCount {
  return { couponId, outcome: outcomeOf(code), rows };
}

import type { Database } from 'better-sqlite3';
import type { OutcomeTotals } from '../../../ports/store-figures.js';
import { codeOf, outcomeOf } from '../../outcome-code.js';

/** What a console counts, over the rows behind an id. */
export interface OutcomeFigures {
  totals(afterId: number, maxRows: number): OutcomeTotals;
  issuedAfterMs(afterId: number): readonly (readonly [ms: number, rows: number])[];
}

type CountRow = [couponId: number | null, outcome: number, rows: number, lastId: number];

export function prepareOutcomeFigures(db: Database): OutcomeFigures {
  const counts = db
    .prepare<[afterId: number, maxRows: number], CountRow>(
      `SELECT coupon_id, outcome, count(*), max(id) FROM
         (SELECT id, coupon_id, outcome FROM applied_record WHERE id > ? ORDER BY id LIMIT ?)
       GROUP BY coupon_id, outcome`,
    )
    .raw();
  const issuedAfter = db
    .prepare<[afterId: number], [ms: number, rows: number]>(
      `SELECT issued_after_ms, count(*) FROM applied_record
       WHERE id > ? AND outcome = ${codeOf('ISSUED')} GROUP BY issued_after_ms`,
    )
    .raw();
  return {
    totals: (afterId, maxRows) => totalsOf(counts.all(afterId, maxRows), afterId, maxRows),
    issuedAfterMs: (afterId) => issuedAfter.all(afterId),
  };
}

/** One writer at a time draws ids and commits them, so whatever is visible is settled. */
function totalsOf(rows: readonly CountRow[], afterId: number, maxRows: number): OutcomeTotals {
  return {
    settledTo: rows.reduce((last, [, , , id]) => Math.max(last, id), afterId),
    settled: rows.map(([couponId, code, count]) => ({
      couponId,
      outcome: outcomeOf(code),
      rows: count,
    })),
    recent: [],
    isAll: rows.reduce((sum, [, , count]) => sum + count, 0) < maxRows,
  };
}

import type { Outcome } from '../coupon/outcome.js';
import type { IssuedCoupon } from './issued-coupon.js';

/** Rows that have these in common. */
export interface OutcomeCount {
  /** Null where the record could not be parsed. */
  readonly couponId: number | null;
  readonly outcome: Outcome;
  readonly rows: number;
}

/** What has come to a store since a row, added up. */
export interface OutcomeTotals {
  /** The rows behind `afterId`, up to this one. None will come among them any more. */
  readonly settledTo: number;
  readonly settled: readonly OutcomeCount[];
  /**
   * The rows behind `settledTo` that are visible now: others may still come among them, so the next call counts them
   * again. Empty unless `isAll`.
   */
  readonly recent: readonly OutcomeCount[];
  /** False: there are more settled rows; ask again from `settledTo`. */
  readonly isAll: boolean;
}

/** One coupon of a campaign, by its number. */
export interface CampaignSequence {
  readonly couponId: number;
  readonly sequence: number;
}

/** What a console shows of a store every second, at a cost that does not grow with what the store holds. */
export interface StoreFigures {
  /**
   * Counts the rows behind `afterId` (0: all), `maxRows` settled ones at most, so that the first count of a large store is
   * made of short calls. Start each call where the one before has settled to: then the sum of all `settled`, plus the
   * latest `recent`, has counted every row once.
   */
  outcomeTotals(afterId: number, maxRows: number): Promise<OutcomeTotals>;
  /**
   * Of the rows behind `afterId` whose id is a multiple of `every`, and that are ISSUED: ms from the record's timestamp to
   * its coupon, and how many rows each.
   */
  issuedAfterMs(
    afterId: number,
    every: number,
  ): Promise<readonly (readonly [ms: number, rows: number])[]>;
  /** The coupons with these numbers, in the order given; null where there is none. */
  winners(wanted: readonly CampaignSequence[]): Promise<readonly (IssuedCoupon | null)[]>;
}

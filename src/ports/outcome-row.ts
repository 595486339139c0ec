import type { Outcome } from '../coupon/outcome.js';
import type { Position } from './log.js';

/** One row of what became of requests; repeats have none. */
export interface OutcomeRow {
  /**
   * Grows in the order of applying among the rows of one campaign, and among those of one partition. Rows that have
   * neither in common, and that several hosts apply at once, may have it in another order.
   */
  readonly id: number;
  /** Null where the record could not be parsed; couponId and userId are null with it. */
  readonly eventId: string | null;
  readonly couponId: number | null;
  readonly userId: number | null;
  readonly outcome: Outcome;
  /** Why it was dead-lettered, else null. */
  readonly reasonCode: string | null;
  /** Of the campaign it was decided under; null where there was none, or nothing was decided. */
  readonly campaignVersion: number | null;
  readonly position: Position;
  /** The record's timestamp in the log. */
  readonly timestampMs: number;
}

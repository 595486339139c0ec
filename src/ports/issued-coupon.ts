import type { Position } from './log.js';

export interface IssuedCoupon {
  readonly couponId: number;
  readonly userId: number;
  /** 1..issuedQuantity within the campaign, in the order of issuing. */
  readonly sequence: number;
  readonly eventId: string;
  /** When it was decided, by the clock of the consumer. */
  readonly issuedAtMs: number;
  readonly position: Position;
}

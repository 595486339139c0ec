import type { Outcome } from './outcome.js';

/** What became of a user's request for a coupon (docs/contract.md, "issued show"). */
export interface RequestStatus {
  readonly couponId: number;
  readonly userId: number;
  readonly status: 'ISSUED' | 'PENDING' | 'FAILED' | 'NOT_REQUESTED';
  readonly outcome: Outcome | null;
  readonly sequence: number | null;
  /** ISO 8601. */
  readonly issuedAt: string | null;
  readonly eventId: string | null;
}

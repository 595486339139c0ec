import type { Campaign } from './campaign.js';
import type { Decision } from './outcome.js';

/** What a decision rests on, and nothing else: no clock, no I/O. */
export interface DecisionInput {
  /** The campaign as it stands before this request, or null where there is none. */
  readonly campaign: Campaign | null;
  /** Whether this user already holds this coupon. */
  readonly holdsCoupon: boolean;
  /**
   * The record's timestamp in the log, in ms. Never the consumer's clock, so that running the log
   * again decides the same.
   */
  readonly timestampMs: number;
}

/**
 * Decides one request, in the order of docs/design.md, "Rules of issuing", rule 2. A request that
 * already has a final outcome never comes here: that outcome stands.
 */
export function decide({ campaign, holdsCoupon, timestampMs }: DecisionInput): Decision {
  if (campaign === null) return 'NOT_FOUND';
  if (campaign.status === 'INACTIVE') return 'INACTIVE';
  if (campaign.validFromMs !== null && timestampMs < campaign.validFromMs) return 'NOT_STARTED';
  if (campaign.validUntilMs !== null && timestampMs > campaign.validUntilMs) return 'EXPIRED';
  if (holdsCoupon) return 'DUPLICATE';
  if (campaign.issuedQuantity >= campaign.totalQuantity) return 'SOLD_OUT';
  return 'ISSUED';
}

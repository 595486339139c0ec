/** What a campaign is doing, from its figures. */
import { DECISIONS } from '../../../coupon/outcome.js';
import type { CampaignData } from '../../console/wire/campaigns.js';

export type CampaignState =
  'ACTIVE' | 'SOLD_OUT' | 'INACTIVE' | 'NOT_STARTED' | 'EXPIRED' | 'OVERSOLD';

export function stateOf(campaign: CampaignData, nowMs: number): CampaignState {
  const { status, totalQuantity, issuedQuantity, validFromMs, validUntilMs } = campaign;
  // There should be none: it is said before anything else.
  if (issuedQuantity > totalQuantity) return 'OVERSOLD';
  if (status === 'INACTIVE') return 'INACTIVE';
  if (validUntilMs !== null && nowMs > validUntilMs) return 'EXPIRED';
  if (validFromMs !== null && nowMs < validFromMs) return 'NOT_STARTED';
  return issuedQuantity === totalQuantity ? 'SOLD_OUT' : 'ACTIVE';
}

/** Coupons that can still be issued. */
export function leftOf({ totalQuantity, issuedQuantity }: CampaignData): number {
  return Math.max(0, totalQuantity - issuedQuantity);
}

const REJECTIONS = DECISIONS.filter((decision) => decision !== 'ISSUED');

/** Requests that got no coupon, and why is known: what was dead-lettered is not decided yet. */
export function rejectedOf({ outcomes }: CampaignData): number {
  return REJECTIONS.reduce((sum, outcome) => sum + outcomes[outcome], 0);
}

import type { Campaign } from './campaign.js';

/** Whether a request that came now could still get a coupon. */
export function isOnSale(campaign: Campaign, nowMs: number): boolean {
  const { status, validFromMs, validUntilMs, issuedQuantity, totalQuantity } = campaign;
  return (
    status === 'ACTIVE' &&
    issuedQuantity < totalQuantity &&
    (validFromMs === null || validFromMs <= nowMs) &&
    (validUntilMs === null || nowMs <= validUntilMs)
  );
}

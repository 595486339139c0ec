export const CAMPAIGN_STATUSES = ['ACTIVE', 'INACTIVE'] as const;

export type CampaignStatus = (typeof CAMPAIGN_STATUSES)[number];

/**
 * What an operator sets of a campaign. Instants are milliseconds since the epoch, both ends of the
 * validity window belong to it, and `null` means open on that side.
 */
export interface CampaignTerms {
  readonly name: string | null;
  readonly totalQuantity: number;
  readonly status: CampaignStatus;
  readonly validFromMs: number | null;
  readonly validUntilMs: number | null;
}

/** One coupon that can be issued, and how many were. */
export interface Campaign extends CampaignTerms {
  readonly couponId: number;
  readonly issuedQuantity: number;
  /**
   * 1 when created, one more at every change of its terms. Every outcome remembers the version it
   * was decided under, so that an audit can derive it again after the terms have changed.
   */
  readonly version: number;
}

/** Whether a request that comes at this instant may be issued a coupon. */
export function isOnSale(campaign: Omit<Campaign, 'couponId' | 'version'>, nowMs: number): boolean {
  const { status, validFromMs, validUntilMs, issuedQuantity, totalQuantity } = campaign;
  return (
    status === 'ACTIVE' &&
    issuedQuantity < totalQuantity &&
    (validFromMs === null || validFromMs <= nowMs) &&
    (validUntilMs === null || nowMs <= validUntilMs)
  );
}

/** How many coupons can still be issued: 0, and not less, where the stock was oversold. */
export function stockLeftOf({
  totalQuantity,
  issuedQuantity,
}: Pick<Campaign, 'totalQuantity' | 'issuedQuantity'>): number {
  return Math.max(0, totalQuantity - issuedQuantity);
}

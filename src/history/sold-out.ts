import { groupBy } from '../group-by.js';
import type { Campaign } from '../coupon/campaign.js';
import type { CampaignVersion, CouponStore, IssuedCoupon } from '../ports/coupon-store.js';

/** The last coupon that a campaign has issued, and since when nothing is left. */
export interface LastIssued {
  /** Null where none was issued. */
  readonly last: IssuedCoupon | null;
  /** Null where some are left. */
  readonly soldOutAtMs: number | null;
}

/** Of these campaigns, in their order; `versions`: theirs, each campaign's in rising order. */
export async function lastIssuedOf(
  store: Pick<CouponStore, 'winners'>,
  campaigns: readonly Campaign[],
  versions: readonly CampaignVersion[],
): Promise<readonly LastIssued[]> {
  const sequences = campaigns.map(({ couponId, issuedQuantity }) => ({
    couponId,
    sequence: issuedQuantity,
  }));
  const winners = await store.winners(sequences);
  const byCoupon = groupBy(versions, ({ couponId }) => couponId);
  return campaigns.map((campaign, index) => {
    const last = winners[index] ?? null;
    const own = byCoupon.get(campaign.couponId) ?? [];
    return { last, soldOutAtMs: soldOutAtMs(campaign, own, last) };
  });
}

/** When the last coupon was issued, or later the stock lowered to what was issued. */
function soldOutAtMs(
  { issuedQuantity, totalQuantity }: Campaign,
  versions: readonly CampaignVersion[],
  last: IssuedCoupon | null,
): number | null {
  if (issuedQuantity < totalQuantity) return null;
  const changed = versions.findLastIndex((each) => each.totalQuantity !== totalQuantity);
  const stockSinceMs = versions[changed + 1]?.createdAtMs ?? -Infinity;
  const soldOutMs = Math.max(stockSinceMs, last?.issuedAtMs ?? -Infinity);
  return Number.isFinite(soldOutMs) ? soldOutMs : null;
}

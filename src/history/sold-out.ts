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

/** A stock that was gone before it was raised. */
export interface StockGone {
  readonly couponId: number;
  readonly totalQuantity: number;
  readonly atMs: number;
  /** Who got the last coupon of it. */
  readonly lastUserId: number;
}

/** Of all campaigns of `versions`, each campaign's in rising order. */
export async function stocksGone(
  store: Pick<CouponStore, 'winners'>,
  versions: readonly CampaignVersion[],
): Promise<readonly StockGone[]> {
  const raised = [...groupBy(versions, ({ couponId }) => couponId).values()].flatMap(raises);
  const winners = await store.winners(
    raised.map(({ couponId, totalQuantity }) => ({ couponId, sequence: totalQuantity })),
  );
  return raised.flatMap(({ couponId, totalQuantity, sinceMs, raisedAtMs }, index) => {
    const last = winners[index] ?? null;
    if (last === null || last.issuedAtMs > raisedAtMs) return [];
    const atMs = Math.max(sinceMs, last.issuedAtMs);
    return [{ couponId, totalQuantity, atMs, lastUserId: last.userId }];
  });
}

interface Raise {
  readonly couponId: number;
  /** Before it was raised. */
  readonly totalQuantity: number;
  readonly sinceMs: number;
  readonly raisedAtMs: number;
}

function raises(versions: readonly CampaignVersion[]): readonly Raise[] {
  return versions.flatMap((version, index) => {
    const before = versions[index - 1];
    if (before === undefined || version.totalQuantity <= before.totalQuantity) return [];
    const { couponId, totalQuantity } = before;
    const sinceMs = stockSinceMs(versions.slice(0, index), totalQuantity);
    return [{ couponId, totalQuantity, sinceMs, raisedAtMs: version.createdAtMs }];
  });
}

/** Since when the last of these versions has this stock. */
function stockSinceMs(versions: readonly CampaignVersion[], totalQuantity: number): number {
  const changed = versions.findLastIndex((each) => each.totalQuantity !== totalQuantity);
  return versions[changed + 1]?.createdAtMs ?? -Infinity;
}

/** When the last coupon was issued, or later the stock lowered to what was issued. */
function soldOutAtMs(
  { issuedQuantity, totalQuantity }: Campaign,
  versions: readonly CampaignVersion[],
  last: IssuedCoupon | null,
): number | null {
  if (issuedQuantity < totalQuantity) return null;
  const sinceMs = stockSinceMs(versions, totalQuantity);
  const soldOutMs = Math.max(sinceMs, last?.issuedAtMs ?? -Infinity);
  return Number.isFinite(soldOutMs) ? soldOutMs : null;
}

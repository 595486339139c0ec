import { isOnSale, type Campaign, type CampaignStatus } from '../coupon/campaign.js';
import type { CouponStore } from '../ports/coupon-store.js';
import { MINUTE_MS, type OutcomeMinute, type StoreHistory } from '../ports/store-history.js';
import { recentSinceMs } from './recent.js';

/** More than a screen shows, and few enough to look each of them up. */
export const MOST_CAMPAIGNS = 20;

/** A consumer's clock may be ahead of ours. */
const CLOCKS_APART_MS = 60 * MINUTE_MS;

export interface CampaignsStatus {
  /** The most active first; at most MOST_CAMPAIGNS. */
  readonly campaigns: readonly CampaignFigures[];
  /** How many there are in all, and how many of them are on sale. */
  readonly total: number;
  readonly onSale: number;
  /** Those that have issued more than their stock: there should be none. */
  readonly oversold: readonly Oversold[];
  /** Requests that were decided since `sinceMs`, dead letters included and repeats not. */
  readonly decided: number;
  readonly sinceMs: number;
  /** False of a store that has counted by minute for a shorter time: of another one it may have come. */
  readonly isCounted: boolean;
}

export interface CampaignFigures {
  readonly couponId: number;
  readonly name: string | null;
  readonly status: CampaignStatus;
  readonly isOnSale: boolean;
  readonly totalQuantity: number;
  readonly issuedQuantity: number;
  /** In the last 60 s, by the consumers' clocks. */
  readonly issuedPerMinute: number;
  /** Requests for it that were decided since `sinceMs`. */
  readonly decided: number;
  /** When the last coupon of the stock was issued; null while there are some left. */
  readonly soldOutAtMs: number | null;
  readonly validFromMs: number | null;
  readonly validUntilMs: number | null;
}

export interface Oversold {
  readonly couponId: number;
  readonly issuedQuantity: number;
  readonly totalQuantity: number;
}

export type CampaignsStore = Pick<CouponStore, 'campaigns' | 'winners'> &
  Pick<StoreHistory, 'countedSinceMs' | 'issuedSince' | 'outcomesByMinute'>;

/** Costs by the number of campaigns, and by the last minutes, not by what the store holds. */
export async function readCampaigns(
  store: CampaignsStore,
  nowMs: number,
): Promise<CampaignsStatus> {
  const fromMs = recentSinceMs(nowMs);
  const [campaigns, minutes, countedSinceMs] = await Promise.all([
    store.campaigns(),
    store.outcomesByMinute({ fromMs, toMs: nowMs + CLOCKS_APART_MS }),
    store.countedSinceMs(),
  ]);
  const decided = decidedByCoupon(minutes);
  const shown = mostActive(campaigns, decided, nowMs).slice(0, MOST_CAMPAIGNS);
  return {
    campaigns: await figuresOf(store, shown, decided, nowMs),
    total: campaigns.length,
    onSale: campaigns.filter((each) => isOnSale(each, nowMs)).length,
    oversold: campaigns.filter(isOversold),
    decided: minutes.reduce((sum, { rows }) => sum + rows, 0),
    sinceMs: fromMs,
    isCounted: countedSinceMs <= fromMs,
  };
}

function decidedByCoupon(minutes: readonly OutcomeMinute[]): ReadonlyMap<number, number> {
  const decided = new Map<number, number>();
  for (const { couponId, rows } of minutes) {
    if (couponId !== null) decided.set(couponId, (decided.get(couponId) ?? 0) + rows);
  }
  return decided;
}

/** What is asked for now, then what is on sale, then the others; within these by number. */
function mostActive(
  campaigns: readonly Campaign[],
  decided: ReadonlyMap<number, number>,
  nowMs: number,
): readonly Campaign[] {
  const activity = (campaign: Campaign) => decided.get(campaign.couponId) ?? 0;
  return campaigns.toSorted(
    (a, b) =>
      activity(b) - activity(a) ||
      Number(isOnSale(b, nowMs)) - Number(isOnSale(a, nowMs)) ||
      a.couponId - b.couponId,
  );
}

async function figuresOf(
  store: CampaignsStore,
  campaigns: readonly Campaign[],
  decided: ReadonlyMap<number, number>,
  nowMs: number,
): Promise<readonly CampaignFigures[]> {
  const ids = campaigns.map(({ couponId }) => couponId);
  const soldOut = campaigns.filter(
    ({ issuedQuantity, totalQuantity }) => totalQuantity > 0 && issuedQuantity >= totalQuantity,
  );
  const [issued, last] = await Promise.all([
    store.issuedSince(ids, nowMs - MINUTE_MS),
    store.winners(
      soldOut.map(({ couponId, totalQuantity }) => ({ couponId, sequence: totalQuantity })),
    ),
  ]);
  const soldOutAt = new Map(soldOut.map(({ couponId }, place) => [couponId, last[place] ?? null]));
  return campaigns.map((campaign, place) => ({
    couponId: campaign.couponId,
    name: campaign.name,
    status: campaign.status,
    isOnSale: isOnSale(campaign, nowMs),
    totalQuantity: campaign.totalQuantity,
    issuedQuantity: campaign.issuedQuantity,
    issuedPerMinute: issued[place] ?? 0,
    decided: decided.get(campaign.couponId) ?? 0,
    soldOutAtMs: soldOutAt.get(campaign.couponId)?.issuedAtMs ?? null,
    validFromMs: campaign.validFromMs,
    validUntilMs: campaign.validUntilMs,
  }));
}

function isOversold({ issuedQuantity, totalQuantity }: Campaign): boolean {
  return issuedQuantity > totalQuantity;
}

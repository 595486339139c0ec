/** What happened beside requests: events of the store, and what its campaigns say of themselves. */
import type { Campaign } from '../coupon/campaign.js';
import type { Period, StoredEvent } from '../ports/store-history.js';
import type { UnendedReplay } from './replays.js';
import type { LastIssued, StockGone } from './sold-out.js';
import type { ChangedTerms } from './term-changes.js';

/** Of a campaign; the store has it in its tables, not as an event. */
export type CampaignHappening =
  | { readonly kind: 'CAMPAIGN_CREATED'; readonly atMs: number; readonly terms: ChangedTerms }
  | { readonly kind: 'CAMPAIGN_CHANGED'; readonly atMs: number; readonly terms: ChangedTerms }
  | {
      readonly kind: 'CAMPAIGN_SOLD_OUT';
      readonly atMs: number;
      readonly couponId: number;
      readonly totalQuantity: number;
      /** Who got the last one; null: none was ever issued. */
      readonly lastUserId: number | null;
    };

export type Happening = StoredEvent | UnendedReplay | CampaignHappening;

export interface KnownCampaign extends LastIssued {
  readonly campaign: Campaign;
  readonly versions: readonly ChangedTerms[];
  /** Before its stock was raised. */
  readonly stocksGone: readonly StockGone[];
}

/** Of these campaigns within the period. */
export function campaignHappenings(
  campaigns: readonly KnownCampaign[],
  period: Period,
): readonly CampaignHappening[] {
  return campaigns.flatMap(happeningsOf).filter((each) => isWithin(each, period));
}

function happeningsOf({
  campaign: { couponId, totalQuantity },
  versions,
  stocksGone,
  soldOutAtMs,
  last,
}: KnownCampaign): readonly CampaignHappening[] {
  const changes = versions.map((terms) => ({
    kind: terms.version === 1 ? ('CAMPAIGN_CREATED' as const) : ('CAMPAIGN_CHANGED' as const),
    atMs: terms.createdAtMs,
    terms,
  }));
  const kind = 'CAMPAIGN_SOLD_OUT';
  const before = stocksGone.map((gone) => ({ kind, ...gone }) as const);
  if (soldOutAtMs === null) return [...changes, ...before];
  const lastUserId = last?.userId ?? null;
  return [...changes, ...before, { kind, atMs: soldOutAtMs, couponId, totalQuantity, lastUserId }];
}

function isWithin({ atMs }: { readonly atMs: number }, { fromMs, toMs }: Period): boolean {
  return atMs >= fromMs && atMs < toMs;
}

/** In the order in which they happened: at one time, first what the store has written. */
export function inOrder(happenings: readonly Happening[]): readonly Happening[] {
  return happenings.toSorted((a, b) => a.atMs - b.atMs);
}

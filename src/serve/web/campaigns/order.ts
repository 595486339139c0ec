/** Which campaigns are shown, and in which order. */
import type { CampaignData } from '../../console/wire/campaigns.js';
import type { Sorting } from '../sorting.js';
import { leftOf, rejectedOf, stateOf, type CampaignState } from './campaign-state.js';

/** Those whose id begins with the text, or whose name contains it. */
export function matching(
  campaigns: readonly CampaignData[],
  text: string,
): readonly CampaignData[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return campaigns;
  return campaigns.filter(
    ({ couponId, name }) =>
      String(couponId).startsWith(wanted) || name?.toLowerCase().includes(wanted) === true,
  );
}

const RANKS: Readonly<Record<CampaignState, number>> = {
  OVERSOLD: 0,
  ACTIVE: 1,
  SOLD_OUT: 2,
  NOT_STARTED: 3,
  EXPIRED: 4,
  INACTIVE: 5,
};

export type SortKey = 'coupon' | 'left' | 'issued' | 'rejected' | 'rate' | 'soldOutAt';

/**
 * Without a sorting: what is wrong first, then those that requests come for, then by state and id. A row moves only when
 * one of these changes, never with each figure.
 */
export function ordered(
  campaigns: readonly CampaignData[],
  sorting: Sorting<SortKey> | null,
  nowMs: number,
): readonly CampaignData[] {
  if (sorting === null) {
    const rank = (campaign: CampaignData): readonly number[] => {
      const state = stateOf(campaign, nowMs);
      const isAskedFor = (campaign.outcomesPerSecond ?? 0) > 0;
      return [state === 'OVERSOLD' ? 0 : 1, isAskedFor ? 0 : 1, RANKS[state], campaign.couponId];
    };
    return campaigns
      .map((campaign) => ({ campaign, rank: rank(campaign) }))
      .sort((a, b) => compare(a.rank, b.rank))
      .map(({ campaign }) => campaign);
  }
  const sign = sorting.isDescending ? -1 : 1;
  const figure = FIGURES[sorting.key];
  return campaigns.toSorted((a, b) => sign * (figure(a) - figure(b)) || a.couponId - b.couponId);
}

const FIGURES: Readonly<Record<SortKey, (campaign: CampaignData) => number>> = {
  coupon: ({ couponId }) => couponId,
  left: leftOf,
  issued: ({ issuedQuantity }) => issuedQuantity,
  rejected: rejectedOf,
  rate: ({ issuedPerSecond }) => issuedPerSecond ?? 0,
  soldOutAt: ({ soldOutAtMs }) => soldOutAtMs ?? 0,
};

function compare(a: readonly number[], b: readonly number[]): number {
  const index = a.findIndex((figure, at) => figure !== b[at]);
  return (a[index] ?? 0) - (b[index] ?? 0);
}

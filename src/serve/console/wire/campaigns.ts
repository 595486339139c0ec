import type { OutcomeCounts } from '../../../coupon/outcome.js';
import type { Worded } from '../../../words/languages.js';
import type { RequestStatus } from '../../../coupon/request-status.js';

export interface CampaignsData {
  /** Those on sale and those that changed last come first; at most MOST_CAMPAIGNS. */
  readonly campaigns: readonly CampaignData[];
  /** How many more there are. */
  readonly omitted: number;
  /** Of the whole store: every row. */
  readonly outcomes: OutcomeCounts;
  /** Outcomes that name a coupon without a campaign. */
  readonly withoutCampaign: number;
  /** Campaigns, of all, that have issued more than their stock: there should be none. */
  readonly oversold: number;
  /** While the rows that were there before are still being counted: how many are; null afterwards. */
  readonly counted: number | null;
}

export const MOST_CAMPAIGNS = 500;

export interface CampaignData {
  readonly couponId: number;
  readonly name: string | null;
  readonly status: 'ACTIVE' | 'INACTIVE';
  readonly totalQuantity: number;
  readonly issuedQuantity: number;
  readonly validFromMs: number | null;
  readonly validUntilMs: number | null;
  /** Without repeats, which have no row. */
  readonly outcomes: OutcomeCounts;
  /** Of the last 10 s; null before there are two readings. */
  readonly issuedPerSecond: number | null;
  /** All outcomes, likewise. */
  readonly outcomesPerSecond: number | null;
  /** When the last coupon of the stock was issued; null while there are some left. */
  readonly soldOutAtMs: number | null;
  readonly firstWinner: Winner | null;
  readonly lastWinner: Winner | null;
}

export interface Winner {
  readonly userId: number;
  readonly sequence: number;
  readonly issuedAtMs: number;
}

/** GET /api/users?coupon=1&user=42: the answer of `coupons issued show`. */
export interface UserAnswer extends RequestStatus {
  /** Null where there is no request. */
  readonly reason: Worded | null;
  /** What could not be looked at, and what may come of it. */
  readonly notes: readonly Worded[];
}

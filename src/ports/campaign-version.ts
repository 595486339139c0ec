import type { CampaignTerms } from '../coupon/campaign.js';

/** The terms a campaign once had. */
export interface CampaignVersion extends CampaignTerms {
  readonly couponId: number;
  readonly version: number;
  readonly createdAtMs: number;
  /** Who gave it these terms, "user@host"; null: not known. */
  readonly changedBy: string | null;
}

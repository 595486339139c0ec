import type { Campaign } from '../../coupon/campaign.js';
import type { Campaigns } from './campaigns.js';

/**
 * The campaigns that one transaction meets: each is read once and written once, however many of its
 * coupons are issued. It lives no longer than the transaction, for another process may issue next.
 */
export class Stock {
  readonly #campaigns: Campaigns;
  readonly #met = new Map<number, Campaign | null>();
  readonly #issuedFrom = new Set<number>();

  constructor(campaigns: Campaigns) {
    this.#campaigns = campaigns;
  }

  /** The campaign as it stands now, within this transaction. */
  campaign(couponId: number): Campaign | null {
    const met = this.#met.get(couponId);
    if (met !== undefined) return met;
    const campaign = this.#campaigns.get(couponId);
    this.#met.set(couponId, campaign);
    return campaign;
  }

  /** Takes one coupon of the stock and returns its sequence number. */
  take(campaign: Campaign): number {
    const sequence = campaign.issuedQuantity + 1;
    this.#met.set(campaign.couponId, { ...campaign, issuedQuantity: sequence });
    this.#issuedFrom.add(campaign.couponId);
    return sequence;
  }

  save(): void {
    for (const couponId of this.#issuedFrom) {
      const campaign = this.campaign(couponId);
      if (campaign !== null) this.#campaigns.setIssuedQuantity(couponId, campaign.issuedQuantity);
    }
  }
}

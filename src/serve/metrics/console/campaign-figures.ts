import { OUTCOMES } from '../../../coupon/outcome.js';
import type { CampaignData, CampaignsData } from '../../console/wire/campaigns.js';
import { sample, single, type Figure } from './figure.js';

/** `mostCampaigns`: each campaign is two time series, so only that many have their own. */
export function campaignFigures(data: CampaignsData, mostCampaigns: number): readonly Figure[] {
  const shown = data.campaigns.slice(0, mostCampaigns);
  const each = (valueOf: (campaign: CampaignData) => number) =>
    shown.map((campaign) => sample({ coupon: String(campaign.couponId) }, valueOf(campaign)));
  return [
    {
      name: 'coupons_campaign_stock',
      help: 'Coupons that the campaign has in all, issued or not.',
      samples: each(({ totalQuantity }) => totalQuantity),
    },
    {
      name: 'coupons_campaign_issued',
      help: 'Coupons that the campaign has issued.',
      samples: each(({ issuedQuantity }) => issuedQuantity),
    },
    single(
      'coupons_campaigns_omitted',
      'Campaigns without series of their own, because of the limit --metrics-campaigns.',
      data.omitted + data.campaigns.length - shown.length,
    ),
    single(
      'coupons_oversold_campaigns',
      'Campaigns that have issued more coupons than their stock. There should be none.',
      data.oversold,
    ),
    {
      name: 'coupons_store_outcomes',
      help: 'Requests in the store by their outcome. Absent while those are counted that were there before.',
      // What is still being counted would look like a burst of outcomes.
      samples:
        data.counted === null
          ? OUTCOMES.map((outcome) => sample({ outcome }, data.outcomes[outcome]))
          : [],
    },
  ];
}

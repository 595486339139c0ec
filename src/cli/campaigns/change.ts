import type { Services } from '../services.js';
import { CliError } from '../../errors.js';
import type { CampaignChange } from '../../ports/coupon-store.js';
import { campaignNotFound, showCampaign } from './show.js';

/** Shows the campaign after a change, or throws why it could not be made. */
export function reportChange(services: Services, couponId: number, change: CampaignChange): void {
  const id = String(couponId);
  switch (change.kind) {
    case 'done':
      showCampaign(services, change.campaign);
      return;
    case 'exists':
      throw new CliError(
        'CAMPAIGN_EXISTS',
        `Coupon ${id} already has a campaign, with a stock of ${String(change.campaign.totalQuantity)}. Nothing was changed.`,
        `Change it with \`coupons campaigns update ${id}\`.`,
      );
    case 'not-found':
      throw campaignNotFound(couponId);
    case 'below-issued':
      throw new CliError(
        'STOCK_BELOW_ISSUED',
        `${String(change.campaign.issuedQuantity)} of coupon ${id} are already issued; the stock can't be lower. Nothing was changed.`,
        `Give a --stock of ${String(change.campaign.issuedQuantity)} or more, or \`--status INACTIVE\` to stop issuing.`,
      );
    case 'empty-window':
      throw new CliError(
        'EMPTY_WINDOW',
        `The validity of coupon ${id} would end before it begins. Nothing was changed.`,
        'Give a --valid-until after --valid-from.',
      );
  }
}

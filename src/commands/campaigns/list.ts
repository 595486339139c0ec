import type { Context } from '../../context.js';
import { table } from '../../output/table.js';
import type { CommandResult } from '../result.js';
import { campaignJson } from './show.js';

export async function run(context: Context): Promise<CommandResult> {
  const store = await context.store();
  const campaigns = (await store.campaigns()).map(campaignJson);
  if (campaigns.length === 0) {
    context.output.note('No campaigns yet: `coupons campaigns create 1 --stock 100`.');
  }
  context.output.result({ campaigns }, () =>
    campaigns.length === 0
      ? ''
      : table(
          [
            { title: 'COUPON', align: 'right' },
            { title: 'NAME' },
            { title: 'STOCK', align: 'right' },
            { title: 'ISSUED', align: 'right' },
            { title: 'LEFT', align: 'right' },
            { title: 'STATUS' },
            { title: 'VALID FROM' },
            { title: 'VALID UNTIL' },
          ],
          campaigns.map((campaign) => [
            campaign.couponId,
            campaign.name,
            campaign.totalQuantity,
            campaign.issuedQuantity,
            campaign.totalQuantity - campaign.issuedQuantity,
            campaign.status,
            campaign.validFrom,
            campaign.validUntil,
          ]),
        ),
  );
  return undefined;
}

import type { Context } from '../services.js';
import { count } from '../../text/figures.js';
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
            { title: 'NAME', tight: 'clip' },
            { title: 'STOCK', align: 'right' },
            { title: 'ISSUED', align: 'right' },
            { title: 'LEFT', align: 'right', mayGo: true },
            { title: 'STATUS' },
            { title: 'FROM (UTC)', tight: 'fold', mayGo: true },
            { title: 'UNTIL (UTC)', tight: 'fold', mayGo: true },
          ],
          campaigns.map((campaign) => [
            campaign.couponId,
            campaign.name,
            count(campaign.totalQuantity),
            count(campaign.issuedQuantity),
            count(campaign.totalQuantity - campaign.issuedQuantity),
            campaign.status,
            minute(campaign.validFrom),
            minute(campaign.validUntil),
          ]),
          context.output.columns,
          '`coupons campaigns show`',
        ),
  );
  return undefined;
}

/** 2026-12-24T18:00:00.000Z → "2026-12-24 18:00"; seconds where they matter. */
function minute(iso: string | null): string | null {
  return iso?.replace('T', ' ').replace(/(:00)?(\.000)?Z$/, '') ?? null;
}

import type { Services } from '../services.js';
import { count } from '../../text/figures.js';
import { table } from '../../output/table.js';
import type { CommandResult } from '../result.js';
import { warnOfMismatchIfQuick } from '../store-mismatch.js';
import { campaignJson, shownName } from './show.js';

export async function run(services: Services): Promise<CommandResult> {
  const store = await services.readableStore();
  const campaigns = (await store.campaigns()).map(campaignJson);
  if (campaigns.length === 0) {
    services.output.note('No campaigns yet: `coupons campaigns create 1 --stock 100`.');
  }
  services.output.result({ campaigns }, () =>
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
            shownName(campaign),
            count(campaign.totalQuantity),
            count(campaign.issuedQuantity),
            count(campaign.totalQuantity - campaign.issuedQuantity),
            campaign.status,
            minute(campaign.validFrom),
            minute(campaign.validUntil),
          ]),
          services.output.columns,
          '`coupons campaigns show`',
        ),
  );
  await warnOfMismatchIfQuick(services, store);
  return undefined;
}

/** 2026-12-24T18:00:00.000Z → "2026-12-24 18:00"; seconds where they matter. */
function minute(iso: string | null): string | null {
  return iso?.replace('T', ' ').replace(/(:00)?(\.000)?Z$/, '') ?? null;
}

import type { Services } from '../services.js';
import type { Campaign } from '../../coupon/campaign.js';
import { CliError } from '../../errors.js';
import { count } from '../../text/figures.js';
import { isoTime } from '../../output/output.js';
import { printable } from '../../output/printable.js';
import { pairs } from '../../output/table.js';
import type { CommandResult } from '../result.js';

export async function run(
  services: Services,
  _options: unknown,
  couponId: number,
): Promise<CommandResult> {
  const store = await services.readableStore();
  const campaign = await store.campaign(couponId);
  if (campaign === null) throw campaignNotFound(couponId);
  showCampaign(services, campaign);
  return undefined;
}

export function campaignNotFound(couponId: number): CliError {
  return new CliError(
    'CAMPAIGN_NOT_FOUND',
    `There is no campaign for coupon ${String(couponId)} in this store.`,
    'See `coupons campaigns list`, or create it with `coupons campaigns create`.',
  );
}

/** docs/contract.md, "campaigns". */
export function campaignJson(campaign: Campaign) {
  const { couponId, name, totalQuantity, issuedQuantity, status } = campaign;
  return {
    couponId,
    name,
    totalQuantity,
    issuedQuantity,
    status,
    validFrom: isoTime(campaign.validFromMs),
    validUntil: isoTime(campaign.validUntilMs),
  };
}

/** A name may hold anything, colours among it. */
export function shownName({ name }: Pick<Campaign, 'name'>): string | null {
  return name === null ? null : printable(name);
}

export function showCampaign(services: Services, campaign: Campaign): void {
  const json = campaignJson(campaign);
  services.output.result(json, () =>
    pairs(
      [
        ['coupon', json.couponId],
        ['name', shownName(json)],
        ['stock', count(json.totalQuantity)],
        ['issued', count(json.issuedQuantity)],
        ['left', count(json.totalQuantity - json.issuedQuantity)],
        ['status', json.status],
        ['valid from', json.validFrom],
        ['valid until', json.validUntil],
      ],
      services.output.columns,
    ),
  );
}

import { changedBy } from '../actor.js';
import type { Services } from '../services.js';
import type { CampaignStatus, CampaignTerms } from '../../coupon/campaign.js';
import { UsageError } from '../../errors.js';
import type { CommandResult } from '../result.js';
import { reportChange } from './change.js';

interface Options {
  readonly stock?: number;
  readonly status?: CampaignStatus;
  readonly validFrom?: number;
  readonly validUntil?: number;
}

export async function run(
  services: Services,
  { stock, status, validFrom, validUntil }: Options,
  couponId: number,
): Promise<CommandResult> {
  const terms: Partial<CampaignTerms> = {
    ...(stock === undefined ? {} : { totalQuantity: stock }),
    ...(status === undefined ? {} : { status }),
    ...(validFrom === undefined ? {} : { validFromMs: validFrom }),
    ...(validUntil === undefined ? {} : { validUntilMs: validUntil }),
  };
  if (Object.keys(terms).length === 0) {
    throw new UsageError(
      'No change was given.',
      'Give --stock, --status, --valid-from or --valid-until.',
    );
  }
  await services.announceChange({ store: true });
  const store = await services.writableStore();
  reportChange(services, couponId, await store.updateCampaign(couponId, terms, changedBy()));
  return undefined;
}

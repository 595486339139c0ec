import type { CampaignTerms } from '../../coupon/campaign.js';
import { changedBy } from '../actor.js';
import type { Services } from '../services.js';
import type { CommandResult } from '../result.js';
import { reportChange } from './change.js';

interface Options {
  readonly stock: number;
  readonly name?: string;
  readonly validFrom?: number;
  readonly validUntil?: number;
}

export async function run(
  services: Services,
  options: Options,
  couponId: number,
): Promise<CommandResult> {
  await services.announceChange({ store: true });
  const store = await services.newOrExistingStore();
  const terms: CampaignTerms = {
    name: options.name ?? null,
    totalQuantity: options.stock,
    status: 'ACTIVE',
    validFromMs: options.validFrom ?? null,
    validUntilMs: options.validUntil ?? null,
  };
  const change = await store.createCampaign(couponId, terms, changedBy());
  reportChange(services, couponId, change);
  return undefined;
}

import type { Context } from '../services.js';
import type { CommandResult } from '../result.js';
import { reportChange } from './change.js';

interface Options {
  readonly stock: number;
  readonly name?: string;
  readonly validFrom?: number;
  readonly validUntil?: number;
}

export async function run(
  context: Context,
  options: Options,
  couponId: number,
): Promise<CommandResult> {
  const store = await context.store();
  const change = await store.createCampaign(couponId, {
    name: options.name ?? null,
    totalQuantity: options.stock,
    status: 'ACTIVE',
    validFromMs: options.validFrom ?? null,
    validUntilMs: options.validUntil ?? null,
  });
  reportChange(context, couponId, change);
  return undefined;
}

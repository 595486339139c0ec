/** Generated requests take real coupons: what is asked and said before they are sent. */
import type { Campaign } from '../../coupon/campaign.js';
import { decide } from '../../coupon/decide.js';
import type { Decision } from '../../coupon/outcome.js';
import { REQUEST_TOPIC } from '../../coupon/topics.js';
import { CliError } from '../../errors.js';
import { isLoopback } from '../../serve/http/access/loopback.js';
import { count, counted } from '../../text/figures.js';
import { utcTime } from '../../text/times.js';
import type { Services } from '../services.js';

interface Load {
  readonly coupon?: number;
  readonly count: number;
  readonly yes?: boolean;
}

/**
 * Generated load to a cluster that is not this machine's is asked about, or needs --yes. Requests of a file are what
 * the user wrote: they are only announced. Throws as Services.confirm does.
 */
export async function confirmLoad(services: Services, load: Load): Promise<void> {
  const target = { topics: [REQUEST_TOPIC] };
  if (load.coupon === undefined || services.options.brokers.every(isOnThisMachine)) {
    await services.announceChange(target);
    return;
  }
  const requests = counted(load.count, 'generated request');
  const question = `Send ${requests} for coupon ${String(load.coupon)}`;
  await services.confirm(question, target, load, false);
}

/** Of "host:port", with an IPv6 address in brackets. */
function isOnThisMachine(broker: string): boolean {
  return isLoopback(broker.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1'));
}

/** Says so where each request would be rejected, as far as the store can be read. */
export async function warnOfRejection(services: Services, couponId: number): Promise<void> {
  const campaign = await campaignOf(services, couponId);
  if (campaign === undefined) return;
  const decision = decide({ campaign, holdsCoupon: false, timestampMs: services.clock.now() });
  if (decision === 'ISSUED') return;
  const why =
    campaign === null
      ? `Coupon ${String(couponId)} has no campaign in ${services.options.store.name}`
      : `Campaign ${String(couponId)} ${stateOf(campaign, decision)}`;
  services.output.warn(`${why}: such requests are rejected as ${decision}.`);
}

function stateOf(campaign: Campaign, decision: Decision): string {
  switch (decision) {
    case 'NOT_STARTED':
      return `begins at ${shownTime(campaign.validFromMs)}`;
    case 'EXPIRED':
      return `ended at ${shownTime(campaign.validUntilMs)}`;
    case 'SOLD_OUT':
      return `has no stock left (${count(campaign.issuedQuantity)} of ${count(campaign.totalQuantity)} issued)`;
    case 'INACTIVE':
    case 'NOT_FOUND':
    case 'DUPLICATE':
    case 'ISSUED':
      return `is ${decision}`;
  }
}

/** Undefined where it is not known. */
async function campaignOf(
  services: Services,
  couponId: number,
): Promise<Campaign | null | undefined> {
  try {
    const store = await services.readableStore();
    return await store.campaign(couponId);
  } catch (error) {
    // Requests are sent without a store as well.
    if (error instanceof CliError) return undefined;
    throw error;
  }
}

function shownTime(ms: number | null): string {
  return ms === null ? '-' : utcTime(ms);
}

import { isOnSale, type Campaign } from '../coupon/campaign.js';
import { PROCESSING_FAILED } from '../dead-letters/dead-letter.js';
import type { CouponStore } from '../ports/coupon-store.js';
import { MINUTE_MS, type OutcomeMinute, type StoreHistory } from '../ports/store-history.js';
import type { DecidedFacts, SaleFacts } from './facts.js';

export type SaleStore = Pick<CouponStore, 'campaigns'> & Pick<StoreHistory, 'outcomesByMinute'>;

/**
 * The consumer that counts by minute may be another machine, with a clock that is so far off. Who comes so long before a
 * sale or after it is one of its users.
 */
const AROUND_MS = 5 * MINUTE_MS;

/** What a store has decided around an instant, by minute: to compare with the same a little later. */
export async function decidedAround(
  store: Pick<StoreHistory, 'outcomesByMinute'>,
  sinceMs: number,
  nowMs: number,
): Promise<readonly OutcomeMinute[]> {
  const from = sinceMs - AROUND_MS;
  return store.outcomesByMinute({ fromMs: from, toMs: nowMs + AROUND_MS });
}

export interface DecidedMinutes {
  readonly before: readonly OutcomeMinute[];
  readonly after: readonly OutcomeMinute[];
}

/** What was decided from one look to the other. */
export function decidedBetween(
  { before, after }: DecidedMinutes,
  campaigns: readonly Campaign[],
  nowMs: number,
): DecidedFacts {
  const sales = salesAround(after, campaigns, nowMs);
  const decided = (which: (minute: OutcomeMinute) => boolean) =>
    rowsOf(after.filter(which)) - rowsOf(before.filter(which));
  return {
    outcomes: decided(() => true),
    issued: decided(({ outcome }) => outcome === 'ISSUED'),
    duplicates: decided(({ outcome }) => outcome === 'DUPLICATE'),
    missed: decided((minute) => isMissed(minute, sales)),
  };
}

function rowsOf(minutes: readonly OutcomeMinute[]): number {
  return minutes.reduce((sum, { rows }) => sum + rows, 0);
}

/** Campaigns that issued coupons in these minutes, or whose window begins about now. */
function salesAround(
  minutes: readonly OutcomeMinute[],
  campaigns: readonly Campaign[],
  nowMs: number,
): ReadonlySet<number | null> {
  const issuing = minutes.filter(({ outcome }) => outcome === 'ISSUED');
  const beginning = campaigns.filter(
    ({ validFromMs }) => validFromMs !== null && Math.abs(validFromMs - nowMs) <= AROUND_MS,
  );
  return new Set([...issuing, ...beginning].map(({ couponId }) => couponId));
}

function isMissed(
  { outcome, couponId, reasonCode }: OutcomeMinute,
  sales: ReadonlySet<number | null>,
): boolean {
  switch (outcome) {
    case 'SOLD_OUT':
    case 'NOT_STARTED':
    case 'EXPIRED':
      return sales.has(couponId);
    case 'DEAD_LETTERED':
      return reasonCode === PROCESSING_FAILED;
    default:
      return false;
  }
}

export async function saleFacts(
  store: Pick<CouponStore, 'campaigns'>,
  nowMs: number,
  minutes: DecidedMinutes,
): Promise<SaleFacts> {
  const campaigns = await store.campaigns();
  const decided = decidedBetween(minutes, campaigns, nowMs);
  const onSale = campaigns
    .filter((campaign) => isOnSale(campaign, nowMs))
    .map(({ couponId }) => couponId);
  return { onSale, decided };
}

import { isOnSale } from '../coupon/campaign.js';
import type { CouponStore } from '../ports/coupon-store.js';
import { MINUTE_MS, type OutcomeMinute, type StoreHistory } from '../ports/store-history.js';
import type { DecidedFacts, SaleFacts } from './facts.js';

export type SaleStore = Pick<CouponStore, 'campaigns'> & Pick<StoreHistory, 'outcomesByMinute'>;

/** The consumer that counts by minute may be another machine, with a clock that is so far off. */
const CLOCKS_APART_MS = 5 * MINUTE_MS;

/** What a store has decided around an instant, by minute: to compare with the same a little later. */
export async function decidedAround(
  store: Pick<StoreHistory, 'outcomesByMinute'>,
  sinceMs: number,
  nowMs: number,
): Promise<readonly OutcomeMinute[]> {
  const from = sinceMs - CLOCKS_APART_MS;
  return store.outcomesByMinute({ fromMs: from, toMs: nowMs + CLOCKS_APART_MS });
}

/** What was decided from one look to the other. */
export function decidedBetween(
  before: readonly OutcomeMinute[],
  after: readonly OutcomeMinute[],
): DecidedFacts {
  const [then, now] = [totalsOf(before), totalsOf(after)];
  return { outcomes: now.outcomes - then.outcomes, issued: now.issued - then.issued };
}

function totalsOf(minutes: readonly OutcomeMinute[]): DecidedFacts {
  const rowsOf = (some: readonly OutcomeMinute[]) => some.reduce((sum, { rows }) => sum + rows, 0);
  const issued = minutes.filter(({ outcome }) => outcome === 'ISSUED');
  return { outcomes: rowsOf(minutes), issued: rowsOf(issued) };
}

export async function saleFacts(
  store: Pick<CouponStore, 'campaigns'>,
  nowMs: number,
  decided: DecidedFacts | null,
): Promise<SaleFacts> {
  const campaigns = await store.campaigns();
  const onSale = campaigns
    .filter((campaign) => isOnSale(campaign, nowMs))
    .map(({ couponId }) => couponId);
  return { onSale, decided };
}

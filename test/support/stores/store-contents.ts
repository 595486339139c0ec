import type { Campaign } from '../../../src/coupon/campaign.js';
import type {
  CampaignVersion,
  CouponStore,
  IssuedCoupon,
  StoredPosition,
} from '../../../src/ports/coupon-store.js';
import type { AppliedOutcome } from '../../../src/ports/store-snapshot.js';
import type { OutcomeMinute, Period } from '../../../src/ports/store-history.js';

export const EVER: Period = {
  fromMs: Number.MIN_SAFE_INTEGER,
  toMs: Number.MAX_SAFE_INTEGER,
};

/** All that a store says, in memory. */
export interface StoreContents {
  readonly positions: readonly StoredPosition[];
  readonly campaigns: readonly Campaign[];
  readonly versions: readonly CampaignVersion[];
  /** In the order of applying. */
  readonly outcomes: readonly AppliedOutcome[];
  /** By coupon and sequence. */
  readonly issued: readonly IssuedCoupon[];
  /** Rows that the store has counted by minute, by campaign, outcome and reason. */
  readonly counted: Readonly<Record<string, number>>;
}

export async function contentsOf(store: CouponStore): Promise<StoreContents> {
  const issued = await all(store.issued({}));
  const counted = addedUp(await store.outcomesByMinute(EVER));
  return store.snapshot(async (snapshot) => ({
    positions: await snapshot.positions(),
    campaigns: await snapshot.campaigns(),
    versions: await snapshot.versions(),
    outcomes: await all(snapshot.outcomesApplied()),
    issued,
    counted,
  }));
}

/** What outcomesByMinute comes to. */
export function addedUp(minutes: readonly OutcomeMinute[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { couponId, outcome, reasonCode, rows } of minutes) {
    const key = JSON.stringify([couponId, outcome, reasonCode]);
    counts[key] = (counts[key] ?? 0) + rows;
  }
  return counts;
}

/** The rows of all pages. */
export async function all<T>(pages: AsyncIterable<readonly T[]>): Promise<readonly T[]> {
  const rows: T[] = [];
  for await (const page of pages) rows.push(...page);
  return rows;
}

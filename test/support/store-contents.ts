import type { Campaign } from '../../src/coupon/campaign.js';
import type {
  AppliedOutcome,
  CampaignVersion,
  CouponStore,
  IssuedCoupon,
  StoredPosition,
} from '../../src/ports/coupon-store.js';

/** All that a store says, in memory. */
export interface StoreContents {
  readonly positions: readonly StoredPosition[];
  readonly campaigns: readonly Campaign[];
  readonly versions: readonly CampaignVersion[];
  /** In the order of applying. */
  readonly outcomes: readonly AppliedOutcome[];
  /** By coupon and sequence. */
  readonly issued: readonly IssuedCoupon[];
}

export async function contentsOf(store: CouponStore): Promise<StoreContents> {
  const issued = await all(store.issued({}));
  return store.snapshot(async (snapshot) => ({
    positions: await snapshot.positions(),
    campaigns: await snapshot.campaigns(),
    versions: await snapshot.versions(),
    outcomes: await all(snapshot.outcomesApplied()),
    issued,
  }));
}

/** The rows of all pages. */
export async function all<T>(pages: AsyncIterable<readonly T[]>): Promise<readonly T[]> {
  const rows: T[] = [];
  for await (const page of pages) rows.push(...page);
  return rows;
}

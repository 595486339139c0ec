import type { CampaignTerms } from '../coupon/campaign.js';
import type { CampaignVersion } from '../ports/coupon-store.js';

/** One term of a campaign that a change has set. Instants are in ms since the epoch. */
export interface TermChange {
  readonly term: keyof CampaignTerms;
  readonly from: string | number | null;
  readonly to: string | number | null;
}

const TERMS: readonly (keyof CampaignTerms)[] = [
  'name',
  'totalQuantity',
  'status',
  'validFromMs',
  'validUntilMs',
];

/** A version of a campaign's terms, and what it changed of the one before; nothing in the first. */
export interface ChangedTerms extends CampaignVersion {
  readonly changes: readonly TermChange[];
}

/** `versions`: of any campaigns, each campaign's in rising order. */
export function changedTerms(versions: readonly CampaignVersion[]): readonly ChangedTerms[] {
  const latest = new Map<number, CampaignVersion>();
  return versions.map((version) => {
    const before = latest.get(version.couponId);
    latest.set(version.couponId, version);
    return { ...version, changes: before === undefined ? [] : changesBetween(before, version) };
  });
}

function changesBetween(before: CampaignTerms, after: CampaignTerms): readonly TermChange[] {
  return TERMS.filter((term) => before[term] !== after[term]).map((term) => ({
    term,
    from: before[term],
    to: after[term],
  }));
}

import type { Campaign, CampaignTerms } from '../coupon/campaign.js';
import type { CampaignChange } from '../ports/coupon-store.js';

/** What a change of a campaign comes to, before anything is written. */
export interface PlannedChange {
  /** The answer. */
  readonly change: CampaignChange;
  /** What to write, with a new version of its terms; null: nothing. */
  readonly changed: Campaign | null;
}

/** `existing`: the campaign of this coupon, null where there is none. */
export function creation(
  existing: Campaign | null,
  couponId: number,
  terms: CampaignTerms,
): PlannedChange {
  if (existing !== null) return nothing({ kind: 'exists', campaign: existing });
  if (isEmptyWindow(terms)) return nothing({ kind: 'empty-window', campaign: termsOf(terms) });
  return toWrite({ ...terms, couponId, issuedQuantity: 0, version: 1 });
}

/** `before`: the campaign to change, null where there is none. */
export function update(before: Campaign | null, terms: Partial<CampaignTerms>): PlannedChange {
  if (before === null) return nothing({ kind: 'not-found' });
  const { couponId, issuedQuantity, version } = before;
  const after = { ...before, ...terms, couponId, issuedQuantity, version: version + 1 };
  if (after.totalQuantity < issuedQuantity) {
    return nothing({ kind: 'below-issued', campaign: before });
  }
  if (isEmptyWindow(after)) return nothing({ kind: 'empty-window', campaign: termsOf(after) });
  return haveSameTerms(before, after)
    ? nothing({ kind: 'done', campaign: before })
    : toWrite(after);
}

function nothing(change: CampaignChange): PlannedChange {
  return { change, changed: null };
}

function toWrite(campaign: Campaign): PlannedChange {
  return { change: { kind: 'done', campaign }, changed: campaign };
}

/** The terms alone, of what may hold more. */
function termsOf(campaign: CampaignTerms): CampaignTerms {
  const { name, totalQuantity, status, validFromMs, validUntilMs } = campaign;
  return { name, totalQuantity, status, validFromMs, validUntilMs };
}

/** Both ends belong to the window, so one instant is enough. */
function isEmptyWindow({ validFromMs, validUntilMs }: CampaignTerms): boolean {
  return validFromMs !== null && validUntilMs !== null && validFromMs > validUntilMs;
}

function haveSameTerms(a: CampaignTerms, b: CampaignTerms): boolean {
  return (
    a.name === b.name &&
    a.totalQuantity === b.totalQuantity &&
    a.status === b.status &&
    a.validFromMs === b.validFromMs &&
    a.validUntilMs === b.validUntilMs
  );
}

import type { Campaign } from './campaign.js';
import { decide } from './decide.js';
import type { Decision, Outcome } from './outcome.js';
import type { CouponRequest } from './request.js';

/** What is decided together: requests, and records that went to the DLQ before they could be. */
export type UndecidedEntry =
  | {
      readonly kind: 'request';
      readonly request: CouponRequest;
      /** The record's timestamp in the log, in ms. */
      readonly timestampMs: number;
    }
  | { readonly kind: 'dead-letter' };

/** What a store knows before the batch. */
export interface Known {
  campaign(couponId: number): Campaign | null;
  request(request: CouponRequest): KnownRequest;
}

export interface KnownRequest {
  /** Whether this user already holds this coupon. */
  readonly holdsCoupon: boolean;
  /** The final outcome of this very request (same coupon, user and eventId), or null. */
  readonly finalOutcome: Decision | null;
}

export interface Decided<Entry = UndecidedEntry> {
  readonly entry: Entry;
  readonly outcome: Outcome;
  /** The request had this final outcome before: nothing is to be written. */
  readonly repeated: boolean;
  /** 1..N within the campaign where this entry is ISSUED (not repeated), else null. */
  readonly sequence: number | null;
  /** Of the terms it was decided under; null where no campaign decided it. */
  readonly campaignVersion: number | null;
}

export interface DecidedBatch<Entry> {
  /** One element an entry, in order. */
  readonly decided: readonly Decided<Entry>[];
  /** The campaigns that were issued from, as they stand afterwards. */
  readonly issuedFrom: readonly Campaign[];
}

/**
 * Decides the entries of a batch in their order, each seeing the ones before it: docs/design.md,
 * "Rules of issuing", rule 2. Every store decides by this, and writes what it says. `met` has the requests
 * that were decided and that `known` does not know of yet, and gets those of this batch: a store that reads
 * what is known once for several batches gives it to each of them.
 */
export function decideBatch<Entry extends UndecidedEntry>(
  known: Known,
  entries: readonly Entry[],
  met: MetRequests = new MetRequests(),
): DecidedBatch<Entry> {
  const issuedFrom = new Map<number, Campaign>();

  function decideRequest(request: CouponRequest, timestampMs: number): Omit<Decided, 'entry'> {
    const { holdsCoupon, finalOutcome } = known.request(request);
    const final = finalOutcome ?? met.outcomeOf(request);
    if (final !== null) {
      return { outcome: final, repeated: true, sequence: null, campaignVersion: null };
    }
    const { couponId } = request;
    const campaign = issuedFrom.get(couponId) ?? known.campaign(couponId);
    const outcome = decide({
      campaign,
      holdsCoupon: holdsCoupon || met.holdsCoupon(request),
      timestampMs,
    });
    met.add(request, outcome);
    const campaignVersion = campaign?.version ?? null;
    if (campaign === null || outcome !== 'ISSUED') {
      return { outcome, repeated: false, sequence: null, campaignVersion };
    }
    const sequence = campaign.issuedQuantity + 1;
    issuedFrom.set(couponId, { ...campaign, issuedQuantity: sequence });
    return { outcome, repeated: false, sequence, campaignVersion };
  }

  const decided = entries.map((entry) => ({
    entry,
    ...(entry.kind === 'request' ? decideRequest(entry.request, entry.timestampMs) : DEAD_LETTERED),
  }));
  return { decided, issuedFrom: [...issuedFrom.values()] };
}

const DEAD_LETTERED = {
  outcome: 'DEAD_LETTERED',
  repeated: false,
  sequence: null,
  campaignVersion: null,
} as const;

/** The outcomes of one user's requests for one coupon, by eventId. */
type Outcomes = Map<string, Decision>;

/** What requests have become that were decided together so far. */
export class MetRequests {
  readonly #byCoupon = new Map<number, Map<number, Outcomes>>();

  add({ couponId, userId, eventId }: CouponRequest, outcome: Decision): void {
    let users = this.#byCoupon.get(couponId);
    if (users === undefined) this.#byCoupon.set(couponId, (users = new Map<number, Outcomes>()));
    const outcomes = users.get(userId);
    if (outcomes === undefined) users.set(userId, new Map([[eventId, outcome]]));
    else outcomes.set(eventId, outcome);
  }

  outcomeOf(request: CouponRequest): Decision | null {
    return this.#ofUser(request)?.get(request.eventId) ?? null;
  }

  holdsCoupon(request: CouponRequest): boolean {
    const outcomes = this.#ofUser(request);
    return outcomes !== undefined && [...outcomes.values()].includes('ISSUED');
  }

  #ofUser({ couponId, userId }: CouponRequest): Outcomes | undefined {
    return this.#byCoupon.get(couponId)?.get(userId);
  }
}

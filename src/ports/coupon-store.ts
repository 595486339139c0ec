/** The store's port: what the pipeline needs of whatever keeps the issued coupons. */
import type { Campaign, CampaignTerms } from '../coupon/campaign.js';
import type { Outcome } from '../coupon/outcome.js';
import type { CouponRequest } from '../coupon/request.js';
import { UnreachableError } from '../errors.js';
import type { IssuedCoupon } from './issued-coupon.js';
import type { Position } from './log.js';
import type { OutcomeRow } from './outcome-row.js';
import type { LetterIdentity, LetterRange } from './replayed-letters.js';
import type { Fingerprint, RecordIdentity, Source, StoredPosition } from './source.js';
import type { StoreFigures } from './store-figures.js';
import type { Period, StoreHistory } from './store-history.js';
import type { StoreSnapshot } from './store-snapshot.js';

export type { CampaignVersion } from './campaign-version.js';
export type { IssuedCoupon } from './issued-coupon.js';
export type { OutcomeRow } from './outcome-row.js';
export type { Fingerprint, RecordIdentity, Source, StoredPosition } from './source.js';

/** The part of a request that decides. */
export type RequestIdentity = CouponRequest;

/** One record to apply: a request to decide, or one that has gone to the DLQ already. */
export type Entry =
  | {
      readonly kind: 'request';
      readonly offset: bigint;
      readonly timestampMs: number;
      readonly request: RequestIdentity;
    }
  | {
      readonly kind: 'dead-letter';
      readonly offset: bigint;
      readonly timestampMs: number;
      readonly reasonCode: string;
      /** Null where the record could not be parsed. */
      readonly request: RequestIdentity | null;
    };

export interface ApplyBatch {
  readonly source: Source;
  /** The offset that the store must be at; null: it must not know this source yet. */
  readonly expectedOffset: bigint | null;
  /** In the order of the log; at least one. */
  readonly entries: readonly Entry[];
  /** Where the source stands afterwards. */
  readonly nextOffset: bigint;
  /** Of the last record of the batch. */
  readonly lastApplied: Fingerprint;
}

/** What became of one entry. */
export interface Applied {
  readonly outcome: Outcome;
  /** The request had a final outcome before: `outcome` is that one, and nothing was written. */
  readonly repeated: boolean;
  /** 1..N within the campaign where this entry was ISSUED (not repeated), else null. */
  readonly sequence: number | null;
}

/**
 * applied: durable on disk, one element an entry, in order.
 * fenced: nothing was written, for the store stands elsewhere: another member has moved on.
 */
export type ApplyResult =
  | { readonly kind: 'applied'; readonly applied: readonly Applied[] }
  | { readonly kind: 'fenced'; readonly nextOffset: bigint | null };

export interface IssuedFilter {
  readonly couponId?: number;
  readonly userId?: number;
}

/** What became of one user's requests, for whichever coupon. */
export interface UserOutcomes {
  /** By couponId, then in the order of applying. */
  readonly rows: readonly OutcomeRow[];
  /**
   * False: more than MOST_COUPON_IDS coupon ids have outcomes. Then `rows` are of all campaigns, and of so many of the
   * lowest ids.
   */
  readonly isAll: boolean;
}

/**
 * Outcomes are found by coupon first. Requests may name any coupon, so that a producer which draws ids at random
 * would make a look at all of them endless.
 */
export const MOST_COUPON_IDS = 50_000;

/** Which store this is, wherever its file or database moves. */
export interface StoreIdentity {
  /** A UUID, drawn when the store was created. A copy of a store has the same one. */
  readonly id: string;
}

export type CampaignChange =
  | { readonly kind: 'done'; readonly campaign: Campaign }
  | { readonly kind: 'exists'; readonly campaign: Campaign }
  | { readonly kind: 'not-found' }
  /** Stock never goes below what is already issued. */
  | { readonly kind: 'below-issued'; readonly campaign: Campaign }
  /** The window would end before it starts. */
  | { readonly kind: 'empty-window'; readonly campaign: CampaignTerms };

/**
 * Where coupons are issued. Its laws, which test/contract/store/store.ts holds every implementation to:
 *
 * 1. applyBatch is one transaction: outcomes, issued coupons, stock and the source's next offset
 *    are all durable when it resolves, or nothing is.
 * 2. The source's offset moves only from `expectedOffset`; otherwise the result is `fenced`.
 * 3. Decisions are those of coupon/decide-batch.ts, entry by entry, each seeing the ones before it.
 * 4. A request (couponId, userId, eventId) has at most one final outcome for ever; a repeat gets it back
 *    and writes nothing. DEAD_LETTERED is not final: the request is decided when it comes again.
 * 5. A source's offset never goes back: a batch whose nextOffset is not beyond expectedOffset, or whose
 *    entries are not in rising order between the two, is a mistake in the program (RangeError).
 * 6. One record (position and timestamp) has at most one row that says DEAD_LETTERED, however often it
 *    is read.
 * 7. Calls of applyBatch are applied in the order in which they are made, each seeing those before; a
 *    caller need not wait for one before it makes the next.
 *
 * Throws StoreUnavailableError where the store as a whole fails (disk full, locked for good, gone), and
 * RecordRefusedError where it refuses the data of a record. Whatever is thrown, nothing was written; but where it is
 * STORE_UNREACHABLE, a commit may have been carried out whose answer is lost. A batch that was committed so is fenced when
 * it comes again.
 */
export interface CouponStore extends StoreFigures, StoreHistory {
  identity(): Promise<StoreIdentity>;

  applyBatch(batch: ApplyBatch): Promise<ApplyResult>;
  /** All sources of this group and topic, of whichever cluster. */
  positions(group: string, topic: string): Promise<readonly StoredPosition[]>;
  /** All sources of whichever group, topic and cluster. */
  allPositions(): Promise<readonly StoredPosition[]>;
  /** Forgets how far it has read, so that the log is read from its start; returns how many. */
  forgetPositions(group: string, topic: string): Promise<number>;
  /** The offsets of those of these records that have a row which says DEAD_LETTERED. */
  deadLettered(
    place: Omit<Position, 'offset'>,
    records: readonly RecordIdentity[],
  ): Promise<ReadonlySet<bigint>>;

  /** `changedBy`: "user@host". */
  createCampaign(
    couponId: number,
    terms: CampaignTerms,
    changedBy?: string,
  ): Promise<CampaignChange>;
  /** Changes only the terms that are given, all or none of them. */
  updateCampaign(
    couponId: number,
    terms: Partial<CampaignTerms>,
    changedBy?: string,
  ): Promise<CampaignChange>;
  campaign(couponId: number): Promise<Campaign | null>;
  /** By couponId. */
  campaigns(): Promise<readonly Campaign[]>;

  /** By coupon and sequence, in pages, so that an export of millions stays small in memory. */
  issued(filter: IssuedFilter): AsyncIterable<readonly IssuedCoupon[]>;
  countIssued(filter: IssuedFilter): Promise<number>;
  /** What became of this user's requests for this coupon, in the order of applying. */
  outcomesOf(couponId: number, userId: number): Promise<readonly OutcomeRow[]>;
  /** The same for every coupon: a look-up for each coupon id that has outcomes. */
  outcomesOfUser(userId: number): Promise<UserOutcomes>;
  /**
   * Reads one state of the store in one transaction, which is over when `read` has ended, however it
   * ends. Holds up no writer.
   */
  snapshot<T>(read: (snapshot: StoreSnapshot) => Promise<T>): Promise<T>;

  /** Durable when it resolves: all of them or none. A letter may be remembered again. */
  rememberReplayed(letters: readonly LetterIdentity[]): Promise<void>;
  wasReplayed(letter: LetterIdentity): Promise<boolean>;
  /** When each of these letters was replayed last (ms since the epoch), in the order given; null: never. */
  replayedAt(letters: readonly LetterIdentity[]): Promise<readonly (number | null)[]>;
  /** How many letters of a range were replayed, without a look at the log. */
  countReplayed(range: LetterRange): Promise<number>;
  /**
   * How many letters of a topic were replayed last within a period, by the clock of who replayed them. Costs by all that
   * the store remembers of it.
   */
  countReplayedWithin(topic: string, period: Period): Promise<number>;

  close(): Promise<void>;
}

/** What `consume` needs of a store while it runs. */
export type ConsumerStore = Pick<
  CouponStore,
  'identity' | 'applyBatch' | 'positions' | 'deadLettered' | 'recordEvents' | 'close'
>;

/** The store refuses what a record says (a constraint, a trigger): the others can be applied. */
export class RecordRefusedError extends Error {
  override readonly name = 'RecordRefusedError';
}

/** Throws RangeError where a batch breaks law 5 of CouponStore. */
export function assertForward({ expectedOffset, entries, nextOffset }: ApplyBatch): void {
  let least = expectedOffset ?? 0n;
  for (const { offset } of entries) {
    if (offset < least) throw goesBack(offset, least);
    least = offset + 1n;
  }
  if (nextOffset < least || nextOffset === expectedOffset) throw goesBack(nextOffset, least);
}

function goesBack(offset: bigint, least: bigint): RangeError {
  return new RangeError(
    `a batch can't go back: offset ${offset.toString()} comes where ${least.toString()} or a later one is due`,
  );
}

/**
 * The code of a StoreUnavailableError where nothing answers: the store's server is away, starts, stops or is
 * being replaced. It comes back without anyone's doing; a consumer waits for it without a limit.
 */
export const STORE_UNREACHABLE = 'STORE_UNREACHABLE';

/**
 * The store as a whole fails: no record's fault, nothing goes to the DLQ for it. A consumer waits
 * for it; any other command ends with exit code 4.
 */
export class StoreUnavailableError extends UnreachableError {
  constructor(
    code: string,
    message: string,
    { hint = NOTHING_WRITTEN, ...options }: ErrorOptions & { readonly hint?: string } = {},
  ) {
    super(code, message, hint, options);
  }
}

const NOTHING_WRITTEN = 'Nothing was written. Fix the problem and retry.';

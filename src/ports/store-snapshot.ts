/** One state of a store, for what reads much of it: an audit, a user's history. */
import type { Campaign } from '../coupon/campaign.js';
import type { CouponRequest } from '../coupon/request.js';
import type { CampaignVersion } from './campaign-version.js';
import type { Position } from './log.js';
import type { OutcomeRow } from './outcome-row.js';
import type { RecordIdentity, StoredPosition } from './source.js';

/** An outcome in the order of applying, and what the rows before it say of its user. */
export interface AppliedOutcome extends OutcomeRow {
  /** 1..issuedQuantity within the campaign where it is ISSUED, else null. */
  readonly sequence: number | null;
  /** A row before this one says ISSUED of this coupon and user. */
  readonly heldBefore: boolean;
  /** This row has a final outcome, and a row before it has one of the same request. */
  readonly decidedBefore: boolean;
}

/**
 * One state of the store, whatever is written meanwhile. What grows with the requests comes in pages
 * and stays in the store: a reader keeps one page at a time.
 */
export interface StoreSnapshot {
  positions(): Promise<readonly StoredPosition[]>;
  /** By couponId. */
  campaigns(): Promise<readonly Campaign[]>;
  /** By couponId and version. */
  versions(): Promise<readonly CampaignVersion[]>;
  /** The partitions of a topic that have outcomes, in rising order. */
  partitionsOf(topic: string): Promise<readonly number[]>;
  /** The outcomes of one partition by offset; of one offset, in the order of applying. */
  outcomesInLog(topic: string, partition: number): AsyncIterable<readonly OutcomeRow[]>;
  /** All outcomes, of all topics, in the order of applying. */
  outcomesApplied(): AsyncIterable<readonly AppliedOutcome[]>;
  /**
   * The id of the last outcome that version 0.1 has decided, 0 where there is none. To that version the
   * eventId alone named a request: it skipped a request whose eventId another user's had.
   */
  lastIdOf01(): Promise<number>;
  /** The first final outcome of each of these requests, in the order given; null where it has none. */
  decisionsOf(requests: readonly CouponRequest[]): Promise<readonly (OutcomeRow | null)[]>;
  /** As of the store. */
  outcomesOf(couponId: number, userId: number): Promise<readonly OutcomeRow[]>;
  /** As of the store. */
  deadLettered(
    place: Omit<Position, 'offset'>,
    records: readonly RecordIdentity[],
  ): Promise<ReadonlySet<bigint>>;
}

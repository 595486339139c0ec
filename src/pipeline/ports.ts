/**
 * What the pipeline needs of the world, in its own words. kafka/ and store/ implement these; the
 * in-memory twins in test/ pass the same contract tests.
 *
 * Offsets are bigint (Kafka's are 64 bit), instants are milliseconds since the epoch.
 */
import type { Campaign, CampaignTerms } from '../coupon/campaign.js';
import type { Outcome } from '../coupon/outcome.js';
import type { CouponRequest } from '../coupon/request.js';
import { UnreachableError } from '../errors.js';

// ---- the log -------------------------------------------------------------------------------

export interface Position {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
}

/** A header may occur several times under one name. */
export type Headers = Readonly<Record<string, Buffer | readonly Buffer[]>>;

/** One record, as the log holds it. */
export interface LogRecord extends Position {
  readonly timestampMs: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Headers;
}

/** What one partition holds: `endOffset` is that of the next record to come. */
export interface PartitionBounds {
  readonly partition: number;
  readonly startOffset: bigint;
  readonly endOffset: bigint;
}

/** Reads the log without a group: leaves nothing behind and moves nobody's offset. */
export interface LogReader {
  clusterId(): Promise<string>;
  /** All partitions of a topic. Throws CliError TOPIC_NOT_FOUND. */
  bounds(topic: string): Promise<readonly PartitionBounds[]>;
  /** The record at exactly this offset, or null where the log has none (deleted or compacted). */
  recordAt(position: Position): Promise<LogRecord | null>;
  /**
   * The records of one partition from `from` up to but without `to`, in order, in chunks. Ends early
   * only at the end of the log. Offsets may have gaps.
   */
  read(topic: string, partition: number, from: bigint, to: bigint): AsyncIterable<LogRecord[]>;
}

// ---- the consumer group --------------------------------------------------------------------

/** What a member may do with a partition while it works on records of it. */
export interface PartitionSession {
  /** False as soon as the partition was given away, sought elsewhere, or the member stops. */
  isCurrent(): boolean;
  /** Tells the coordinator that this member lives. Never throws; see isCurrent() afterwards. */
  heartbeat(): Promise<void>;
  /** Commits to Kafka: `nextOffset` is that of the next record to read. Never throws. */
  commit(nextOffset: bigint): Promise<void>;
  /** Goes on at another offset; the records in hand are then no longer current. */
  seek(offset: bigint): void;
  /**
   * Leaves this partition alone for a while and then goes on at `offset`; the member works on with
   * its other partitions and keeps its heartbeat. A rebalance or a stop ends the wait.
   */
  pause(offset: bigint, ms: number): void;
  /** The store has moved on without us: look up anew where to go on. */
  lost(): void;
}

export interface FetchedBatch {
  readonly topic: string;
  readonly partition: number;
  readonly records: readonly LogRecord[];
  /** One past the last offset fetched, which a transaction marker may hold instead of a record. */
  readonly nextOffset: bigint;
}

export interface MemberListener {
  /** Before anything of a newly assigned partition is handed over: where to start reading. */
  assigned(partitions: readonly number[]): Promise<ReadonlyMap<number, bigint>>;
  /** Batches of one member come one at a time, in order. Must not throw. */
  fetched(batch: FetchedBatch, session: PartitionSession): Promise<void>;
  /** The member can't go on: the error that ended it. */
  failed(error: Error): void;
}

/** One member of the consumer group. */
export interface GroupMember {
  start(listener: MemberListener): Promise<void>;
  /** Lets the batch in hand end, then leaves the group. */
  stop(): Promise<void>;
}

// ---- sending -------------------------------------------------------------------------------

/** A record to send; its key decides the partition. */
export interface OutgoingRecord {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Headers;
}

export interface SendResult {
  /** What all in-sync replicas have, by partition. */
  readonly acknowledged: readonly { readonly partition: number; readonly records: number }[];
  /** Why the others were not acknowledged (some of them may be in the log all the same). */
  readonly error: Error | null;
}

/** Sends records to one topic. */
export interface RecordSink<R extends OutgoingRecord = OutgoingRecord> {
  /** Finds the topic and connects. Throws CliError TOPIC_NOT_FOUND, BROKER_UNREACHABLE, ... */
  open(): Promise<void>;
  /**
   * Resolves when every record is acknowledged by all in-sync replicas, or is known not to be. Never
   * throws: what went wrong stands in the result.
   */
  send(records: readonly R[]): Promise<SendResult>;
  close(): Promise<void>;
}

// ---- the store -----------------------------------------------------------------------------

/** Whose progress: one group in one partition of one cluster. */
export interface Source {
  readonly clusterId: string;
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
}

/** Tells one record from another at the same offset of another log. */
export interface Fingerprint {
  readonly offset: bigint;
  readonly timestampMs: number;
  /** CRC-32 of the key's bytes followed by the value's (pipeline/fingerprint.ts). */
  readonly checksum: number;
}

/** How far the store has come in one partition, and the last record that it applied there. */
export interface StoredPosition extends Source {
  readonly nextOffset: bigint;
  readonly lastApplied: Fingerprint;
}

/** The part of a request that decides. */
export type RequestIdentity = Pick<CouponRequest, 'eventId' | 'couponId' | 'userId'>;

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
  /** The eventId had a final outcome before: `outcome` is that one, and nothing was written. */
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

export interface IssuedCoupon {
  readonly couponId: number;
  readonly userId: number;
  /** 1..issuedQuantity within the campaign, in the order of issuing. */
  readonly sequence: number;
  readonly eventId: string;
  /** When it was decided, by the clock of the consumer. */
  readonly issuedAtMs: number;
  readonly position: Position;
}

export interface IssuedFilter {
  readonly couponId?: number;
  readonly userId?: number;
}

/** One row of what became of requests; repeats have none. */
export interface OutcomeRow {
  /** Grows in the order of applying, across all partitions. */
  readonly id: number;
  /** Null where the record could not be parsed; couponId and userId are null with it. */
  readonly eventId: string | null;
  readonly couponId: number | null;
  readonly userId: number | null;
  readonly outcome: Outcome;
  /** Why it was dead-lettered, else null. */
  readonly reasonCode: string | null;
  /** Of the campaign it was decided under; null where there was none, or nothing was decided. */
  readonly campaignVersion: number | null;
  readonly position: Position;
  /** The record's timestamp in the log. */
  readonly timestampMs: number;
}

/** The terms a campaign once had. */
export interface CampaignVersion extends CampaignTerms {
  readonly couponId: number;
  readonly version: number;
  readonly createdAtMs: number;
}

/** One letter of one DLQ, told from whatever stands at its offset in a DLQ that was made anew. */
export interface LetterIdentity extends Fingerprint {
  readonly clusterId: string;
  readonly topic: string;
  readonly partition: number;
}

/** All that an audit needs, from one read transaction. */
export interface StoreSnapshot {
  readonly positions: readonly StoredPosition[];
  readonly campaigns: readonly Campaign[];
  readonly versions: readonly CampaignVersion[];
  /** By id. */
  readonly outcomes: readonly OutcomeRow[];
  /** By coupon and sequence. */
  readonly issued: readonly IssuedCoupon[];
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
 * Where coupons are issued. Its laws, which test/contract/store.ts holds every implementation to:
 *
 * 1. applyBatch is one transaction: outcomes, issued coupons, stock and the source's next offset
 *    are all durable when it resolves, or nothing is.
 * 2. The source's offset moves only from `expectedOffset`; otherwise the result is `fenced`.
 * 3. Decisions are those of coupon/decide.ts, entry by entry, each seeing the ones before it.
 * 4. An eventId has at most one final outcome for ever; a repeat gets it back and writes nothing.
 *    DEAD_LETTERED is not final: the eventId is decided anew when it comes again.
 *
 * Throws StoreUnavailableError where the store as a whole fails (disk full, locked for good, gone);
 * any other error is the fault of a record in the batch. Whatever is thrown, nothing was written.
 */
export interface CouponStore {
  applyBatch(batch: ApplyBatch): Promise<ApplyResult>;
  /** All sources of this group and topic, of whichever cluster. */
  positions(group: string, topic: string): Promise<readonly StoredPosition[]>;
  /** Forgets how far it has read, so that the log is read from its start; returns how many. */
  forgetPositions(group: string, topic: string): Promise<number>;

  createCampaign(couponId: number, terms: CampaignTerms): Promise<CampaignChange>;
  /** Changes only the terms that are given, all or none of them. */
  updateCampaign(couponId: number, terms: Partial<CampaignTerms>): Promise<CampaignChange>;
  campaign(couponId: number): Promise<Campaign | null>;
  /** By couponId. */
  campaigns(): Promise<readonly Campaign[]>;

  /** By coupon and sequence, in pages, so that an export of millions stays small in memory. */
  issued(filter: IssuedFilter): AsyncIterable<readonly IssuedCoupon[]>;
  countIssued(filter: IssuedFilter): Promise<number>;
  /** What became of this user's requests for this coupon, in the order of applying. */
  outcomesOf(couponId: number, userId: number): Promise<readonly OutcomeRow[]>;
  snapshot(): Promise<StoreSnapshot>;

  /** Durable when it resolves: all of them or none. A letter may be remembered again. */
  rememberReplayed(letters: readonly LetterIdentity[]): Promise<void>;
  wasReplayed(letter: LetterIdentity): Promise<boolean>;

  close(): Promise<void>;
}

/**
 * The store as a whole fails: no record's fault, nothing goes to the DLQ for it. A consumer waits
 * for it; any other command ends with exit code 4.
 */
export class StoreUnavailableError extends UnreachableError {
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(code, message, 'Nothing was written; mend it and try again.', options);
  }
}

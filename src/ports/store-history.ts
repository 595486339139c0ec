/** What happened to a sale, and when: kept in the store, beside the outcomes. */
import type { Outcome } from '../coupon/outcome.js';

/** Who did something: the user, host and process that ran the command. */
export interface Actor {
  /** Of the operating system; its uid where that has no name. */
  readonly user: string;
  readonly host: string;
  readonly pid: number;
}

/** What the pipeline waited for. */
export type OutageOf = 'broker' | 'store' | 'dlq';

/** What happened beside outcomes and changes of terms, which have tables of their own. */
export type EventDetails =
  | {
      readonly kind: 'CONSUMER_STARTED';
      /** The same in all events of one run of `consume`. */
      readonly run: string;
      readonly clusterId: string;
      readonly group: string;
      readonly topic: string;
      readonly mode: string;
      readonly members: number;
    }
  | {
      readonly kind: 'CONSUMER_STOPPED';
      readonly run: string;
      readonly group: string;
      readonly records: number;
      /** The code of the error that ended it; null: it stopped as it was asked to. */
      readonly errorCode: string | null;
    }
  | {
      /** A member of this run got these partitions, instead of those it had before. */
      readonly kind: 'PARTITIONS_ASSIGNED';
      readonly run: string;
      readonly group: string;
      /** 1..members. */
      readonly member: number;
      readonly partitions: readonly number[];
    }
  | {
      /** It is over; `atMs` is when it ended. */
      readonly kind: 'OUTAGE';
      readonly run: string;
      readonly of: OutageOf;
      /** What it was exactly: "the group coordinator". Absent in events of before it was written. */
      readonly what?: string;
      readonly elapsedMs: number;
    }
  | {
      /** Written before the first letter is sent, so that a replay that is killed is known. */
      readonly kind: 'REPLAY_BEGUN';
      /** The same in the LETTERS_REPLAYED that ends it. */
      readonly run: string;
      readonly topic: string;
      /** How many it was to send, by its plan. */
      readonly letters: number;
    }
  | {
      readonly kind: 'LETTERS_REPLAYED';
      readonly topic: string;
      readonly sent: number;
      readonly failed: number;
      /** Absent, as the two below, in events of before REPLAY_BEGUN was written. */
      readonly run?: string;
      /** As in REPLAY_BEGUN. */
      readonly letters?: number;
      /** The code of what ended it early; null: nothing did. */
      readonly endedBy?: string | null;
    }
  | {
      readonly kind: 'LETTERS_PURGED';
      readonly topic: string;
      readonly letters: number;
    }
  | {
      readonly kind: 'OFFSETS_RESET';
      readonly group: string;
      readonly topic: string;
      readonly partitions: readonly number[];
      /** Where the store had come before. Absent in events of before it was written. */
      readonly forgotten?: readonly ForgottenPosition[];
    }
  | {
      readonly kind: 'STORE_TAKEN_OVER';
      readonly group: string;
      readonly topic: string;
      readonly partitions: readonly number[];
    }
  | {
      readonly kind: 'PARTITIONS_ADDED';
      readonly topic: string;
      readonly from: number;
      readonly to: number;
    }
  | {
      readonly kind: 'AUDITED';
      /** Null: all campaigns. */
      readonly couponId: number | null;
      readonly verdict: 'PASS' | 'FAIL';
      readonly records: number;
      readonly findings: number;
      readonly unprocessed: number;
      readonly elapsedMs: number;
    };

/**
 * A position that was reset, and its last applied record: an audit knows by it whether the log is still that one. An
 * event's JSON has no 64-bit integers, so that offsets are text.
 */
export interface ForgottenPosition {
  readonly clusterId: string;
  readonly partition: number;
  readonly nextOffset: string;
  readonly lastAppliedOffset: string;
  readonly lastAppliedMs: number;
  /** As of Fingerprint. */
  readonly lastAppliedChecksum: number;
  /** The store's highest outcome id then; 0: it had none. */
  readonly lastOutcomeId: number;
}

export type EventKind = EventDetails['kind'];

/** An event as it is written. Its JSON is what a store keeps: numbers, strings, null, and arrays and objects of these alone. */
export type NewEvent = EventDetails & {
  readonly atMs: number;
  readonly actor: Actor;
};

export type StoredEvent = NewEvent & {
  /** Grows in the order of writing. */
  readonly id: number;
};

/** From `fromMs` up to but without `toMs`; of minutes, those that begin in it. */
export interface Period {
  readonly fromMs: number;
  readonly toMs: number;
}

export const MINUTE_MS = 60_000;

/** Rows of outcomes that were decided in one minute, and have these in common. Repeats are not among them. */
export interface OutcomeMinute {
  /** When the minute began, a multiple of MINUTE_MS, by the clock of the consumer that decided. */
  readonly minuteMs: number;
  /** Null: of no campaign that the store had then (NOT_FOUND, or a dead letter). */
  readonly couponId: number | null;
  readonly outcome: Outcome;
  /** Of a dead letter, else null. */
  readonly reasonCode: string | null;
  readonly rows: number;
}

/** A store keeps its latest events, so that a group which rebalances all night can't fill a disk. */
export const MOST_EVENTS = 100_000;

/**
 * Its laws (test/contract/store/store.ts):
 *
 * 1. applyBatch counts its new rows under their minute in its own transaction: outcomesByMinute over all time
 *    equals outcomeTotals, for what was applied since `countedSinceMs`.
 * 2. recordEvents is durable when it resolves. While batches are applied, events share their transactions. They change
 *    nothing that decides: an event that can't be written loses no batch, and no batch waits for it longer than for a slice.
 * 3. What reads costs by the length of the period, not by what the store holds.
 */
export interface StoreHistory {
  recordEvents(events: readonly NewEvent[]): Promise<void>;
  /** By atMs, then id; the latest `limit` of them. */
  events(period: Period, limit: number): Promise<readonly StoredEvent[]>;
  /** The latest by id; null where there is none. */
  latestEvent(kind: EventKind): Promise<StoredEvent | null>;
  /**
   * By minute; each combination once a minute. `couponId`: only of this campaign; null: of all. `stepMs`: a multiple of
   * MINUTE_MS; minutes that begin in the same step, which begins at a multiple of its length, are added up, and
   * `minuteMs` is when the step began, which may be before the period.
   */
  outcomesByMinute(
    period: Period,
    couponId?: number | null,
    stepMs?: number,
  ): Promise<readonly OutcomeMinute[]>;
  /** When this store began to count by minute: at its creation, or its migration to the schema that does. */
  countedSinceMs(): Promise<number>;
  /**
   * How many coupons of each campaign were issued at `sinceMs` or later, in the order given; 0 where there is no such
   * campaign. The first of them is found by bisection over the sequences (20 look-ups in 10^6), because the time of issue
   * grows with the sequence. It is inexact by as much as the clocks of two consumers differ that issued one after the other.
   */
  issuedSince(couponIds: readonly number[], sinceMs: number): Promise<readonly number[]>;
}

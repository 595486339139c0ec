/** What copying a whole store into another one needs of each. */
import type { Campaign } from '../coupon/campaign.js';
import { CliError } from '../errors.js';
import type { CampaignVersion, OutcomeRow, StoredPosition, StoreIdentity } from './coupon-store.js';
import type { LetterIdentity } from './replayed-letters.js';
import type { AppliedOutcome } from './store-snapshot.js';
import type { Position } from './log.js';
import type { OutcomeMinute, StoredEvent } from './store-history.js';

/** What does not grow with the requests. */
export interface StoreHead extends StoreIdentity {
  /** As of StoreSnapshot. */
  readonly lastIdOf01: number;
  /** As of StoreHistory. */
  readonly countedSinceMs: number;
  /** By couponId. */
  readonly campaigns: readonly Campaign[];
  /** By couponId and version. */
  readonly versions: readonly CampaignVersion[];
  /** By cluster, group and topic, in the order of their UTF-8 bytes, and partition. */
  readonly positions: readonly StoredPosition[];
}

/** All of a row of what was applied. */
export interface StoredRecord extends OutcomeRow {
  readonly sequence: AppliedOutcome['sequence'];
  /** By the clock of the consumer that issued the coupon; null where none was issued. */
  readonly issuedAtMs: number | null;
}

export interface ReplayedLetter extends LetterIdentity {
  /** When it was sent last. */
  readonly replayedAtMs: number;
}

/** The outcomes of a minute, in one partition. */
export interface LogMinute extends OutcomeMinute, Omit<Position, 'offset'> {}

/** How many rows there are of what grows with the requests. */
export interface StoreSize {
  readonly outcomes: number;
  readonly replayedLetters: number;
}

/** One state of a store, all of it. What grows with the requests comes in pages. */
export interface StoreContents {
  head(): Promise<StoreHead>;
  size(): Promise<StoreSize>;
  /** By id. */
  records(): AsyncIterable<readonly StoredRecord[]>;
  /** By cluster and topic, in the order of their UTF-8 bytes, then partition, offset, timestamp and checksum. */
  replayedLetters(): AsyncIterable<readonly ReplayedLetter[]>;
  /** By id. */
  events(): AsyncIterable<readonly StoredEvent[]>;
  /** By minute, topic (in the order of its UTF-8 bytes), partition, campaign (none first), outcome and reason. */
  outcomeMinutes(): AsyncIterable<readonly LogMinute[]>;
}

/** What takes in a store part by part, in the order of StoreContents. */
export interface ContentsSink {
  /** Once, before all else. */
  putHead(head: StoreHead): Promise<void>;
  /** By id, each page behind the one before it. */
  addRecords(records: readonly StoredRecord[]): Promise<void>;
  addReplayedLetters(letters: readonly ReplayedLetter[]): Promise<void>;
  addEvents(events: readonly StoredEvent[]): Promise<void>;
  addOutcomeMinutes(minutes: readonly LogMinute[]): Promise<void>;
}

/** A store while it is filled. No other process can see it yet. */
export interface NewStore extends ContentsSink {
  /** What it has been given, read back. */
  contents(): StoreContents;
}

/** A place that a store is copied from, or to. */
export interface StoreCopyEnd {
  /** As messages name it. */
  readonly name: string;
  /** Whether anything is there that a new store would have to replace. */
  exists(): Promise<boolean>;
  /** Reads one state of the store, whatever is written meanwhile. Throws UnreachableError. */
  read<T>(read: (contents: StoreContents) => Promise<T>): Promise<T>;
  /**
   * Makes a store of what `fill` puts into it. It is there, whole and durable, once this resolves. Until then
   * nothing is: not for another process, and not after this one was killed. Throws CliError, STORE_EXISTS where
   * something is there already.
   */
  create<T>(fill: (store: NewStore) => Promise<T>): Promise<T>;
}

/** Thrown by StoreCopyEnd.create. */
export function storeExists(name: string): CliError {
  return new CliError(
    'STORE_EXISTS',
    `There is something at ${name} already. Nothing was changed.`,
    'Name a place where there is no store yet.',
  );
}

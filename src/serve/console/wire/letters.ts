export interface LettersData {
  /** In the DLQ now, by offsets. */
  readonly total: number;
  /** Of these, read and counted so far. While counting goes on, `counted` and `waiting` together are below `total`. */
  readonly counted: number;
  /** Of these, behind an open transaction: they can't be read yet. */
  readonly waiting: number;
  /** The most frequent first; at most 50. Null: the letter does not say. */
  readonly reasons: readonly LetterCount<string>[];
  readonly coupons: readonly LetterCount<number>[];
  /** Counted, and among none of the `reasons`, for there are too many. */
  readonly ungrouped: number;
  /** How many came within the last 10 minutes, by their timestamps. */
  readonly recent: number;
}

export interface LetterCount<Key> {
  readonly key: Key | null;
  readonly count: number;
  readonly firstSeenMs: number | null;
  readonly lastSeenMs: number | null;
}

/** What letters are wanted; what is left out is not filtered by. */
export interface LetterFilterData {
  readonly reason?: string;
  readonly coupon?: number;
  readonly partition?: number;
  readonly text?: string;
  readonly sinceMs?: number;
  readonly untilMs?: number;
}

/**
 * GET /api/letters?reason=...&coupon=...&before=<cursor>: newest first. A page ends after two seconds at the latest, so
 * that a filter which rarely matches may give fewer letters than were asked for, or none: `next` goes on searching.
 */
export interface LetterPage {
  readonly letters: readonly LetterRow[];
  /** For `before`: what comes next; null: there is no more. Letters that arrive meanwhile are on none of the further pages. */
  readonly next: string | null;
  /** Letters that were read for this page, whether they match or not. */
  readonly looked: number;
  /** Offsets that no page has looked at yet. */
  readonly left: number;
}

/** Text is cut after 1,000 characters here, and then ends in …; WholeLetter has it whole. */
export interface LetterRow {
  readonly partition: number;
  readonly offset: string;
  readonly timestampMs: number | null;
  readonly reasonCode: string | null;
  readonly failureReason: string | null;
  readonly couponId: number | null;
  readonly userId: number | null;
  readonly retryCount: number | null;
  readonly replayCount: number;
  readonly origin: {
    readonly topic: string;
    readonly partition: number;
    readonly offset: string;
  } | null;
}

/**
 * Bytes as people can read them: text where they are UTF-8 without control characters other than tabs and line breaks,
 * else base64. `isCut`: only the first 256 KiB are here, of `sizeBytes`.
 */
export type BytesData =
  | { readonly text: string; readonly sizeBytes: number; readonly isCut: boolean }
  | { readonly base64: string; readonly sizeBytes: number; readonly isCut: boolean };

/** GET /api/letters/<partition>:<offset>: one letter whole; text is cut after 262,144 characters. */
export interface WholeLetter extends LetterRow {
  readonly lastAttemptAt: string | null;
  readonly stackTrace: string | null;
  readonly key: BytesData | null;
  /** The value of the record that failed, as a replay sends it; null: it had none, or it is lost. */
  readonly original: BytesData | null;
  /** The letter was cut, and Kafka has the original no longer. */
  readonly isOriginalLost: boolean;
  /** The record's value, the letter itself. */
  readonly value: BytesData | null;
  /** In order, those of one name together; at most MOST_HEADERS. */
  readonly headers: readonly { readonly name: string; readonly value: BytesData }[];
  /** How many more headers there are. */
  readonly omittedHeaders: number;
  /** The W3C header of that name; null where there is none that is valid. */
  readonly traceparent: string | null;
  /** Remembered by the store as sent again; null where the store can't be read. */
  readonly wasReplayed: boolean | null;
}

export const MOST_HEADERS = 500;

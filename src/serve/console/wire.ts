/**
 * What the console's server sends to the page, as JSON. Offsets are strings (64 bit), instants are ms since the
 * epoch, durations are in ms. The page imports these types, and nothing else of the server.
 */
import type { OutcomeCounts } from '../../coupon/outcome.js';
import type { RequestStatus } from '../../coupon/request-status.js';
import type { Worded } from '../../words/languages.js';

export type { Worded } from '../../words/languages.js';

/** Why something could not be read or done: a code of docs/contract.md and what the terminal would say. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly hint: string | null;
}

/** A part of the page that is read by itself. */
export interface Part<Data> {
  /** When `data` was read; null: not yet. */
  readonly asOfMs: number | null;
  /** Of the last reading that succeeded. */
  readonly data: Data | null;
  /** Why the latest reading failed; null where it did not. */
  readonly failure: Failure | null;
}

/** What does not change while the console runs. */
export interface Site {
  readonly version: string;
  readonly group: string;
  readonly topic: string;
  readonly dlqTopic: string;
  /** "host:port,..." */
  readonly brokers: string;
  /** The store's file or URL, without a password. */
  readonly store: string;
  /** The name of the context in use. */
  readonly context: string | null;
  /** True: there is no replay. */
  readonly readOnly: boolean;
  readonly startedAtMs: number;
  /** An audit that is older is stale. */
  readonly auditStaleAfterMs: number;
}

// Panel 1 and 4: the group.

export type LagStatusName = 'OK' | 'CAUTION' | 'WARNING' | 'STALLED' | 'STOPPED' | 'UNKNOWN';

export interface GroupData {
  readonly group: string;
  /** Kafka's word: Stable, Empty, PreparingRebalance, CompletingRebalance, Dead. */
  readonly state: string;
  readonly members: readonly MemberData[];
  /** How many Kafka counts; `members` may lack those that can't be shown. */
  readonly memberCount: number;
  readonly status: LagStatusName;
  readonly trend: 'falling' | 'steady' | 'growing' | null;
  /** In records. */
  readonly totalLag: number;
  /** How long the oldest unread record has waited; null: not known. */
  readonly timeLagMs: number | null;
  readonly inPerSecond: number | null;
  readonly outPerSecond: number | null;
  readonly etaSeconds: number | null;
  readonly partitions: readonly PartitionData[];
  readonly notes: readonly { readonly code: string; readonly text: Worded }[];
}

export interface MemberData {
  readonly memberId: string;
  readonly clientId: string;
  readonly host: string;
  readonly partitions: readonly { readonly topic: string; readonly partition: number }[];
}

export interface PartitionData {
  readonly topic: string;
  readonly partition: number;
  /** False: without a leader; all figures below are null then, and lagHistory is empty. */
  readonly isOnline: boolean;
  readonly lag: number | null;
  readonly timeLagMs: number | null;
  readonly committedOffset: string | null;
  readonly startOffset: string | null;
  readonly endOffset: string | null;
  readonly memberId: string | null;
  readonly clientId: string | null;
  readonly host: string | null;
  /** More than half of the lag is here. */
  readonly isHot: boolean;
  /** The lag of the last minute's readings, oldest first; at most 60. */
  readonly lagHistory: readonly number[];
}

// Panel 2: campaigns.

export interface CampaignsData {
  /** Those on sale and those that changed last come first; at most MOST_CAMPAIGNS. */
  readonly campaigns: readonly CampaignData[];
  /** How many more there are. */
  readonly omitted: number;
  /** Of the whole store: every row. */
  readonly outcomes: OutcomeCounts;
  /** Outcomes that name a coupon without a campaign. */
  readonly withoutCampaign: number;
  /** Campaigns, of all, that have issued more than their stock: there should be none. */
  readonly oversold: number;
  /** While the rows that were there before are still being counted: how many are; null afterwards. */
  readonly counted: number | null;
}

export const MOST_CAMPAIGNS = 500;

export interface CampaignData {
  readonly couponId: number;
  readonly name: string | null;
  readonly status: 'ACTIVE' | 'INACTIVE';
  readonly totalQuantity: number;
  readonly issuedQuantity: number;
  readonly validFromMs: number | null;
  readonly validUntilMs: number | null;
  /** Without repeats, which have no row. */
  readonly outcomes: OutcomeCounts;
  /** Of the last 10 s; null before there are two readings. */
  readonly issuedPerSecond: number | null;
  /** All outcomes, likewise. */
  readonly outcomesPerSecond: number | null;
  /** When the last coupon of the stock was issued; null while there are some left. */
  readonly soldOutAtMs: number | null;
  readonly firstWinner: Winner | null;
  readonly lastWinner: Winner | null;
}

export interface Winner {
  readonly userId: number;
  readonly sequence: number;
  readonly issuedAtMs: number;
}

/** GET /api/users?coupon=1&user=42: the answer of `coupons issued show`. */
export type UserAnswer = RequestStatus;

// Panel 3: charts. Columns of equal length, oldest first.

export interface History {
  readonly atMs: readonly number[];
  /** Records a second appended to the request topic. */
  readonly inPerSecond: readonly (number | null)[];
  /** Records a second that the group is done with. */
  readonly outPerSecond: readonly (number | null)[];
  readonly lag: readonly (number | null)[];
  /** How long the oldest unread record has waited. */
  readonly waitedMs: readonly (number | null)[];
  /** From a record's timestamp to its coupon, of the coupons issued since the point before. */
  readonly issuedP50Ms: readonly (number | null)[];
  readonly issuedP99Ms: readonly (number | null)[];
}

/** One more point. */
export type HistoryPoint = { readonly [Column in keyof History]: History[Column][number] };

// Panel 4: what `coupons advise` says.

export interface AdviceData {
  readonly observedMs: number;
  readonly findings: readonly {
    readonly code: string;
    readonly severity: 'info' | 'warning' | 'critical';
    readonly text: Worded;
  }[];
  readonly steps: readonly AdviceStepData[];
}

export interface AdviceStepData {
  /** 1 is what to do now. */
  readonly order: number;
  readonly code: string;
  readonly action: Worded;
  /** To paste into a terminal. */
  readonly command: string;
  readonly why: Worded;
  readonly expected: Worded;
  readonly limits: Worded;
}

// Panel 5: dead letters.

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
  /** Counted in no group, for there are too many. */
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

/** POST /api/replays {filter}: the plan, once it is made; POST /api/replays/<id>/confirm; POST /api/replays/<id>/cancel. */
export interface ReplayData {
  readonly id: string;
  readonly filter: LetterFilterData;
  /**
   * planning: looks at the letters · planned: waits to be confirmed, for 10 minutes · sending · deciding: the group has
   * not decided all of them yet · done: it has, or has not within 5 minutes · failed: `replayed` of them are sent, and
   * another replay sends the rest · cancelled: likewise.
   */
  readonly phase: 'planning' | 'planned' | 'sending' | 'deciding' | 'done' | 'failed' | 'cancelled';
  /** Letters that were read for the plan so far, whether they match or not. */
  readonly looked: number;
  readonly plan: ReplayPlan | null;
  /** Sent and acknowledged so far. */
  readonly replayed: number;
  /** Of what was sent: by outcome, and not decided yet. Null before `deciding`. */
  readonly outcomes: { readonly outcomes: OutcomeCounts; readonly pending: number } | null;
  /** Why it failed or was cancelled; while deciding, why the latest look failed. Null: nothing has. */
  readonly failure: Failure | null;
  readonly startedAtMs: number;
  readonly endedAtMs: number | null;
}

export interface ReplayPlan {
  /** Letters that match. */
  readonly selected: number;
  readonly replayable: number;
  /** Where they go, most of them first: a letter's headers say it, and a forged one may name any topic. At most 50. */
  readonly topics: readonly { readonly topic: string; readonly replayable: number }[];
  readonly skipped: readonly {
    readonly code: string;
    readonly count: number;
    readonly text: Worded;
  }[];
  /** The most frequent first; at most 50. */
  readonly reasons: readonly {
    readonly reasonCode: string | null;
    readonly selected: number;
    readonly replayable: number;
  }[];
}

// Panel 1: the audit. POST /api/audits starts one.

export interface AuditData {
  readonly running: { readonly sinceMs: number; readonly records: number } | null;
  readonly last: AuditResult | null;
  /** Of the latest run, where it ended by an error. */
  readonly failure: Failure | null;
}

export interface AuditResult {
  readonly verdict: 'PASS' | 'FAIL';
  readonly endedAtMs: number;
  readonly elapsedMs: number;
  readonly records: number;
  readonly requests: number;
  readonly outcomes: OutcomeCounts;
  readonly unprocessed: number;
  readonly deadLettered: number;
  /** The first 100. */
  readonly findings: readonly {
    readonly code: string;
    readonly couponId: number | null;
    readonly text: Worded;
  }[];
  readonly findingCount: number;
}

/**
 * GET /api/stream (text/event-stream): the name of an event, and its data. A viewer gets `site`, `history` and what
 * is known of each part first, then what changes. `beat` comes every second, also where nothing does.
 */
export interface ConsoleEvents {
  readonly site: Site;
  readonly history: History;
  readonly point: HistoryPoint;
  readonly group: Part<GroupData>;
  readonly campaigns: Part<CampaignsData>;
  readonly letters: Part<LettersData>;
  readonly advice: Part<AdviceData>;
  readonly audit: AuditData;
  /** The latest one; null: none since the console started. */
  readonly replay: ReplayData | null;
  readonly beat: Beat;
}

export interface Beat {
  readonly atMs: number;
  /** When each part was read last; null: not yet. A part that has not changed since is not sent again. */
  readonly asOfMs: Readonly<Record<'group' | 'campaigns' | 'letters' | 'advice', number | null>>;
}

export type ConsoleEventName = keyof ConsoleEvents;

/** Each answer that is none of 2xx. */
export interface ErrorAnswer {
  readonly error: Failure;
}

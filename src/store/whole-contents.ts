/** All of a store, as it is copied: the pages that each database reads, put in order. */
import type { OutcomeRow } from '../ports/coupon-store.js';
import type {
  LogMinute,
  ReplayedLetter,
  StoreContents,
  StoredRecord,
} from '../ports/store-copy.js';
import type { StoredEvent } from '../ports/store-history.js';
import { minuteKey, toOutcomeMinute, type MinuteColumns } from './outcome-minute.js';
import { pagesBehind } from './pages.js';

/** A letter's primary key. */
export type LetterKey = readonly [
  clusterId: string,
  topic: string,
  partition: number,
  offset: bigint,
  timestampMs: number,
  checksum: number,
];

/** What a row of outcomes by minute is found by. */
export type MinuteKey = readonly [
  minuteMs: number,
  topic: string,
  partition: number,
  couponId: number,
  outcome: number,
  reasonCode: string,
];

/** The next rows behind a key, in its order; none: there are no more. */
export interface ContentsPages {
  records(afterId: number): Promise<readonly StoredRecord[]>;
  replayedLetters(after: LetterKey): Promise<readonly ReplayedLetter[]>;
  events(afterId: number): Promise<readonly StoredEvent[]>;
  outcomeMinutes(after: MinuteKey): Promise<readonly LogMinute[]>;
}

const BEFORE_EVERY_ID = Number.MIN_SAFE_INTEGER;
/** No cluster is named ''. */
const BEFORE_EVERY_LETTER: LetterKey = ['', '', 0, 0n, 0, 0];
const BEFORE_EVERY_MINUTE: MinuteKey = [Number.MIN_SAFE_INTEGER, '', 0, 0, 0, ''];

/** What of StoreContents comes in pages. */
export function pagedContents(pages: ContentsPages): Omit<StoreContents, 'head' | 'size'> {
  return {
    records: () => pagesBehind((id) => pages.records(id), BEFORE_EVERY_ID, idOf),
    replayedLetters: () =>
      pagesBehind((key) => pages.replayedLetters(key), BEFORE_EVERY_LETTER, letterKey),
    events: () => pagesBehind((id) => pages.events(id), BEFORE_EVERY_ID, idOf),
    outcomeMinutes: () =>
      pagesBehind((key) => pages.outcomeMinutes(key), BEFORE_EVERY_MINUTE, logMinuteKey),
  };
}

function idOf({ id }: { readonly id: number }): number {
  return id;
}

function letterKey(letter: ReplayedLetter): LetterKey {
  const { clusterId, topic, partition, offset, timestampMs, checksum } = letter;
  return [clusterId, topic, partition, offset, timestampMs, checksum];
}

function logMinuteKey(minute: LogMinute): MinuteKey {
  const { couponId, outcome, reasonCode } = minuteKey(minute);
  return [minute.minuteMs, minute.topic, minute.partition, couponId, outcome, reasonCode];
}

/** `issuedAfterMs`: how long after the record's timestamp the coupon was issued; null: none was. */
export function toRecord(
  outcome: OutcomeRow,
  sequence: number | null,
  issuedAfterMs: number | null,
): StoredRecord {
  const issuedAtMs = issuedAfterMs === null ? null : outcome.timestampMs + issuedAfterMs;
  return Object.assign(outcome, { sequence, issuedAtMs });
}

/** An offset has 64 bits, a number 53: it comes as text. */
export type LetterColumns = readonly [
  clusterId: string,
  topic: string,
  partition: number,
  offset: string,
  timestampMs: number,
  checksum: number,
  replayedAtMs: number,
];

export function toLetter(columns: LetterColumns): ReplayedLetter {
  const [clusterId, topic, partition, offset, timestampMs, checksum, replayedAtMs] = columns;
  return {
    ...{ clusterId, topic, partition, offset: BigInt(offset) },
    ...{ timestampMs, checksum, replayedAtMs },
  };
}

export type LogMinuteColumns = readonly [...MinuteColumns, topic: string, partition: number];

export function toLogMinute(columns: LogMinuteColumns): LogMinute {
  const [minuteMs, couponId, outcome, reasonCode, rows, topic, partition] = columns;
  const minute = toOutcomeMinute([minuteMs, couponId, outcome, reasonCode, rows]);
  return { ...minute, topic, partition };
}

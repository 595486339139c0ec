// SQLite works synchronously: between two pages the signals, timers and sockets get their turn.
import { setImmediate as eventLoopTurn } from 'node:timers/promises';
import type { Database } from 'better-sqlite3';
import type { StoredEvent } from '../../../ports/store-history.js';
import type {
  LogMinute,
  ReplayedLetter,
  StoreContents,
  StoredRecord,
  StoreHead,
  StoreSize,
} from '../../../ports/store-copy.js';
import { minuteKey, toOutcomeMinute, type MinuteColumns } from '../../outcome-minute.js';
import { prepareCampaigns } from '../tables/campaigns.js';
import { prepareEvents } from '../tables/events.js';
import { OUTCOME_COLUMNS, toOutcome, type OutcomeColumns } from '../tables/outcome-pages.js';
import { preparePartitionOffsets } from '../tables/partition-offsets.js';

const PAGE_ROWS = 1000;

type RecordColumns = readonly [
  ...OutcomeColumns,
  sequence: number | null,
  issuedAfterMs: number | null,
];

type LetterKey = [
  clusterId: string,
  topic: string,
  partition: number,
  offset: bigint,
  timestampMs: number,
  checksum: number,
];

const BEFORE_EVERY_LETTER: LetterKey = ['', '', -1, -1n, -1, -1];

interface LetterRow extends Omit<ReplayedLetter, 'offset'> {
  readonly offset: string;
}

const RECORDS = `
  SELECT ${OUTCOME_COLUMNS}, r.sequence, r.issued_after_ms
  FROM applied_record r CROSS JOIN log USING (log_id)
  WHERE r.id > ? ORDER BY r.id LIMIT ${PAGE_ROWS}`;

/**
 * An offset has 64 bits, a number 53: it leaves SQLite as text. A bare "offset" behind ORDER BY would
 * be that text, and 10 would come before 8.
 */
const LETTERS = `
  SELECT cluster_id AS clusterId, topic, partition, CAST("offset" AS TEXT) AS "offset",
    timestamp_ms AS timestampMs, checksum, replayed_at_ms AS replayedAtMs
  FROM replayed_letter
  WHERE (cluster_id, topic, partition, "offset", timestamp_ms, checksum) > (?, ?, ?, ?, ?, ?)
  ORDER BY cluster_id, topic, partition, replayed_letter."offset", timestamp_ms, checksum
  LIMIT ${PAGE_ROWS}`;

type MinuteKey = [
  minuteMs: number,
  topic: string,
  partition: number,
  couponId: number,
  outcome: number,
  reasonCode: string,
];

type MinuteRow = readonly [...MinuteColumns, topic: string, partition: number];

const BEFORE_EVERY_MINUTE: MinuteKey = [Number.MIN_SAFE_INTEGER, '', -1, -1, -1, ''];

/** The condition on the minute alone leads to the rows by the primary key. */
const MINUTES = `
  SELECT minute_ms, coupon_id, outcome, reason_code, rows, topic, partition
  FROM outcome_minute CROSS JOIN log USING (log_id)
  WHERE minute_ms >= ?
    AND (minute_ms, topic, partition, coupon_id, outcome, reason_code) > (?, ?, ?, ?, ?, ?)
  ORDER BY minute_ms, topic, partition, coupon_id, outcome, reason_code LIMIT ${PAGE_ROWS}`;

/** All of a store. The caller holds a transaction, so that it is one state. */
export function wholeContents(db: Database): StoreContents {
  return {
    head: () => Promise.resolve(headOf(db)),
    size: () => Promise.resolve(sizeOf(db)),
    records: () => recordsOf(db),
    replayedLetters: () => lettersOf(db),
    events: () => eventsOf(db),
    outcomeMinutes: () => minutesOf(db),
  };
}

function headOf(db: Database): StoreHead {
  const identity = db
    .prepare<[], Pick<StoreHead, 'id' | 'lastIdOf01' | 'countedSinceMs'>>(
      `SELECT id, last_id_of_0_1 AS lastIdOf01, counted_since_ms AS countedSinceMs
       FROM store_identity`,
    )
    .get();
  if (identity === undefined) throw new Error('its table store_identity is empty');
  const campaigns = prepareCampaigns(db, Date.now);
  return {
    ...identity,
    campaigns: campaigns.all(),
    versions: campaigns.versions(),
    positions: preparePartitionOffsets(db).all(),
  };
}

function sizeOf(db: Database): StoreSize {
  const count = (table: string) =>
    db.prepare<[], number>(`SELECT count(*) FROM ${table}`).pluck().get() ?? 0;
  return { outcomes: count('applied_record'), replayedLetters: count('replayed_letter') };
}

async function* recordsOf(db: Database): AsyncGenerator<readonly StoredRecord[]> {
  const next = db.prepare<[afterId: number], RecordColumns>(RECORDS).raw();
  let last: StoredRecord | undefined;
  do {
    const page = next.all(last?.id ?? Number.MIN_SAFE_INTEGER).map(toRecord);
    await eventLoopTurn();
    if (page.length > 0) yield page;
    last = page.at(-1);
  } while (last !== undefined);
}

async function* lettersOf(db: Database): AsyncGenerator<readonly ReplayedLetter[]> {
  const next = db.prepare<LetterKey, LetterRow>(LETTERS);
  let after: LetterKey = BEFORE_EVERY_LETTER;
  for (;;) {
    const page = next.all(...after).map(toLetter);
    await eventLoopTurn();
    const last = page.at(-1);
    if (last === undefined) return;
    yield page;
    const { clusterId, topic, partition, offset, timestampMs, checksum } = last;
    after = [clusterId, topic, partition, offset, timestampMs, checksum];
  }
}

async function* eventsOf(db: Database): AsyncGenerator<readonly StoredEvent[]> {
  const events = prepareEvents(db);
  let last: StoredEvent | undefined;
  do {
    const page = events.behind(last?.id ?? Number.MIN_SAFE_INTEGER, PAGE_ROWS);
    await eventLoopTurn();
    if (page.length > 0) yield page;
    last = page.at(-1);
  } while (last !== undefined);
}

async function* minutesOf(db: Database): AsyncGenerator<readonly LogMinute[]> {
  const next = db.prepare<[fromMs: number, ...MinuteKey], MinuteRow>(MINUTES).raw();
  let after: MinuteKey = BEFORE_EVERY_MINUTE;
  for (;;) {
    const page = next.all(after[0], ...after).map(toMinute);
    await eventLoopTurn();
    const last = page.at(-1);
    if (last === undefined) return;
    yield page;
    const { couponId, outcome, reasonCode } = minuteKey(last);
    after = [last.minuteMs, last.topic, last.partition, couponId, outcome, reasonCode];
  }
}

function toMinute([
  minuteMs,
  couponId,
  outcome,
  reasonCode,
  rows,
  topic,
  partition,
]: MinuteRow): LogMinute {
  const minute = toOutcomeMinute([minuteMs, couponId, outcome, reasonCode, rows]);
  return { ...minute, topic, partition };
}

function toRecord(row: RecordColumns): StoredRecord {
  const [sequence, issuedAfterMs] = [row[11], row[12]];
  const issuedAtMs = issuedAfterMs === null ? null : row[10] + issuedAfterMs;
  return Object.assign(toOutcome(row), { sequence, issuedAtMs });
}

function toLetter({ offset, ...letter }: LetterRow): ReplayedLetter {
  return { ...letter, offset: BigInt(offset) };
}

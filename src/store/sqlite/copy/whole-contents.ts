// SQLite works synchronously: between two pages the signals, timers and sockets get their turn.
import { setImmediate as eventLoopTurn } from 'node:timers/promises';
import type { Database } from 'better-sqlite3';
import type { StoreContents, StoreHead, StoreSize } from '../../../ports/store-copy.js';
import {
  pagedContents,
  toLetter,
  toLogMinute,
  toRecord,
  type ContentsPages,
  type LetterColumns,
  type LetterKey,
  type LogMinuteColumns,
  type MinuteKey,
} from '../../whole-contents.js';
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

const RECORDS = `
  SELECT ${OUTCOME_COLUMNS}, r.sequence, r.issued_after_ms
  FROM applied_record r CROSS JOIN log USING (log_id)
  WHERE r.id > ? ORDER BY r.id LIMIT ${PAGE_ROWS}`;

/** A bare "offset" behind ORDER BY would be the text, and 10 would come before 8. */
const LETTERS = `
  SELECT cluster_id, topic, partition, CAST("offset" AS TEXT) AS "offset", timestamp_ms,
    checksum, replayed_at_ms
  FROM replayed_letter
  WHERE (cluster_id, topic, partition, "offset", timestamp_ms, checksum) > (?, ?, ?, ?, ?, ?)
  ORDER BY cluster_id, topic, partition, replayed_letter."offset", timestamp_ms, checksum
  LIMIT ${PAGE_ROWS}`;

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
    ...pagedContents(pagesOf(db)),
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

function pagesOf(db: Database): ContentsPages {
  const records = db.prepare<[afterId: number], RecordColumns>(RECORDS).raw();
  const letters = db.prepare<[...LetterKey], LetterColumns>(LETTERS).raw();
  const events = prepareEvents(db);
  const minutes = db.prepare<[fromMs: number, ...MinuteKey], LogMinuteColumns>(MINUTES).raw();
  return {
    records: inTurn((id: number) =>
      records.all(id).map((row) => toRecord(toOutcome(row), row[11], row[12])),
    ),
    replayedLetters: inTurn((key: LetterKey) => letters.all(...key).map(toLetter)),
    events: inTurn((id: number) => events.behind(id, PAGE_ROWS)),
    outcomeMinutes: inTurn((key: MinuteKey) => minutes.all(key[0], ...key).map(toLogMinute)),
  };
}

function inTurn<Key, Page>(read: (after: Key) => Page): (after: Key) => Promise<Page> {
  return async (after) => {
    await eventLoopTurn();
    return read(after);
  };
}

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
import { OUTCOME_COLUMNS, toOutcome, type OutcomeColumns } from '../tables/applied-records.js';
import { readCampaigns, readVersions, toCampaign, toVersion } from '../tables/campaigns.js';
import type { Connection } from '../connection/connection.js';
import { EVENT_COLUMNS, toEvent, type EventRow } from '../tables/events.js';
import { readAllPositions, toPosition } from '../tables/partition-offsets.js';
import { command, statement, type Query } from '../connection/query.js';
import { LETTER_KEY } from '../tables/replayed-letters.js';
import { readIdentity, toIdentity } from '../tables/store-identity.js';

const PAGE_ROWS = 5000;

type RecordColumns = readonly [
  ...OutcomeColumns,
  sequence: number | null,
  issuedAfterMs: number | null,
];

const readRecords = statement<[afterId: number], RecordColumns>(
  'read_records',
  `SELECT ${OUTCOME_COLUMNS}, r.sequence, r.issued_after_ms
   FROM applied_record r JOIN log USING (log_id)
   WHERE r.id > $1 ORDER BY r.id LIMIT ${PAGE_ROWS}`,
);

/** As a result named "offset", the text would be what ORDER BY means: 10 would come before 8. */
const readLetters = statement<[...LetterKey], LetterColumns>(
  'read_letters',
  `SELECT cluster_id, topic, partition, "offset"::text AS offset_text, timestamp_ms,
     checksum, replayed_at_ms
   FROM replayed_letter WHERE (${LETTER_KEY}) > ($1, $2, $3, $4, $5, $6)
   ORDER BY ${LETTER_KEY} LIMIT ${PAGE_ROWS}`,
);

const readEvents = statement<[afterId: number], EventRow>(
  'read_events_behind',
  `SELECT ${EVENT_COLUMNS} FROM event WHERE id > $1 ORDER BY id LIMIT ${PAGE_ROWS}`,
);

/** The condition on the minute alone leads to the rows by the primary key. */
const readMinutes = statement<[...MinuteKey], LogMinuteColumns>(
  'read_minutes_behind',
  `SELECT minute_ms, coupon_id, outcome, reason_code, rows, topic, partition
   FROM outcome_minute JOIN log USING (log_id)
   WHERE minute_ms >= $1
     AND (minute_ms, topic, partition, coupon_id, outcome, reason_code) > ($1, $2, $3, $4, $5, $6)
   ORDER BY minute_ms, topic, partition, coupon_id, outcome, reason_code LIMIT ${PAGE_ROWS}`,
);

const readSize = command<readonly [outcomes: number, replayedLetters: number]>(
  `SELECT (SELECT count(*) FROM applied_record), (SELECT count(*) FROM replayed_letter)`,
);

/** All of a store, read by a transaction that sees one state. `name`: of the store, for people. */
export function wholeContents(connection: Connection, name: string): StoreContents {
  return {
    head: () => headOf(connection, name),
    size: () => sizeOf(connection),
    ...pagedContents(pagesOf(connection)),
  };
}

async function headOf(connection: Connection, name: string): Promise<StoreHead> {
  const [identity, campaigns, versions, positions] = await Promise.all([
    connection.run(readIdentity()),
    connection.run(readCampaigns()),
    connection.run(readVersions()),
    connection.run(readAllPositions()),
  ]);
  const [row] = identity.rows;
  return {
    ...toIdentity(row, name),
    lastIdOf01: row?.[1] ?? 0,
    countedSinceMs: row?.[2] ?? 0,
    campaigns: campaigns.rows.map(toCampaign),
    versions: versions.rows.map(toVersion),
    positions: positions.rows.map(toPosition),
  };
}

async function sizeOf(connection: Connection): Promise<StoreSize> {
  const [[outcomes, replayedLetters] = [0, 0]] = (await connection.run(readSize)).rows;
  return { outcomes, replayedLetters };
}

function pagesOf(connection: Connection): ContentsPages {
  const rowsOf = async <Row>(query: Query<Row>) => (await connection.run(query)).rows;
  return {
    records: async (id) =>
      (await rowsOf(readRecords(id))).map((row) => toRecord(toOutcome(row), row[11], row[12])),
    replayedLetters: async (key) => (await rowsOf(readLetters(...key))).map(toLetter),
    events: async (id) => (await rowsOf(readEvents(id))).map(toEvent),
    outcomeMinutes: async (key) => (await rowsOf(readMinutes(...key))).map(toLogMinute),
  };
}

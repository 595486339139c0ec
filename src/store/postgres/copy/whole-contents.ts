import type { StoredEvent } from '../../../ports/store-history.js';
import type {
  LogMinute,
  ReplayedLetter,
  StoreContents,
  StoredRecord,
  StoreHead,
  StoreSize,
} from '../../../ports/store-copy.js';
import { toOutcomeMinute, type MinuteColumns } from '../../outcome-minute.js';
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

type LetterKey = readonly [
  clusterId: string,
  topic: string,
  partition: number,
  offset: string,
  timestampMs: number,
  checksum: number,
];

/** Before every key: no cluster is named ''. */
const BEFORE_EVERY_LETTER: LetterKey = ['', '', 0, '0', 0, 0];

/** As a result named "offset", the text would be what ORDER BY means: 10 would come before 8. */
const readLetters = statement<[...LetterKey], readonly [...LetterKey, replayedAtMs: number]>(
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

type MinuteKey = readonly [
  minuteMs: number,
  topic: string,
  partition: number,
  couponId: number,
  outcome: number,
  reasonCode: string,
];

type MinuteRow = readonly [...MinuteColumns, topic: string, partition: number];

/** The condition on the minute alone leads to the rows by the primary key. */
const readMinutes = statement<[...MinuteKey], MinuteRow>(
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
    records: () => recordsOf(connection),
    replayedLetters: () => lettersOf(connection),
    events: () => eventsOf(connection),
    outcomeMinutes: () => minutesOf(connection),
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

async function* recordsOf(connection: Connection): AsyncGenerator<readonly StoredRecord[]> {
  const first = readRecords(Number.MIN_SAFE_INTEGER);
  for await (const page of pagesOf(connection, first, ([id]) => readRecords(id))) {
    yield page.map(toRecord);
  }
}

async function* lettersOf(connection: Connection): AsyncGenerator<readonly ReplayedLetter[]> {
  const first = readLetters(...BEFORE_EVERY_LETTER);
  const after = (row: readonly [...LetterKey, number]) =>
    readLetters(row[0], row[1], row[2], row[3], row[4], row[5]);
  for await (const page of pagesOf(connection, first, after)) yield page.map(toLetter);
}

async function* eventsOf(connection: Connection): AsyncGenerator<readonly StoredEvent[]> {
  const first = readEvents(Number.MIN_SAFE_INTEGER);
  for await (const page of pagesOf(connection, first, ([id]) => readEvents(id))) {
    yield page.map(toEvent);
  }
}

async function* minutesOf(connection: Connection): AsyncGenerator<readonly LogMinute[]> {
  const first = readMinutes(Number.MIN_SAFE_INTEGER, '', 0, 0, 0, '');
  const after = ([minuteMs, couponId, outcome, reason, , topic, partition]: MinuteRow) =>
    readMinutes(minuteMs, topic, partition, couponId, outcome, reason);
  for await (const page of pagesOf(connection, first, after)) yield page.map(toMinute);
}

/** Each page is asked for before the one before it is worked on. */
async function* pagesOf<Row>(
  connection: Connection,
  first: Query<Row>,
  after: (row: Row) => Query<Row>,
): AsyncGenerator<readonly Row[]> {
  let asked = connection.run(first);
  for (;;) {
    const { rows } = await asked;
    const last = rows.at(-1);
    if (last === undefined) return;
    asked = connection.run(after(last));
    // Where it fails, that is thrown when the page's turn has come, if it comes.
    asked.catch(() => undefined);
    yield rows;
  }
}

function toMinute(row: MinuteRow): LogMinute {
  const [minuteMs, couponId, outcome, reasonCode, rows, topic, partition] = row;
  const minute = toOutcomeMinute([minuteMs, couponId, outcome, reasonCode, rows]);
  return { ...minute, topic, partition };
}

function toRecord(row: RecordColumns): StoredRecord {
  const [sequence, issuedAfterMs] = [row[11], row[12]];
  const issuedAtMs = issuedAfterMs === null ? null : row[10] + issuedAfterMs;
  return Object.assign(toOutcome(row), { sequence, issuedAtMs });
}

function toLetter(row: readonly [...LetterKey, replayedAtMs: number]): ReplayedLetter {
  return {
    clusterId: row[0],
    topic: row[1],
    partition: row[2],
    offset: BigInt(row[3]),
    timestampMs: row[4],
    checksum: row[5],
    replayedAtMs: row[6],
  };
}

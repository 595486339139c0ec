import type {
  ReplayedLetter,
  StoreContents,
  StoredRecord,
  StoreHead,
  StoreSize,
} from '../../../ports/store-copy.js';
import { OUTCOME_COLUMNS, toOutcome, type OutcomeColumns } from '../tables/applied-records.js';
import { readCampaigns, readVersions, toCampaign, toVersion } from '../tables/campaigns.js';
import type { Connection } from '../connection/connection.js';
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

const readLetters = statement<[...LetterKey], readonly [...LetterKey, replayedAtMs: number]>(
  'read_letters',
  `SELECT cluster_id, topic, partition, "offset"::text, timestamp_ms, checksum, replayed_at_ms
   FROM replayed_letter WHERE (${LETTER_KEY}) > ($1, $2, $3, $4, $5, $6)
   ORDER BY ${LETTER_KEY} LIMIT ${PAGE_ROWS}`,
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

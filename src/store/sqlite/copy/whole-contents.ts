// SQLite works synchronously: between two pages the signals, timers and sockets get their turn.
import { setImmediate as eventLoopTurn } from 'node:timers/promises';
import type { Database } from 'better-sqlite3';
import type {
  ReplayedLetter,
  StoreContents,
  StoredRecord,
  StoreHead,
  StoreSize,
} from '../../../ports/store-copy.js';
import { prepareCampaigns } from '../tables/campaigns.js';
import { eventIdInSql, readEventId } from '../tables/event-id-in-sql.js';
import { outcomeOf } from '../../outcome-code.js';
import { preparePartitionOffsets } from '../tables/partition-offsets.js';

const PAGE_ROWS = 1000;

type RecordRow = readonly [
  id: number,
  eventId: string | null,
  couponId: number | null,
  userId: number | null,
  outcome: number,
  reasonCode: string | null,
  campaignVersion: number | null,
  topic: string,
  partition: number,
  offset: string,
  timestampMs: number,
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

/** An offset has 64 bits, a number 53: it leaves SQLite as text. */
const RECORDS = `
  SELECT r.id, ${eventIdInSql('r.event_id')}, r.coupon_id, r.user_id, r.outcome, r.reason_code,
    r.campaign_version, log.topic, log.partition, CAST(r."offset" AS TEXT), r.timestamp_ms,
    r.sequence, r.issued_after_ms
  FROM applied_record r CROSS JOIN log USING (log_id)
  WHERE r.id > ? ORDER BY r.id LIMIT ${PAGE_ROWS}`;

const LETTERS = `
  SELECT cluster_id AS clusterId, topic, partition, CAST("offset" AS TEXT) AS "offset",
    timestamp_ms AS timestampMs, checksum, replayed_at_ms AS replayedAtMs
  FROM replayed_letter
  WHERE (cluster_id, topic, partition, "offset", timestamp_ms, checksum) > (?, ?, ?, ?, ?, ?)
  ORDER BY cluster_id, topic, partition, "offset", timestamp_ms, checksum LIMIT ${PAGE_ROWS}`;

/** All of a store. The caller holds a transaction, so that it is one state. */
export function wholeContents(db: Database): StoreContents {
  return {
    head: () => Promise.resolve(headOf(db)),
    size: () => Promise.resolve(sizeOf(db)),
    records: () => recordsOf(db),
    replayedLetters: () => lettersOf(db),
  };
}

function headOf(db: Database): StoreHead {
  const identity = db
    .prepare<[], Pick<StoreHead, 'id' | 'lastIdOf01'>>(
      'SELECT id, last_id_of_0_1 AS lastIdOf01 FROM store_identity',
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
  const next = db.prepare<[afterId: number], RecordRow>(RECORDS).raw();
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

function toRecord(row: RecordRow): StoredRecord {
  const [timestampMs, issuedAfterMs] = [row[10], row[12]];
  return {
    id: row[0],
    eventId: row[1] === null ? null : readEventId(row[1]),
    couponId: row[2],
    userId: row[3],
    outcome: outcomeOf(row[4]),
    reasonCode: row[5],
    campaignVersion: row[6],
    position: { topic: row[7], partition: row[8], offset: BigInt(row[9]) },
    timestampMs,
    sequence: row[11],
    issuedAtMs: issuedAfterMs === null ? null : timestampMs + issuedAfterMs,
  };
}

function toLetter({ offset, ...letter }: LetterRow): ReplayedLetter {
  return { ...letter, offset: BigInt(offset) };
}

/**
 * The one file that holds all there is to keep: `broker.db`, SQLite with a write-ahead log, synced
 * at every commit. Space that deleted records held is used again, but the file does not shrink.
 */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { CliError, messageOf, UnreachableError } from '../../errors.js';
import { openSqlite } from '../../sqlite-database.js';

export type SqliteDatabase = Database.Database;

/** Kept in PRAGMA user_version; a file of a later version is refused. */
const SCHEMA_VERSION = 2n;

/** No other process writes to the file, but a backup may lock it for a moment. */
const LOCK_WAIT_MS = 1000;

/**
 * What version 1 kept in max_timestamp is what the producer had put into the batch's header, which
 * may be lower than a record's timestamp, or no time at all. Until the records are deleted they count
 * as written when they were appended, or later.
 */
const fromVersion1 = `
  UPDATE batch SET max_timestamp = CASE
    WHEN max_timestamp BETWEEN append_time AND append_time + 3600000 THEN max_timestamp
    ELSE append_time END;
`;

/**
 * `max_timestamp` is when the newest record of a batch was written (record-time.ts).
 * A batch is found by its last offset: the first whose last offset is not below the offset wanted
 * is the one that holds it, or the next one after a gap.
 */
const schema = `
  CREATE TABLE setting (
    name  TEXT PRIMARY KEY,
    value ANY NOT NULL
  ) STRICT;
  CREATE TABLE topic (
    id   INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE
  ) STRICT;
  CREATE TABLE topic_config (
    topic_id INTEGER NOT NULL REFERENCES topic (id) ON DELETE CASCADE,
    name     TEXT NOT NULL,
    value    TEXT NOT NULL,
    PRIMARY KEY (topic_id, name)
  ) STRICT;
  CREATE TABLE partition (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    topic_id     INTEGER NOT NULL REFERENCES topic (id) ON DELETE CASCADE,
    number       INTEGER NOT NULL,
    start_offset INTEGER NOT NULL DEFAULT 0,
    UNIQUE (topic_id, number)
  ) STRICT;
  CREATE TABLE batch (
    partition_id   INTEGER NOT NULL REFERENCES partition (id) ON DELETE CASCADE,
    base_offset    INTEGER NOT NULL,
    last_offset    INTEGER NOT NULL,
    append_time    INTEGER NOT NULL,
    max_timestamp  INTEGER NOT NULL,
    producer_id    INTEGER NOT NULL,
    producer_epoch INTEGER NOT NULL,
    base_sequence  INTEGER NOT NULL,
    size_bytes     INTEGER NOT NULL,
    data           BLOB NOT NULL,
    PRIMARY KEY (partition_id, last_offset)
  ) STRICT;
  CREATE INDEX batch_of_producer ON batch (partition_id, producer_id, last_offset)
    WHERE producer_id >= 0;
  CREATE TABLE group_offset (
    group_id         TEXT NOT NULL,
    topic_id         INTEGER NOT NULL REFERENCES topic (id) ON DELETE CASCADE,
    partition        INTEGER NOT NULL,
    committed_offset INTEGER NOT NULL,
    leader_epoch     INTEGER NOT NULL,
    metadata         TEXT,
    PRIMARY KEY (group_id, topic_id, partition)
  ) STRICT;
`;

/** Opens or creates the file. Integers come out of it as bigint, for offsets are 64 bit. */
export function openDatabase(dataDir: string): SqliteDatabase {
  const path = join(dataDir, 'broker.db');
  let db: SqliteDatabase | undefined;
  try {
    db = openSqlite(path, { timeout: LOCK_WAIT_MS });
    db.defaultSafeIntegers(true);
    db.pragma('page_size = 16384');
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = FULL');
    db.pragma('foreign_keys = ON');
    db.pragma('cache_size = -65536');
    db.pragma('journal_size_limit = 67108864');
    migrate(db, path);
    return db;
  } catch (error) {
    db?.close();
    throw openingError(path, error);
  }
}

function migrate(db: SqliteDatabase, path: string): void {
  const version = db.pragma('user_version', { simple: true }) as bigint;
  if (version === SCHEMA_VERSION) return;
  if (version > SCHEMA_VERSION) {
    throw new UnreachableError(
      'BROKER_DATA_NEWER',
      `${path} was written by a newer version of coupons.`,
      'Update coupons, or give the broker another data directory.',
    );
  }
  db.transaction(() => {
    if (version === 0n) create(db);
    else db.exec(fromVersion1);
    db.pragma(`user_version = ${String(SCHEMA_VERSION)}`);
  })();
}

function create(db: SqliteDatabase): void {
  db.exec(schema);
  const clusterId = Buffer.from(randomUUID().replaceAll('-', ''), 'hex').toString('base64url');
  db.prepare(`INSERT INTO setting VALUES ('cluster_id', ?), ('next_producer_id', 0)`).run(
    clusterId,
  );
}

function openingError(path: string, error: unknown): CliError {
  if (error instanceof CliError) return error;
  const code = error instanceof Database.SqliteError ? error.code : '';
  if (/^SQLITE_(NOTADB|CORRUPT|ERROR|MISMATCH)/.test(code)) {
    return new UnreachableError(
      'BROKER_DATA_CORRUPT',
      `${path} is not a sound broker log: ${messageOf(error)}.`,
      'Move the file away (its records are lost to the broker), or restore a copy.',
      { cause: error },
    );
  }
  return new UnreachableError(
    'DATA_DIR_NOT_WRITABLE',
    `The broker cannot open ${path}: ${messageOf(error)}.`,
    'Check the permissions and the free space, or choose another --data-dir.',
    { cause: error },
  );
}

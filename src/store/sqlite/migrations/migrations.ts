import type { Database } from 'better-sqlite3';
import { HISTORY } from './history.js';
import type { MigrationContext } from './migration-context.js';
import { toOneTable } from './one-table.js';

type Step = (db: Database, context: MigrationContext) => void;

/**
 * The schema, step by step: the file's `PRAGMA user_version` counts the steps it has taken. Steps
 * that were released never change; a change of the schema is one more step. What the tables mean
 * is in docs/store.md.
 */
const MIGRATIONS: readonly (string | Step)[] = [
  `
  CREATE TABLE campaign (
    coupon_id       INTEGER PRIMARY KEY CHECK (coupon_id > 0),
    name            TEXT,
    total_quantity  INTEGER NOT NULL CHECK (total_quantity >= 0),
    issued_quantity INTEGER NOT NULL DEFAULT 0
                    CHECK (issued_quantity BETWEEN 0 AND total_quantity),
    status          TEXT NOT NULL CHECK (status IN ('ACTIVE', 'INACTIVE')),
    valid_from_ms   INTEGER,
    valid_until_ms  INTEGER,
    version         INTEGER NOT NULL CHECK (version > 0),
    CHECK (valid_from_ms <= valid_until_ms)
  ) STRICT;

  CREATE TABLE campaign_version (
    coupon_id       INTEGER NOT NULL REFERENCES campaign (coupon_id),
    version         INTEGER NOT NULL,
    name            TEXT,
    total_quantity  INTEGER NOT NULL,
    status          TEXT NOT NULL,
    valid_from_ms   INTEGER,
    valid_until_ms  INTEGER,
    created_at_ms   INTEGER NOT NULL,
    PRIMARY KEY (coupon_id, version)
  ) STRICT;

  CREATE TABLE issued_coupon (
    coupon_id    INTEGER NOT NULL REFERENCES campaign (coupon_id),
    user_id      INTEGER NOT NULL,
    sequence     INTEGER NOT NULL CHECK (sequence > 0),
    event_id     TEXT NOT NULL,
    issued_at_ms INTEGER NOT NULL,
    topic        TEXT NOT NULL,
    partition    INTEGER NOT NULL,
    "offset"     INTEGER NOT NULL,
    PRIMARY KEY (coupon_id, user_id),
    UNIQUE (coupon_id, sequence)
  ) STRICT;

  CREATE TABLE request_outcome (
    id               INTEGER PRIMARY KEY,
    event_id         TEXT,
    coupon_id        INTEGER,
    user_id          INTEGER,
    outcome          TEXT NOT NULL CHECK (outcome IN (
                       'ISSUED', 'DUPLICATE', 'SOLD_OUT', 'EXPIRED',
                       'NOT_STARTED', 'INACTIVE', 'NOT_FOUND', 'DEAD_LETTERED')),
    reason_code      TEXT,
    campaign_version INTEGER,
    topic            TEXT NOT NULL,
    partition        INTEGER NOT NULL,
    "offset"         INTEGER NOT NULL,
    timestamp_ms     INTEGER NOT NULL,
    CHECK ((outcome = 'DEAD_LETTERED') = (reason_code IS NOT NULL)),
    CHECK (outcome = 'DEAD_LETTERED' OR event_id IS NOT NULL)
  ) STRICT;
  CREATE UNIQUE INDEX request_outcome_final
    ON request_outcome (event_id) WHERE outcome <> 'DEAD_LETTERED';
  CREATE INDEX request_outcome_of_user ON request_outcome (coupon_id, user_id);

  CREATE TABLE partition_offset (
    cluster_id        TEXT NOT NULL,
    consumer_group    TEXT NOT NULL,
    topic             TEXT NOT NULL,
    partition         INTEGER NOT NULL,
    next_offset       INTEGER NOT NULL,
    last_offset       INTEGER NOT NULL,
    last_timestamp_ms INTEGER NOT NULL,
    last_checksum     INTEGER NOT NULL,
    PRIMARY KEY (cluster_id, consumer_group, topic, partition)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  CREATE TABLE replayed_letter (
    cluster_id     TEXT NOT NULL,
    topic          TEXT NOT NULL,
    partition      INTEGER NOT NULL,
    "offset"       INTEGER NOT NULL,
    timestamp_ms   INTEGER NOT NULL,
    checksum       INTEGER NOT NULL,
    replayed_at_ms INTEGER NOT NULL,
    PRIMARY KEY (cluster_id, topic, partition, "offset", timestamp_ms, checksum)
  ) STRICT, WITHOUT ROWID;
  `,
  // Version 0.1 wrote one more row each time that a log was read again: the first one stands.
  `
  DELETE FROM request_outcome WHERE outcome = 'DEAD_LETTERED' AND id NOT IN (
    SELECT min(id) FROM request_outcome WHERE outcome = 'DEAD_LETTERED'
    GROUP BY topic, partition, "offset", timestamp_ms
  );
  CREATE UNIQUE INDEX request_outcome_dead_lettered
    ON request_outcome (topic, partition, "offset", timestamp_ms)
    WHERE outcome = 'DEAD_LETTERED';
  `,
  toOneTable,
  HISTORY,
];

export const SCHEMA_VERSION = MIGRATIONS.length;

/** Whether the steps from this version copy all outcomes into other tables. */
export function copiesOutcomes(version: number): boolean {
  return version > 0 && version <= MIGRATIONS.indexOf(toOneTable);
}

/** Takes the steps that a file at `version` lacks. The caller holds the write lock. */
export function migrate(db: Database, version: number, context: MigrationContext): void {
  for (const step of MIGRATIONS.slice(version)) {
    if (typeof step === 'string') db.exec(step);
    else step(db, context);
  }
  db.pragma(`user_version = ${SCHEMA_VERSION}`);
}

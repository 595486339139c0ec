import Database from 'better-sqlite3';

/** What version 0.1 did to make a store, step by step. */
const STEPS: readonly string[] = [
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
  `
  DELETE FROM request_outcome WHERE outcome = 'DEAD_LETTERED' AND id NOT IN (
    SELECT min(id) FROM request_outcome WHERE outcome = 'DEAD_LETTERED'
    GROUP BY topic, partition, "offset", timestamp_ms
  );
  CREATE UNIQUE INDEX request_outcome_dead_lettered
    ON request_outcome (topic, partition, "offset", timestamp_ms)
    WHERE outcome = 'DEAD_LETTERED';
  `,
];

/** Makes a store as version 0.1 left it, at one of its schemas, and fills it. */
export function makeVersion01Store(path: string, { schema = 3, sql = '' } = {}): void {
  const db = new Database(path);
  db.pragma('journal_mode = WAL');
  for (const step of STEPS.slice(0, schema)) db.exec(step);
  db.exec(sql);
  db.exec(`PRAGMA application_id = 0x43504e53; PRAGMA user_version = ${schema}`);
  db.close();
}

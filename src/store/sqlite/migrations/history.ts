/**
 * Schema 5: what happened beside outcomes, outcomes by minute, and who changed terms. The key of outcome_minute has the
 * log, as on PostgreSQL, and begins with the minute, so that a transaction changes the last page.
 */
export const HISTORY = `
  ALTER TABLE store_identity ADD COLUMN counted_since_ms INTEGER NOT NULL DEFAULT 0;
  UPDATE store_identity SET counted_since_ms = CAST(round(unixepoch('subsec') * 1000) AS INTEGER);

  ALTER TABLE campaign_version ADD COLUMN changed_by TEXT;

  CREATE TABLE event (
    id      INTEGER PRIMARY KEY,
    at_ms   INTEGER NOT NULL,
    kind    TEXT NOT NULL,
    details TEXT NOT NULL,
    "user"  TEXT NOT NULL,
    host    TEXT NOT NULL,
    pid     INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX event_at ON event (at_ms);
  CREATE INDEX event_kind ON event (kind);

  CREATE TABLE outcome_minute (
    minute_ms   INTEGER NOT NULL,
    log_id      INTEGER NOT NULL,
    coupon_id   INTEGER NOT NULL,
    outcome     INTEGER NOT NULL CHECK (outcome BETWEEN 0 AND 7),
    reason_code TEXT NOT NULL,
    rows        INTEGER NOT NULL CHECK (rows > 0),
    PRIMARY KEY (minute_ms, log_id, coupon_id, outcome, reason_code)
  ) STRICT, WITHOUT ROWID;
`;

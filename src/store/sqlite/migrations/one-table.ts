import { randomUUID } from 'node:crypto';
import type { Database } from 'better-sqlite3';
import { packEventId } from '../../event-id.js';
import { assertMigratable } from './migration-check.js';
import type { MigrationContext } from './migration-context.js';

/**
 * Schema 4. One row a record in the order of applying, so that a transaction appends; and one index
 * over all rows, whose keys begin with the coupon, so that it changes only the pages of campaigns on
 * sale, however long the history is. An index on a random event id over all history made the store
 * slow down to a third by three million rows.
 *
 * `claim` is what a row has to itself among the rows of one user and coupon. 0 is the coupon: there is
 * one such row, the ISSUED one, whose index entry is a few bytes. Any other final outcome claims its
 * eventId. A dead letter claims nothing. docs/store.md describes the rest.
 */
const TABLES = `
  CREATE TABLE store_identity (
    only_row       INTEGER PRIMARY KEY CHECK (only_row = 1),
    id             TEXT NOT NULL,
    last_id_of_0_1 INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE log (
    log_id    INTEGER PRIMARY KEY,
    topic     TEXT NOT NULL,
    partition INTEGER NOT NULL,
    UNIQUE (topic, partition)
  ) STRICT;

  CREATE TABLE applied_record (
    id               INTEGER PRIMARY KEY,
    coupon_id        INTEGER,
    user_id          INTEGER,
    event_id         ANY,
    outcome          INTEGER NOT NULL CHECK (outcome BETWEEN 0 AND 7),
    sequence         INTEGER CHECK (sequence > 0),
    campaign_version INTEGER,
    reason_code      TEXT,
    log_id           INTEGER NOT NULL,
    "offset"         INTEGER NOT NULL,
    timestamp_ms     INTEGER NOT NULL,
    issued_after_ms  INTEGER,
    claim            ANY GENERATED ALWAYS AS
                     (CASE outcome WHEN 0 THEN 0 WHEN 7 THEN NULL ELSE event_id END) VIRTUAL,
    CHECK ((outcome = 0) = (sequence IS NOT NULL)),
    CHECK ((outcome = 0) = (issued_after_ms IS NOT NULL)),
    CHECK ((outcome = 7) = (reason_code IS NOT NULL)),
    CHECK (outcome = 7 OR (event_id IS NOT NULL AND coupon_id IS NOT NULL AND user_id IS NOT NULL))
  ) STRICT;
`;

/** Made after the rows of an older schema are in the table: sorting is faster than random inserts. */
const INDEXES = `
  CREATE UNIQUE INDEX applied_record_claim
    ON applied_record (coupon_id, user_id, claim) WHERE coupon_id IS NOT NULL;
  CREATE UNIQUE INDEX applied_record_sequence
    ON applied_record (coupon_id, sequence) WHERE sequence IS NOT NULL;
  CREATE UNIQUE INDEX applied_record_dead_lettered
    ON applied_record (log_id, "offset", timestamp_ms) WHERE outcome = 7;
`;

/** The coupons from one stand of the stock to the next must be there: no gap, none twice. */
const STOCK_TRIGGER = `
  CREATE TRIGGER campaign_issues_without_a_gap BEFORE UPDATE OF issued_quantity ON campaign
  WHEN NEW.issued_quantity IS NOT OLD.issued_quantity
  BEGIN
    SELECT RAISE(ABORT, 'issued_quantity must move on by the coupons that were issued')
    WHERE NEW.issued_quantity - OLD.issued_quantity <> (
      SELECT count(*) FROM applied_record
      WHERE coupon_id = NEW.coupon_id
        AND sequence > OLD.issued_quantity AND sequence <= NEW.issued_quantity
    );
  END;
`;

/**
 * What people read; the names and columns are those of the tables before. issued_coupon says twice which
 * rows it has, so that each of two indexes leads to them: by user, and by sequence.
 */
const VIEWS = `
  CREATE VIEW issued_coupon AS
    SELECT coupon_id, user_id, sequence, ${unpacked('event_id')} AS event_id,
      timestamp_ms + issued_after_ms AS issued_at_ms, topic, partition, "offset"
    FROM applied_record JOIN log USING (log_id)
    WHERE claim = 0 AND sequence IS NOT NULL;

  CREATE VIEW request_outcome AS
    SELECT id, ${unpacked('event_id')} AS event_id, coupon_id, user_id,
      CASE outcome
        WHEN 0 THEN 'ISSUED' WHEN 1 THEN 'SOLD_OUT' WHEN 2 THEN 'DUPLICATE' WHEN 3 THEN 'EXPIRED'
        WHEN 4 THEN 'NOT_STARTED' WHEN 5 THEN 'INACTIVE' WHEN 6 THEN 'NOT_FOUND'
        WHEN 7 THEN 'DEAD_LETTERED' END AS outcome,
      reason_code, campaign_version, topic, partition, "offset", timestamp_ms
    FROM applied_record JOIN log USING (log_id);
`;

/** An eventId as text, of a column that holds it packed (store/event-id.ts). */
function unpacked(column: string): string {
  const part = (from: number, length: number) => `substr(hex(${column}), ${from}, ${length})`;
  const parts = [part(1, 8), part(9, 4), part(13, 4), part(17, 4), part(21, 12)];
  return `CASE typeof(${column}) WHEN 'blob' THEN lower(${parts.join(" || '-' || ")})
      ELSE ${column} END`;
}

/** Rows copied between two reports of progress. */
const COPIED_AT_ONCE = 20_000;

/** Step 4. The caller holds the write lock. */
export function toOneTable(db: Database, context: MigrationContext): void {
  assertMigratable(db, context.path);
  db.exec(TABLES);
  db.prepare(
    `INSERT INTO store_identity SELECT 1, ?, coalesce(max(id), 0) FROM request_outcome`,
  ).run(randomUUID());
  copyRecords(db, context);
  db.exec('DROP TABLE request_outcome; DROP TABLE issued_coupon');
  db.exec(INDEXES + STOCK_TRIGGER + VIEWS);
}

/** In the order of applying, in pieces, so that memory stays flat and progress can be told. */
function copyRecords(db: Database, { onProgress }: MigrationContext): void {
  db.function('pack_event_id', { deterministic: true }, (text: unknown) =>
    typeof text === 'string' ? packEventId(text) : text,
  );
  const total = db.prepare<[], number>('SELECT count(*) FROM request_outcome').pluck().get() ?? 0;
  db.exec(`INSERT INTO log (topic, partition)
    SELECT DISTINCT topic, partition FROM request_outcome ORDER BY topic, partition`);
  const lastOfPiece = db
    .prepare<[after: number], number | null>(
      `SELECT max(id) FROM
         (SELECT id FROM request_outcome WHERE id > ? ORDER BY id LIMIT ${COPIED_AT_ONCE})`,
    )
    .pluck();
  const copy = db.prepare<[after: number, last: number]>(
    `INSERT INTO applied_record (id, coupon_id, user_id, event_id, outcome, sequence,
       campaign_version, reason_code, log_id, "offset", timestamp_ms, issued_after_ms)
     SELECT r.id, r.coupon_id, r.user_id, pack_event_id(r.event_id),
       CASE r.outcome
         WHEN 'ISSUED' THEN 0 WHEN 'SOLD_OUT' THEN 1 WHEN 'DUPLICATE' THEN 2 WHEN 'EXPIRED' THEN 3
         WHEN 'NOT_STARTED' THEN 4 WHEN 'INACTIVE' THEN 5 WHEN 'NOT_FOUND' THEN 6
         WHEN 'DEAD_LETTERED' THEN 7 END,
       i.sequence, r.campaign_version, r.reason_code, log.log_id, r."offset", r.timestamp_ms,
       i.issued_at_ms - r.timestamp_ms
     FROM request_outcome r CROSS JOIN log USING (topic, partition)
       LEFT JOIN issued_coupon i ON r.outcome = 'ISSUED'
         AND i.coupon_id = r.coupon_id AND i.user_id = r.user_id AND i.event_id = r.event_id
         AND i.topic = r.topic AND i.partition = r.partition AND i."offset" = r."offset"
     WHERE r.id > ? AND r.id <= ?
     ORDER BY r.id`,
  );
  let copied = 0;
  let after = Number.MIN_SAFE_INTEGER;
  for (;;) {
    onProgress({ done: copied, total });
    const last = lastOfPiece.get(after) ?? null;
    if (last === null) return;
    copied += copy.run(after, last).changes;
    after = last;
  }
}

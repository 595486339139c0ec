import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UnreachableError } from '../../../src/errors.js';
import { SCHEMA_VERSION } from '../../../src/store/sqlite/migrations/migrations.js';
import { inspectMigration } from '../../../src/store/sqlite/migrations/pending-migration.js';
import { contentsOf } from '../../support/stores/store-contents.js';
import { makeVersion01Store } from '../../support/stores/version-0-1.js';
import { buildProgram, type Program } from '../store/child-process.js';
import { PartitionLog, request } from '../store/log.js';
import { sqliteFiles, withDatabase } from '../store/sqlite-file.js';

const files = sqliteFiles();

const UUID = '0123abcd-4567-89ef-0000-ffffffffffff';

/** Two campaigns, an outcome of each kind, eventIds of all sorts, and offsets beyond 2^53. */
const CONTENT = `
  INSERT INTO campaign VALUES
    (1, 'Spring', 5, 3, 'ACTIVE', NULL, 1000, 2), (7, NULL, 0, 0, 'INACTIVE', -1, NULL, 1);
  INSERT INTO campaign_version VALUES
    (1, 1, 'Spring', 4, 'ACTIVE', NULL, 1000, 10), (1, 2, 'Spring', 5, 'ACTIVE', NULL, 1000, 11),
    (7, 1, NULL, 0, 'INACTIVE', -1, NULL, 12);
  INSERT INTO issued_coupon VALUES
    (1, 42, 1, '${UUID}', 505, 'requests', 0, 9223372036854775000),
    (1, 9007199254740991, 2, '${UUID.toUpperCase()}', 490, 'requests', 1, 3),
    (1, 43, 3, '0', 500, 'older-requests', 0, 0);
  INSERT INTO request_outcome VALUES
    (1, '${UUID}', 1, 42, 'ISSUED', NULL, 1, 'requests', 0, 9223372036854775000, 500),
    (2, '${UUID.toUpperCase()}', 1, 9007199254740991, 'ISSUED', NULL, 1, 'requests', 1, 3, 500),
    (3, NULL, NULL, NULL, 'DEAD_LETTERED', 'MALFORMED_JSON', NULL, 'requests', 1, 4, 500),
    (5, 'x''y 🎉', 1, 42, 'DUPLICATE', NULL, 1, 'requests', 1, 5, 500),
    (6, 'late', 1, 44, 'EXPIRED', NULL, 2, 'requests', 1, 6, 1001),
    (7, 'dead', 1, 45, 'DEAD_LETTERED', 'PROCESSING_FAILED', NULL, 'requests', 1, 7, 500),
    (8, 'early', 7, 42, 'NOT_STARTED', NULL, 1, 'requests', 1, 8, -5),
    (9, 'inactive', 7, 42, 'INACTIVE', NULL, 1, 'requests', 1, 9, 500),
    (10, 'none', 8, 42, 'NOT_FOUND', NULL, NULL, 'requests', 1, 10, 500),
    (11, '0', 1, 43, 'ISSUED', NULL, 2, 'older-requests', 0, 0, 500),
    (12, 'gone', 1, 46, 'SOLD_OUT', NULL, 2, 'requests', 0, 9223372036854775001, 500),
    (1000000000000, 'dead', 1, 45, 'SOLD_OUT', NULL, 2, 'requests', 1, 11, 500);
  INSERT INTO partition_offset VALUES ('c', 'g', 'requests', 1, 12, 11, 500, 1);`;

/** Without what later schemas have added. */
const VERSIONS = `(SELECT coupon_id, version, name, total_quantity, status, valid_from_ms, valid_until_ms,
  created_at_ms FROM campaign_version)`;

const TABLES = {
  campaign: 'coupon_id',
  [VERSIONS]: 'coupon_id, version',
  issued_coupon: 'coupon_id, sequence',
  request_outcome: 'id',
  partition_offset: 'partition',
};

/** All that people can read, column by column. */
function viewsOf(path: string): Record<string, unknown> {
  return withDatabase(path, (db) =>
    Object.fromEntries(
      Object.entries(TABLES).map(([table, order]) => [
        table,
        db.prepare(`SELECT * FROM ${table} ORDER BY ${order}`).safeIntegers().all(),
      ]),
    ),
  );
}

function refusal(path: string): UnreachableError {
  try {
    files.open(path);
  } catch (error) {
    if (error instanceof UnreachableError) return error;
    throw error;
  }
  throw new Error('the store was opened');
}

describe('a store of version 0.1', () => {
  it('says the same after its migration', async () => {
    const path = files.path();
    makeVersion01Store(path, { sql: CONTENT });
    const before = viewsOf(path);

    const store = files.open(path);

    expect(viewsOf(path)).toEqual(before);
    expect(await store.countIssued({})).toBe(3);
  });

  it('goes on where it stopped', async () => {
    const path = files.path();
    makeVersion01Store(path, { sql: CONTENT });
    const log = new PartitionLog(files.open(path), { topic: 'requests', partition: 2 });

    expect(
      await log.apply(
        request(1, 42, { eventId: UUID, timestampMs: 500 }),
        request(1, 46, { eventId: 'gone', timestampMs: 500 }),
        request(1, 47, { eventId: UUID, timestampMs: 500 }),
      ),
    ).toEqual([
      { outcome: 'ISSUED', repeated: true, sequence: null },
      { outcome: 'SOLD_OUT', repeated: true, sequence: null },
      { outcome: 'ISSUED', repeated: false, sequence: 4 },
    ]);
  });

  it('is brought up to date from its first schema, which had a row for each reading of a dead letter', async () => {
    const path = files.path();
    const sql = `INSERT INTO request_outcome
        (outcome, reason_code, topic, partition, "offset", timestamp_ms) VALUES
      ('DEAD_LETTERED', 'MALFORMED_JSON', 'requests', 0, 7, 1),
      ('DEAD_LETTERED', 'MALFORMED_JSON', 'requests', 0, 7, 1),
      ('DEAD_LETTERED', 'MALFORMED_JSON', 'requests', 0, 7, 2)`;
    makeVersion01Store(path, { schema: 1, sql });

    const store = files.open(path);

    expect((await contentsOf(store)).outcomes).toMatchObject([
      { id: 1 },
      { id: 3, timestampMs: 2 },
    ]);
    const letter = { clusterId: 'a', topic: 'dlq', partition: 0, checksum: 2 };
    expect(await store.wasReplayed({ ...letter, offset: 0n, timestampMs: 1 })).toBe(false);
  });

  it('gives back the space of its old tables', () => {
    const path = files.path();
    makeVersion01Store(path, { sql: manyOutcomes(50_000) });
    const before = readFileSync(path).length;

    files.open(path);

    expect(withDatabase(path, (db) => db.pragma('freelist_count', { simple: true }))).toBe(0);
    expect(readFileSync(path).length).toBeLessThan(before);
  });

  it('tells how far it is', () => {
    const path = files.path();
    makeVersion01Store(path, { sql: manyOutcomes(50_000) });
    const reports: unknown[] = [];

    files.open(path, { onProgress: (progress) => reports.push(progress) });

    expect(reports).toEqual([0, 20_000, 40_000, 50_000].map((done) => ({ done, total: 50_000 })));
  });

  it('can be looked at before', () => {
    const path = files.path();
    makeVersion01Store(path, { sql: CONTENT });
    const before = readFileSync(path);

    const sizeBytes = before.length;
    const versions = { fromVersion: 3, toVersion: SCHEMA_VERSION };
    expect(inspectMigration(path)).toEqual({ ...versions, rows: 12, sizeBytes });

    expect(readFileSync(path).equals(before)).toBe(true);
  });

  it.each([
    [
      'an outcome ISSUED without its coupon',
      `INSERT INTO request_outcome VALUES (13, 'a', 1, 50, 'ISSUED', NULL, 1, 'requests', 0, 1, 1)`,
      'coupon 1 of user 50 has the outcome ISSUED, but is not in issued_coupon',
    ],
    [
      'a coupon without its outcome',
      `UPDATE request_outcome SET outcome = 'SOLD_OUT' WHERE id = 2`,
      'coupon 1 of user 9007199254740991 is in issued_coupon, but has no outcome ISSUED',
    ],
    [
      'a coupon of another record than its outcome',
      `UPDATE issued_coupon SET "offset" = 4 WHERE user_id = 43`,
      'coupon 1 of user 43 has the outcome ISSUED, but is not in issued_coupon',
    ],
    [
      'another number of coupons than its campaign says',
      'UPDATE campaign SET issued_quantity = 4 WHERE coupon_id = 1',
      'coupon 1 has another issued_quantity than coupons, or a gap in their sequence',
    ],
    [
      'a gap',
      'UPDATE issued_coupon SET sequence = 4 WHERE sequence = 3',
      'coupon 1 has another issued_quantity than coupons, or a gap in their sequence',
    ],
    [
      'a decision about nobody',
      'UPDATE request_outcome SET user_id = NULL WHERE id = 6',
      'coupon 1 has an outcome of no user',
    ],
  ])('is left as it is where it holds %s', (_, sql, means) => {
    const path = files.path();
    makeVersion01Store(path, { sql: `${CONTENT} PRAGMA foreign_keys = OFF; ${sql}` });
    const before = readFileSync(path);

    const error = refusal(path);

    expect(error).toMatchObject({ code: 'STORE_INCONSISTENT', exitCode: 4 });
    expect(error.message).toBe(
      `Cannot migrate the store ${path}: its tables contradict one another: ${means}.`,
    );
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  it('is left as it is where another program added a trigger', () => {
    const path = files.path();
    const trigger = `CREATE TRIGGER audit_log BEFORE INSERT ON issued_coupon BEGIN SELECT 1; END`;
    makeVersion01Store(path, { sql: `${CONTENT} ${trigger}` });
    const before = viewsOf(path);

    const error = refusal(path);

    expect(error).toMatchObject({ code: 'STORE_HAS_TRIGGER', exitCode: 4 });
    expect(error.message).toContain('audit_log on issued_coupon');
    expect(viewsOf(path)).toEqual(before);
  });
});

describe('a process that is killed while it migrates', () => {
  let program: Program;
  beforeAll(() => void (program = buildProgram('migrating-process')));
  afterAll(() => program.killAll());

  it.each([1, 2, 3, 4])('leaves the store as it was (at report %i)', async (reports) => {
    const path = files.path();
    makeVersion01Store(path, { sql: manyOutcomes(50_000) });
    const before = viewsOf(path);

    const child = program.start(path, reports);
    await once(child, 'close');

    expect(child.signalCode).toBe('SIGKILL');
    expect(inspectMigration(path)).toMatchObject({ fromVersion: 3, rows: 50_000 });
    files.open(path);
    expect(viewsOf(path)).toEqual(before);
  });
});

/** SQL for so many outcomes, every second one ISSUED. */
function manyOutcomes(count: number): string {
  const issued = count / 2;
  return `
    INSERT INTO campaign VALUES (1, NULL, ${issued}, ${issued}, 'ACTIVE', NULL, NULL, 1);
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})
    INSERT INTO request_outcome SELECT i, 'event ' || i, 1, i,
      CASE i % 2 WHEN 0 THEN 'ISSUED' ELSE 'EXPIRED' END, NULL, 1, 'requests', 0, i, i FROM n;
    INSERT INTO issued_coupon SELECT 1, user_id, id / 2, event_id, 5, topic, partition, "offset"
      FROM request_outcome WHERE outcome = 'ISSUED';`;
}

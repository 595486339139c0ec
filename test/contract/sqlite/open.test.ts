import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  writeFileSync,
  copyFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { UnreachableError } from '../../../src/errors.js';
import { openStore, type OpenStoreOptions } from '../../../src/store/sqlite/open.js';
import { temporaryDir } from '../../support/temporary-dir.js';
import { TERMS } from '../store/log.js';
import { sqliteFiles, withDatabase } from '../store/sqlite-file.js';

const files = sqliteFiles();

function refusal(path: string, options?: OpenStoreOptions): UnreachableError {
  try {
    files.open(path, options);
  } catch (error) {
    if (error instanceof UnreachableError) return error;
    throw error;
  }
  throw new Error('the store was opened');
}

/** The refusal, once it is sure that it left the file's bytes alone. */
function refusalWithoutATrace(path: string): UnreachableError {
  const before = readFileSync(path);
  const error = refusal(path);
  expect(readFileSync(path).equals(before)).toBe(true);
  expect(error.message).toContain(path);
  expect(error.hint).not.toBeNull();
  expect(error.exitCode).toBe(4);
  return error;
}

describe('opening a store', () => {
  it('makes the file and the directories above it', async () => {
    const path = join(temporaryDir(), 'a', 'b', 'coupons.db');

    expect(await files.open(path).campaigns()).toEqual([]);

    expect(existsSync(path)).toBe(true);
  });

  it('finds what was there before', async () => {
    const path = files.path();
    const first = openStore(path);
    await first.createCampaign(1, TERMS);
    await first.close();

    expect(await files.open(path).campaigns()).toMatchObject([{ couponId: 1 }]);
  });

  it('keeps its identity, and so does a copy', async () => {
    const path = files.path();
    const first = openStore(path);
    const identity = await first.identity();
    await first.close();
    copyFileSync(path, `${path}.copy`);

    expect(await files.open(path).identity()).toEqual(identity);
    expect(await files.open(`${path}.copy`).identity()).toEqual(identity);
  });

  it('takes an empty file for a new store', async () => {
    const path = files.path();
    writeFileSync(path, '');

    expect(await files.open(path).campaigns()).toEqual([]);
  });

  it('refuses a file that is no database', () => {
    const path = files.path();
    writeFileSync(path, 'couponId,userId\n1,42\n'.repeat(100));

    expect(refusalWithoutATrace(path)).toMatchObject({ code: 'STORE_NOT_A_DATABASE' });
  });

  it.each([
    ['by its tables', 'CREATE TABLE bookmarks (url TEXT)'],
    ['by its application id', 'PRAGMA application_id = 252006675'],
    ['by its schema version', 'PRAGMA user_version = 1'],
  ])('refuses another application’s database, known %s', (_, sql) => {
    const path = files.path();
    withDatabase(path, (db) => db.exec(sql));

    expect(refusalWithoutATrace(path)).toMatchObject({ code: 'STORE_FOREIGN_DATABASE' });
  });

  it('leaves another application’s write-ahead log alone', () => {
    const path = files.path();
    withDatabase(path, (db) => {
      db.exec('PRAGMA journal_mode = WAL; CREATE TABLE bookmarks (url TEXT)');
      // As after a crash: the log holds what the file does not.
      copyFileSync(path, `${path}.crashed`);
      copyFileSync(`${path}-wal`, `${path}.crashed-wal`);
    });
    const log = readFileSync(`${path}.crashed-wal`);
    expect(log.length).toBeGreaterThan(0);

    expect(refusalWithoutATrace(`${path}.crashed`)).toMatchObject({
      code: 'STORE_FOREIGN_DATABASE',
    });
    expect(readFileSync(`${path}.crashed-wal`).equals(log)).toBe(true);
  });

  it('refuses a store that a newer version has written', async () => {
    const path = files.path();
    await openStore(path).close();
    withDatabase(path, (db) => db.exec('PRAGMA user_version = 99'));

    const error = refusalWithoutATrace(path);

    expect(error.code).toBe('STORE_NEWER_VERSION');
    expect(error.message).toContain('schema 99');
  });

  it('refuses a damaged store', async () => {
    const path = files.path();
    await openStore(path).close();
    const bytes = readFileSync(path);
    bytes.fill(0xaa, 100, 4096);
    writeFileSync(path, bytes);

    expect(refusalWithoutATrace(path)).toMatchObject({ code: 'STORE_CORRUPT' });
  });

  it('refuses a store whose tables somebody has dropped', async () => {
    const path = files.path();
    await openStore(path).close();
    withDatabase(path, (db) => db.exec('DROP TABLE partition_offset'));

    expect(refusal(path)).toMatchObject({ code: 'STORE_FAILED' });
  });

  it('refuses a directory, and a path that leads through a file', () => {
    const path = files.path();
    mkdirSync(path);
    expect(refusal(path)).toMatchObject({ code: 'STORE_CANNOT_OPEN', exitCode: 4 });

    writeFileSync(join(path, 'file'), '');
    const through = join(path, 'file', 'coupons.db');
    const error = refusal(through);
    expect(error).toMatchObject({ code: 'STORE_CANNOT_OPEN', exitCode: 4 });
    expect(error.message).toContain(through);
  });

  it('refuses a store that this user may not write', async () => {
    const path = files.path();
    await openStore(path).close();
    chmodSync(path, 0o444);
    chmodSync(dirname(path), 0o555);

    expect(asUnprivileged(() => refusal(path))).toMatchObject({ exitCode: 4 });
  });

  it('finishes what a crash left half done when the store was made', async () => {
    const path = files.path();
    withDatabase(path, (db) => {
      db.exec('PRAGMA cache_size = 1; BEGIN; CREATE TABLE half (data BLOB)');
      // More than the cache holds: the file itself is written to, and its journal can undo that.
      db.exec('INSERT INTO half VALUES (randomblob(200000)), (randomblob(200000))');
      copyFileSync(path, `${path}.crashed`);
      copyFileSync(`${path}-journal`, `${path}.crashed-journal`);
    });
    expect(readFileSync(`${path}.crashed`).length).toBeGreaterThan(0);

    expect(await files.open(`${path}.crashed`).campaigns()).toEqual([]);
  });
});

describe('opening a store to read only', () => {
  const readOnly: OpenStoreOptions = { mode: 'read-only' };

  it('reads what is there and refuses to write', async () => {
    const path = files.path();
    const writer = files.open(path);
    await writer.createCampaign(1, TERMS);

    const reader = files.open(path, readOnly);

    expect(await reader.campaigns()).toMatchObject([{ couponId: 1 }]);
    await expect(reader.createCampaign(2, TERMS)).rejects.toMatchObject({
      name: 'StoreUnavailableError',
      code: 'STORE_READ_ONLY',
    });
    await writer.createCampaign(3, TERMS);
    expect(await reader.campaigns()).toHaveLength(2);
  });

  it('makes no store where there is none', () => {
    const path = join(temporaryDir(), 'a', 'coupons.db');

    expect(refusal(path, readOnly)).toMatchObject({ code: 'STORE_NOT_FOUND', exitCode: 4 });

    expect(existsSync(dirname(path))).toBe(false);
  });

  it.each([
    ['that is at rest', () => undefined],
    ['that a crash left with a write-ahead log', leaveWriteAheadLog],
  ])('reads a store %s in a directory that this user may not write', async (_, crash) => {
    const path = files.path();
    const writer = openStore(path);
    await writer.createCampaign(1, TERMS);
    crash(path);
    await writer.close();
    restore(path);
    chmodSync(path, 0o444);
    chmodSync(dirname(path), 0o555);
    const before = readdirSync(dirname(path));

    const store = asUnprivileged(() => files.open(path, readOnly));

    expect(await store.campaigns()).toMatchObject([{ couponId: 1 }]);
    await expect(store.createCampaign(2, TERMS)).rejects.toMatchObject({ code: 'STORE_READ_ONLY' });
    expect(readdirSync(dirname(path))).toEqual(before);
  });

  it('does not wait for a process that is writing', async () => {
    const path = files.path();
    await files.open(path).createCampaign(1, TERMS);
    files.client(path).exec('BEGIN EXCLUSIVE');

    expect(await files.open(path, readOnly).campaigns()).toHaveLength(1);
  });

  it('does not fill an empty file', () => {
    const path = files.path();
    writeFileSync(path, '');

    for (const mode of ['read-only', 'read-write'] as const) {
      expect(refusal(path, { mode })).toMatchObject({ code: 'STORE_NOT_FOUND', exitCode: 4 });
    }

    expect(readFileSync(path)).toHaveLength(0);
  });
});

/** Runs as a user to whom file modes apply: they don't apply to root. */
/** What a killed process leaves: the file and its log, as they are now. */
function leaveWriteAheadLog(path: string): void {
  for (const suffix of ['', '-wal']) copyFileSync(`${path}${suffix}`, `${path}${suffix}.killed`);
}

function restore(path: string): void {
  for (const suffix of ['', '-wal'].filter((each) => existsSync(`${path}${each}.killed`))) {
    renameSync(`${path}${suffix}.killed`, `${path}${suffix}`);
  }
}

function asUnprivileged<T>(work: () => T): T {
  const NOBODY = 65534;
  if (process.geteuid?.() !== 0) return work();
  process.seteuid?.(NOBODY);
  try {
    return work();
  } finally {
    process.seteuid?.(0);
  }
}

import { renameSync } from 'node:fs';
import Database from 'better-sqlite3';
import { afterEach, describe, expect, it } from 'vitest';
import { RecordRefusedError, StoreUnavailableError } from '../../../src/ports/coupon-store.js';
import { openFile, prepareFile } from '../../../src/store/sqlite/file/connection.js';
import { needsCopy } from '../../../src/store/sqlite/file/readable-copy.js';
import { duringWork } from '../../../src/store/sqlite/errors.js';
import { SqliteStore } from '../../../src/store/sqlite/sqlite-store.js';
import { NOW_MS, PartitionLog, request, TERMS } from '../store/log.js';
import { refuseUser, sqliteFiles, withDatabase } from '../store/sqlite-file.js';
import { contentsOf } from '../../support/stores/store-contents.js';

const files = sqliteFiles();

describe('a disk that is full', () => {
  const options = {
    mode: 'create',
    busyTimeoutMs: 1000,
    onProgress: () => undefined,
  } as const;
  const stores: SqliteStore[] = [];
  afterEach(async () => {
    for (const store of stores.splice(0)) await store.close();
  });

  it('makes the store unavailable, loses nothing, and goes on when there is room', async () => {
    const path = files.path();
    const db = openFile(path, options);
    prepareFile(db, path, options);
    const store = new SqliteStore(db, path, { clock: () => NOW_MS, busyTimeoutMs: 1000 });
    stores.push(store);
    await store.createCampaign(1, { ...TERMS, totalQuantity: 10_000 });
    const log = new PartitionLog(store);
    await log.apply(request(1, 1));
    const before = await contentsOf(store);
    const pages = Number(db.pragma('page_count', { simple: true }));
    db.pragma(`max_page_count = ${pages}`);
    const many = Array.from({ length: 500 }, (_, index) => request(1, 2 + index));

    await expect(log.apply(...many)).rejects.toMatchObject({
      name: 'StoreUnavailableError',
      code: 'STORE_FULL',
    });

    expect(await contentsOf(store)).toEqual(before);
    db.pragma(`max_page_count = ${pages + 1000}`);
    expect((await log.apply(...many)).at(-1)).toMatchObject({ outcome: 'ISSUED', sequence: 501 });
  });
});

describe('a trigger that an operator added', () => {
  const open = async () => {
    const path = files.path();
    const store = files.open(path);
    await store.createCampaign(1, TERMS);
    return { path, store, log: new PartitionLog(store) };
  };
  const trigger = (path: string, table: string, action: string) =>
    withDatabase(path, (db) =>
      db.exec(`CREATE TRIGGER t BEFORE INSERT ON ${table} WHEN NEW.user_id = 13
        BEGIN SELECT RAISE(${action}); END`),
    );

  it('refuses one record, with its own message', async () => {
    const { path, log } = await open();
    refuseUser(path, 13);

    await expect(log.apply(request(1, 13))).rejects.toMatchObject({
      name: 'RecordRefusedError',
      message: 'refused',
    });
  });

  it.each([
    ['ends the transaction', 'applied_record', `ROLLBACK, 'refused'`],
    ['fails half way', 'applied_record', `FAIL, 'refused'`],
    ['drops the outcome in silence', 'applied_record', 'IGNORE'],
  ])('and %s: nothing is written, and the next batch goes well', async (_, table, action) => {
    const { path, store, log } = await open();
    await log.apply(request(1, 42));
    const before = await contentsOf(store);
    trigger(path, table, action);

    const failed = log.apply(request(1, 43), request(1, 13), request(1, 44));

    await expect(failed).rejects.toThrow();
    await expect(failed).rejects.not.toBeInstanceOf(StoreUnavailableError);
    expect(await contentsOf(store)).toEqual(before);
    expect(await log.apply(request(1, 43))).toMatchObject([{ outcome: 'ISSUED', sequence: 2 }]);
  });
});

describe('a store that is gone', () => {
  it('is unavailable, rather than read or written to under another name', async () => {
    const path = files.path();
    const store = files.open(path);
    await store.createCampaign(1, TERMS);
    renameSync(path, `${path}.moved`);

    await expect(store.createCampaign(2, TERMS)).rejects.toMatchObject({ code: 'STORE_GONE' });
    files.open(path);
    await expect(store.createCampaign(2, TERMS)).rejects.toMatchObject({ code: 'STORE_GONE' });
    await expect(store.campaigns()).rejects.toMatchObject({ code: 'STORE_GONE' });
  });

  it('is unavailable when its tables are dropped', async () => {
    const path = files.path();
    const store = files.open(path);
    withDatabase(path, (db) => db.exec('DROP TABLE applied_record'));

    await expect(new PartitionLog(store).apply(request(1, 42))).rejects.toMatchObject({
      name: 'StoreUnavailableError',
      code: 'STORE_FAILED',
    });
  });
});

it('a store on a full disk can be read: from a copy, where there is no room for SQLite’s own files', () => {
  const needs = (code: string) => needsCopy(new Database.SqliteError('details', code));

  expect(['SQLITE_IOERR_SHMSIZE', 'SQLITE_CANTOPEN'].map(needs)).toEqual([true, true]);
  expect(['SQLITE_IOERR_READ', 'SQLITE_CORRUPT'].map(needs)).toEqual([false, false]);
});

describe('an error of SQLite', () => {
  it.each([
    ['SQLITE_FULL', 'STORE_FULL'],
    ['SQLITE_IOERR_SHMSIZE', 'STORE_FULL'],
    ['SQLITE_BUSY_RECOVERY', 'STORE_BUSY'],
    ['SQLITE_LOCKED', 'STORE_BUSY'],
    ['SQLITE_READONLY_DBMOVED', 'STORE_READ_ONLY'],
    ['SQLITE_CANTOPEN', 'STORE_CANNOT_OPEN'],
    ['SQLITE_CORRUPT_INDEX', 'STORE_CORRUPT'],
    ['SQLITE_NOTADB', 'STORE_NOT_A_DATABASE'],
    ['SQLITE_IOERR_FSYNC', 'STORE_IO_ERROR'],
    ['SQLITE_NOMEM', 'STORE_OUT_OF_MEMORY'],
    ['SQLITE_PROTOCOL', 'STORE_FAILED'],
  ])('%s is the store’s: %s', (code, expected) => {
    const cause = new Database.SqliteError('details', code);

    const error = duringWork(cause, '/data/coupons.db');

    expect(error).toBeInstanceOf(StoreUnavailableError);
    expect(error).toMatchObject({ code: expected, cause });
    expect(String(error)).toContain('/data/coupons.db');
    expect(String(error)).toContain('details');
  });

  it.each(['SQLITE_CONSTRAINT_CHECK', 'SQLITE_TOOBIG', 'SQLITE_MISMATCH'])(
    '%s is the fault of a record',
    (code) => {
      const error = new Database.SqliteError('details', code);

      const refused = duringWork(error, '/data/coupons.db');
      expect(refused).toBeInstanceOf(RecordRefusedError);
      expect(refused).toMatchObject({ cause: error });
    },
  );
});

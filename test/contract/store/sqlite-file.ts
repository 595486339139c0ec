import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach } from 'vitest';
import { openStore, type OpenStoreOptions } from '../../../src/store/sqlite/open.js';
import type { SqliteStore } from '../../../src/store/sqlite/sqlite-store.js';
import { temporaryDir } from '../../support/temporary-dir.js';

/** Temporary files, and the stores on them, closed after each test. Call it once a test file. */
export function sqliteFiles() {
  const cleanups: (() => unknown)[] = [];
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  });

  function open(path: string, options: OpenStoreOptions = {}): SqliteStore {
    const store = openStore(path, options);
    cleanups.push(() => store.close());
    return store;
  }

  /** Another SQLite client of the same file. */
  function client(path: string): Database.Database {
    const db = new Database(path);
    cleanups.push(() => db.close());
    return db;
  }

  return { open, client, path: () => join(temporaryDir(), 'coupons.db') };
}

/** Works on the file as any other SQLite client would. */
export function withDatabase<T>(path: string, work: (db: Database.Database) => T): T {
  const db = new Database(path);
  try {
    return work(db);
  } finally {
    db.close();
  }
}

/** A trigger that an operator might add: it refuses one user's requests, though not their dead letters. */
export function refuseUser(path: string, userId: number, action = 'ABORT', when = 'BEFORE'): void {
  withDatabase(path, (db) =>
    db.exec(`CREATE TRIGGER refuse_${userId} ${when} INSERT ON applied_record
      WHEN NEW.user_id = ${userId} AND NEW.outcome <> 7 BEGIN SELECT RAISE(${action}, 'refused'); END`),
  );
}

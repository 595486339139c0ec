/**
 * Who has a data directory. The lock is SQLite's own on the file `broker.lock`, held for the life
 * of the process: the kernel gives it back however the process ends, and others can ask for it.
 * `broker.json` says which process that is, and is believed only while the lock is held.
 */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { UnreachableError } from '../errors.js';
import { openSqlite } from '../sqlite-database.js';

/** Long enough for another process that only asks whether the lock is held. */
const LOCK_WAIT_MS = 500;

export interface LockHolder {
  readonly pid: number;
  readonly address: string;
}

export class DataDirLock {
  readonly #dataDir: string;
  readonly #db: Database.Database;

  private constructor(dataDir: string, db: Database.Database) {
    this.#dataDir = dataDir;
    this.#db = db;
  }

  /** Null where another broker holds it. Throws where the directory cannot be written. */
  static acquire(dataDir: string): DataDirLock | null {
    const db = openSqlite(lockPath(dataDir), { timeout: LOCK_WAIT_MS });
    try {
      db.exec('BEGIN EXCLUSIVE');
    } catch (error) {
      db.close();
      if (isBusy(error)) return null;
      throw error;
    }
    rmSync(holderPath(dataDir), { force: true });
    return new DataDirLock(dataDir, db);
  }

  /** Writes down which process holds the lock and its address, once it listens. */
  publish(holder: LockHolder): void {
    const temporary = `${holderPath(this.#dataDir)}.new`;
    writeFileSync(temporary, JSON.stringify(holder));
    renameSync(temporary, holderPath(this.#dataDir));
  }

  release(): void {
    rmSync(holderPath(this.#dataDir), { force: true });
    this.#db.close();
  }
}

/** Whether some process holds the lock now. Throws UnreachableError where SQLite does not load. */
export function isLocked(dataDir: string): boolean {
  let db: Database.Database | undefined;
  try {
    db = openSqlite(lockPath(dataDir), { readonly: true, fileMustExist: true, timeout: 0 });
    db.pragma('schema_version');
    return false;
  } catch (error) {
    // Not known: SQLite itself does not load.
    if (error instanceof UnreachableError) throw error;
    return isBusy(error);
  } finally {
    db?.close();
  }
}

/** Null while the holder is still starting. To be asked only where the lock is held. */
export function lockHolder(dataDir: string): LockHolder | null {
  try {
    const { pid, address } = JSON.parse(readFileSync(holderPath(dataDir), 'utf8')) as LockHolder;
    return { pid, address };
  } catch {
    return null;
  }
}

function lockPath(dataDir: string): string {
  return join(dataDir, 'broker.lock');
}

function holderPath(dataDir: string): string {
  return join(dataDir, 'broker.json');
}

function isBusy(error: unknown): boolean {
  return error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY');
}

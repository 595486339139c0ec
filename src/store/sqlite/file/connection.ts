import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { UnreachableError } from '../../../errors.js';
import type { MigrationProgress, StoreMode } from '../../../ports/store-access.js';
import { markAsOurs, schemaVersionOf } from './identity.js';
import { copiesOutcomes, migrate, SCHEMA_VERSION } from '../migrations/migrations.js';
import { needsCopy, openCopy } from './readable-copy.js';
import { prepareTransactions } from './transaction.js';
import { openSqlite } from '../../../sqlite-database.js';

/** Pages of recent use kept in memory. */
const PAGE_CACHE_KIB = 64 * 1024;

/**
 * How long the write-ahead log grows before its pages are copied into the file, in pages of 4 KiB.
 * Copying less often means copying a hot page once where it would have been copied many times.
 */
const CHECKPOINT_PAGES = 4096;

/**
 * What the write-ahead log keeps on the disk when it starts again, twice its usual size. It grows beyond that while another
 * process reads an old state; without this limit its file would keep that size.
 */
export const LOG_LIMIT_BYTES = 32 * 1024 * 1024;

export interface FileOptions {
  /** How long to wait for the lock that another process holds. */
  readonly busyTimeoutMs: number;
  readonly mode: StoreMode;
}

export interface ConnectionOptions extends FileOptions {
  /** Hears of a migration while it runs. */
  readonly onProgress: (progress: MigrationProgress) => void;
}

/** Opens the file. Throws UnreachableError or whatever SQLite throws. */
export function openFile(path: string, options: FileOptions): Database.Database {
  const { mode, busyTimeoutMs } = options;
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats?.isFile() === false) throw notAFile(path);
  if (stats === undefined && mode !== 'create') throw notFound(path);
  if (mode === 'read-only') return openToRead(path, busyTimeoutMs);
  if (stats !== undefined) refuseForeignFile(path, busyTimeoutMs);
  mkdirSync(dirname(path), { recursive: true });
  return openSqlite(path, { timeout: busyTimeoutMs });
}

/** Makes an opened file ready for work. Throws as openFile does. */
export function prepareFile(db: Database.Database, path: string, options: ConnectionOptions): void {
  const version = schemaVersionOf(db, path);
  // A copy that failed, or a process that was killed while it created the store.
  if (version === 0 && options.mode !== 'create') throw notFound(path, 'the file has no tables');
  db.pragma(`cache_size = -${PAGE_CACHE_KIB}`);
  if (options.mode === 'read-only') {
    if (version < SCHEMA_VERSION) throw tooOldToRead(path);
    return;
  }
  useWriteAheadLog(db, options.busyTimeoutMs);
  db.pragma('synchronous = FULL');
  db.pragma('foreign_keys = ON');
  db.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
  db.pragma(`journal_size_limit = ${LOG_LIMIT_BYTES}`);
  // Always under the write lock, and looked at again: another process may be doing the same, and a
  // file that cannot be written is found out here.
  const isCopied = prepareTransactions(db).write(() => {
    const lockedVersion = schemaVersionOf(db, path);
    if (lockedVersion === SCHEMA_VERSION) return false;
    migrate(db, lockedVersion, { path, onProgress: options.onProgress });
    markAsOurs(db);
    return copiesOutcomes(lockedVersion);
  });
  if (isCopied) giveBackSpace(db);
}

/**
 * The tables of an older schema leave most of the file empty. Where that space can't be given back, new
 * rows fill it: another process writes, or the disk has no room for the file a second time.
 */
function giveBackSpace(db: Database.Database): void {
  try {
    db.exec('VACUUM');
    db.pragma('wal_checkpoint(TRUNCATE)');
  } catch (error) {
    if (!(error instanceof Database.SqliteError)) throw error;
  }
}

function openToRead(path: string, busyTimeoutMs: number): Database.Database {
  const readonly = { readonly: true, timeout: busyTimeoutMs };
  const db = openSqlite(path, readonly);
  try {
    db.prepare('SELECT 1 FROM sqlite_schema').get();
    return db;
  } catch (error) {
    db.close();
    if (needsCopy(error)) return openCopy(path);
    throw error;
  }
}

function notAFile(path: string): UnreachableError {
  return new UnreachableError(
    'STORE_CANNOT_OPEN',
    `Cannot open the store ${path}: it is not a file.`,
    'Name a file with --store.',
  );
}

function notFound(path: string, why?: string): UnreachableError {
  return new UnreachableError(
    'STORE_NOT_FOUND',
    `There is no store at ${path}${why === undefined ? '' : `: ${why}`}.`,
    'Name another file with --store; `coupons campaigns create` and `coupons consume` create a new one.',
  );
}

function tooOldToRead(path: string): UnreachableError {
  return new UnreachableError(
    'STORE_OLDER_VERSION',
    `Cannot read the store ${path}: an older version of coupons made it.`,
    '`coupons store migrate` brings it up to date, as does any command that writes to it.',
  );
}

/**
 * Looks at the file without the right to write it, for opening another application's file to write
 * may already change it: SQLite then tidies up what a crash or an open log left behind.
 */
function refuseForeignFile(path: string, busyTimeoutMs: number): void {
  const db = openSqlite(path, { readonly: true, timeout: busyTimeoutMs });
  try {
    schemaVersionOf(db, path);
  } catch (error) {
    // A crash left a journal that only a writer can roll back: the writer will look again.
    if (!(error instanceof Database.SqliteError && error.code === 'SQLITE_READONLY_ROLLBACK')) {
      throw error;
    }
  } finally {
    db.close();
  }
}

/**
 * SQLite does not wait for other connections when it changes the journal mode, so that two processes
 * that make a new file at once would fail. BEGIN EXCLUSIVE does wait for them.
 */
function useWriteAheadLog(db: Database.Database, busyTimeoutMs: number): void {
  const deadline = Date.now() + busyTimeoutMs;
  for (;;) {
    try {
      db.pragma('journal_mode = WAL');
      return;
    } catch (error) {
      const busy = error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY');
      if (!busy || Date.now() > deadline) throw error;
      db.exec('BEGIN EXCLUSIVE; COMMIT');
    }
  }
}

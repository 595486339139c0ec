import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Database } from 'better-sqlite3';
import { CliError, messageOf, UnreachableError, UsageError } from '../../../errors.js';
import type { BackupOptions, StoreBackup } from '../../../ports/store-backup.js';
import { openFile } from '../file/connection.js';
import { primaryCodeOf, whileOpening } from '../errors.js';
import { schemaVersionOf } from '../file/identity.js';
import { writeNewFile, writeReplacedFile } from '../file/new-file.js';
import { openSqlite } from '../../../sqlite-database.js';

const BUSY_TIMEOUT_MS = 5000;

/** Copied between two turns of the event loop. */
const PAGES_AT_ONCE = 2000;

/**
 * Copies one state of the file, with what is in its write-ahead log, whoever writes meanwhile, and of an older
 * schema, too. The copy is there once it is whole, checked and durable. Throws CliError.
 */
export async function backUp(
  storePath: string,
  filePath: string,
  { replace, onProgress }: BackupOptions,
): Promise<StoreBackup> {
  const [store, file] = [resolve(storePath), resolve(filePath)];
  const db = openSource(store);
  try {
    if (isSameFile(store, file)) {
      throw new UsageError(`${file} is the store itself.`, 'Name another file.');
    }
    const write = replace ? writeReplacedFile : writeNewFile;
    const facts = await write(file, async (path) => {
      await copyPages(db, path, onProgress);
      return checked(path, store);
    });
    return { store, file, ...facts, sizeBytes: statSync(file).size };
  } catch (error) {
    if (error instanceof CliError) throw error;
    if (primaryCodeOf(error) === 'SQLITE_CORRUPT') throw damaged(store, messageOf(error));
    throw cannotWrite(store, file, error);
  } finally {
    db.close();
  }
}

function isSameFile(store: string, file: string): boolean {
  const [a, b] = [store, file].map((path) => statSync(path, { throwIfNoEntry: false }));
  return a !== undefined && a.dev === b?.dev && a.ino === b.ino;
}

function openSource(path: string): Database {
  let db: Database | undefined;
  try {
    db = openFile(path, { mode: 'read-only', busyTimeoutMs: BUSY_TIMEOUT_MS });
    schemaVersionOf(db, path);
    return db;
  } catch (error) {
    db?.close();
    throw whileOpening(error, path);
  }
}

async function copyPages(
  db: Database,
  path: string,
  onProgress: BackupOptions['onProgress'],
): Promise<void> {
  const pageBytes = Number(db.pragma('page_size', { simple: true }));
  // One state from its first page to its last: without this, SQLite starts again when another process has written.
  db.exec('BEGIN; SELECT 1 FROM sqlite_schema');
  await db.backup(path, {
    progress: ({ totalPages, remainingPages }) => {
      const totalBytes = totalPages * pageBytes;
      onProgress({ bytes: totalBytes - remainingPages * pageBytes, totalBytes });
      return PAGES_AT_ONCE;
    },
  });
}

type Facts = Pick<StoreBackup, 'schemaVersion' | 'campaigns' | 'outcomes'>;

function checked(path: string, store: string): Facts {
  const db = openSqlite(path);
  try {
    // Without a write-ahead log the file is all there is, wherever it is taken.
    db.pragma('journal_mode = DELETE');
    const damage = db.pragma('integrity_check(1)', { simple: true });
    if (damage !== 'ok') throw damaged(store, String(damage));
    const schemaVersion = schemaVersionOf(db, path);
    const count = (table: string) =>
      db.prepare<[], number>(`SELECT count(*) FROM ${table}`).pluck().get() ?? 0;
    return {
      schemaVersion,
      campaigns: schemaVersion === 0 ? 0 : count('campaign'),
      outcomes: schemaVersion === 0 ? 0 : count('request_outcome'),
    };
  } finally {
    db.close();
  }
}

function damaged(store: string, damage: string): UnreachableError {
  return new UnreachableError(
    'STORE_CORRUPT',
    `The store ${store} is damaged (${damage}). No backup was written.`,
    'Keep the last good backup; `coupons doctor` says more about the damage.',
  );
}

function cannotWrite(store: string, file: string, cause: unknown): CliError {
  return new CliError(
    'CANNOT_WRITE_FILE',
    `Cannot write the backup of ${store} to ${file}: ${messageOf(cause)}`,
    'Name a file in a directory that can be written, with room on its disk.',
    { cause },
  );
}

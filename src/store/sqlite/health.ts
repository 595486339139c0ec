import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Database } from 'better-sqlite3';
import type { StoreHealth } from '../../ports/store-access.js';
import { isLocked, logBytes } from './condition.js';
import { openFile } from './file/connection.js';
import { whileOpening } from './errors.js';
import { schemaVersionOf } from './file/identity.js';
import { SCHEMA_VERSION } from './migrations/migrations.js';
import { openSqlite } from '../../sqlite-database.js';

/** At most so many lines of the integrity check are shown. */
const MAX_DAMAGES = 5;
const BUSY_TIMEOUT_MS = 2000;

/** Inspects a store; changes nothing. Throws UnreachableError, STORE_NOT_FOUND among others. */
export async function inspectStore(path: string): Promise<StoreHealth> {
  const file = resolve(path);
  let db: Database | undefined;
  try {
    // The check itself reads one state of the store for long, in which the log may grow.
    const writeAheadLogBytes = logBytes(file);
    db = openFile(file, { mode: 'read-only', busyTimeoutMs: BUSY_TIMEOUT_MS });
    const schemaVersion = schemaVersionOf(db, file);
    const lines = db
      .prepare<[], string>(`PRAGMA integrity_check(${String(MAX_DAMAGES)})`)
      .pluck()
      .all();
    return {
      schemaVersion,
      latestSchemaVersion: SCHEMA_VERSION,
      damages: lines
        .flatMap((line) => line.split('\n'))
        .filter((line) => !/^(ok|\*\*\*.*)$/.test(line)),
      isLocked: await isLocked(file, BUSY_TIMEOUT_MS),
      sizeBytes: statSync(file).size,
      writeAheadLogBytes,
      server: null,
    };
  } catch (error) {
    throw whileOpening(error, file);
  } finally {
    db?.close();
  }
}

/** Whether there is nothing in a file. False where it can't be read: what is wrong with it, opening it says. */
export function isEmptyFile(path: string): boolean {
  const file = resolve(path);
  let db: Database | undefined;
  try {
    db = openFile(file, { mode: 'read-only', busyTimeoutMs: BUSY_TIMEOUT_MS });
    return schemaVersionOf(db, file) === 0;
  } catch {
    return false;
  } finally {
    db?.close();
  }
}

/** The version of the SQLite in better-sqlite3. Throws where its binary is not for this Node. */
export function sqliteVersion(): string {
  const db = openSqlite(':memory:');
  const version = db.prepare<[], string>('SELECT sqlite_version()').pluck().get();
  db.close();
  return version ?? '';
}

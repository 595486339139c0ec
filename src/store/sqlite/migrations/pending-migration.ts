import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Database } from 'better-sqlite3';
import type { StoreMigration } from '../../../ports/store-access.js';
import { openFile } from '../file/connection.js';
import { whileOpening } from '../errors.js';
import { schemaVersionOf } from '../file/identity.js';
import { copiesOutcomes, SCHEMA_VERSION } from './migrations.js';

/**
 * Looks at the file and changes nothing. `fromVersion` equals `toVersion` where there is nothing to
 * migrate, and is 0 where the file is empty. Throws UnreachableError, also where there is no file.
 */
export function inspectMigration(path: string, busyTimeoutMs = 0): StoreMigration {
  const file = resolve(path);
  let db: Database | undefined;
  try {
    db = openFile(file, { mode: 'read-only', busyTimeoutMs });
    const fromVersion = schemaVersionOf(db, file);
    const rows = copiesOutcomes(fromVersion) ? countOutcomes(db) : 0;
    return { fromVersion, toVersion: SCHEMA_VERSION, rows, sizeBytes: statSync(file).size };
  } catch (error) {
    throw whileOpening(error, file);
  } finally {
    db?.close();
  }
}

function countOutcomes(db: Database): number {
  return db.prepare<[], number>('SELECT count(*) FROM request_outcome').pluck().get() ?? 0;
}

import { accessSync, constants } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Database } from 'better-sqlite3';
import { UnreachableError } from '../../errors.js';
import type { NewEvent } from '../../ports/store-history.js';
import { whileOpening } from './errors.js';
import { openFile } from './file/connection.js';
import { schemaVersionOf } from './file/identity.js';
import { prepareTransactions } from './file/transaction.js';
import { SCHEMA_VERSION } from './migrations/migrations.js';
import { prepareEvents } from './tables/events.js';

/** As of StoreAccess. Blocks this thread while it waits for the lock. */
export function recordEvents(path: string, events: readonly NewEvent[], limitMs: number): void {
  const file = resolve(path);
  let db: Database | undefined;
  try {
    // SQLite would find out only after it has made files beside a store that it may not write.
    accessSync(dirname(file), constants.W_OK);
    db = openFile(file, { mode: 'read-write', busyTimeoutMs: limitMs });
    if (schemaVersionOf(db, file) < SCHEMA_VERSION) throw tooOldToRecord(path);
    db.pragma('synchronous = FULL');
    const table = prepareEvents(db);
    prepareTransactions(db).write(() => {
      table.add(events);
    });
  } catch (error) {
    throw whileOpening(error, file);
  } finally {
    db?.close();
  }
}

function tooOldToRecord(path: string): UnreachableError {
  return new UnreachableError(
    'STORE_OLDER_VERSION',
    `Cannot record an event in the store ${path}: an older version of coupons made it.`,
    '`coupons store migrate` brings it up to date.',
  );
}

import { resolve } from 'node:path';
import type { Database } from 'better-sqlite3';
import type { StoreMode } from '../../ports/store-access.js';
import { openFile, prepareFile, type ConnectionOptions } from './file/connection.js';
import { whileOpening } from './errors.js';
import { SqliteStore } from './sqlite-store.js';

export interface OpenStoreOptions {
  /** In ms since the epoch; dates what is issued and every change of terms. */
  readonly clock?: () => number;
  /** `create` by default, which makes the directories as well. */
  readonly mode?: StoreMode;
  /** How long to wait for the lock that another process holds: 5 s by default. */
  readonly busyTimeoutMs?: number;
  /** Hears how far a migration has come; it blocks this thread until it is over. */
  readonly onProgress?: ConnectionOptions['onProgress'];
}

const BUSY_TIMEOUT_MS = 5000;

/**
 * Opens the SQLite store. A file that is not ours, or that a newer version has written, is left as
 * it is. Throws UnreachableError.
 */
export function openStore(path: string, options: OpenStoreOptions = {}): SqliteStore {
  const { clock = Date.now, mode = 'create', busyTimeoutMs = BUSY_TIMEOUT_MS } = options;
  const { onProgress = () => undefined } = options;
  const file = resolve(path);
  let db: Database | undefined;
  try {
    db = openFile(file, { mode, busyTimeoutMs });
    prepareFile(db, file, { mode, busyTimeoutMs, onProgress });
    return new SqliteStore(db, file, { clock, busyTimeoutMs });
  } catch (error) {
    db?.close();
    throw whileOpening(error, file);
  }
}

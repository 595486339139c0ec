import { resolve } from 'node:path';
import type { Database } from 'better-sqlite3';
import type { StoreStand } from '../../ports/group-store.js';
import { openFile, prepareFile } from './file/connection.js';
import { whileOpening } from './errors.js';
import { preparePartitionOffsets } from './tables/partition-offsets.js';
import { prepareStoreIdentity } from './tables/store-identity.js';

const BUSY_TIMEOUT_MS = 2000;

/**
 * Which store a file is, and how far it has read: for a command that needs no more of it, and should not
 * wait for all that a store prepares. Throws UnreachableError, STORE_NOT_FOUND among others.
 */
export function readStand(path: string): StoreStand {
  const file = resolve(path);
  const options = { mode: 'read-only', busyTimeoutMs: BUSY_TIMEOUT_MS } as const;
  let db: Database | undefined;
  try {
    db = openFile(file, options);
    prepareFile(db, file, { ...options, onProgress: () => undefined });
    const { id } = prepareStoreIdentity(db, file)();
    return { id, path: file, positions: preparePartitionOffsets(db).all() };
  } catch (error) {
    throw whileOpening(error, file);
  } finally {
    db?.close();
  }
}

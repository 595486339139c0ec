import { existsSync, realpathSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { StoreCondition } from '../../ports/store-access.js';
import { openSqlite } from '../../sqlite-database.js';
import { primaryCodeOf } from './errors.js';
import { whenFree } from './file/busy.js';

/** Consumers hold the lock for some milliseconds, and for a tenth of a second at most. */
const LOCK_MS = 500;

export async function readCondition(path: string): Promise<StoreCondition> {
  const file = resolve(path);
  return { isLocked: await isLocked(file, LOCK_MS), writeAheadLogBytes: logBytes(file) };
}

/** 0 where there is none: it goes when the last process closes the store. SQLite puts it beside the file itself, not a link to it. */
export function logBytes(file: string): number {
  const target = existsSync(file) ? realpathSync(file) : file;
  return statSync(`${target}-wal`, { throwIfNoEntry: false })?.size ?? 0;
}

/** Whether another process holds the lock for writing all the time. A file that this user may not write is not locked. */
export async function isLocked(file: string, limitMs: number): Promise<boolean> {
  let db: ReturnType<typeof openSqlite> | undefined;
  try {
    const opened = (db = openSqlite(file, { fileMustExist: true, timeout: 0 }));
    await whenFree(() => opened.exec('BEGIN IMMEDIATE; ROLLBACK'), performance.now() + limitMs);
    return false;
  } catch (error) {
    return primaryCodeOf(error) === 'SQLITE_BUSY';
  } finally {
    db?.close();
  }
}

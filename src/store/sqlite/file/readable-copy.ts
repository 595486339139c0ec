/**
 * Reading a store in a directory that this user may not write, or on a disk that is full. SQLite reads a file in WAL mode through
 * `<file>-shm`, which it must create where no other process has the file open
 * (https://sqlite.org/wal.html#readonly). As nothing writes to it then, a copy of the file and of its
 * write-ahead log (a crash may have left one) is the whole store.
 */
import { chmodSync, constants, copyFileSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { openSqlite } from '../../../sqlite-database.js';

/** What SQLite says where it can't create `<file>-shm` (https://sqlite.org/rescode.html#readonly_directory), or has no room for it. */
const CANT_CREATE = /^SQLITE_(CANTOPEN|READONLY|IOERR_SHMSIZE)/;

export function needsCopy(error: unknown): boolean {
  return error instanceof Database.SqliteError && CANT_CREATE.test(error.code);
}

/**
 * Opens a copy in the temporary directory. Its name is deleted at once, so that nothing of it stays
 * behind however the process ends. Throws what SQLite and the file system throw.
 */
export function openCopy(path: string): Database.Database {
  const dir = mkdtempSync(join(tmpdir(), 'coupons-read-'));
  try {
    const copy = join(dir, 'copy.db');
    copyUnchanged(path, copy);
    const db = openSqlite(copy);
    // Without WAL mode, SQLite needs no other file to read it.
    db.pragma('journal_mode = DELETE');
    db.pragma('query_only = ON');
    return db;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

const ATTEMPTS = 3;

function copyUnchanged(path: string, copy: string): void {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const before = changesOf(path);
    for (const suffix of ['', '-wal'].filter((each) => isThere(`${path}${each}`))) {
      copyFileSync(`${path}${suffix}`, `${copy}${suffix}`, constants.COPYFILE_FICLONE);
      // The copy has the permissions of the original, and is written to when the log is read.
      chmodSync(`${copy}${suffix}`, 0o600);
    }
    if (changesOf(path) === before) return;
    rmSync(`${copy}-wal`, { force: true });
  }
  throw new Error('it changed while it was copied to be read');
}

/** Differs after every write to the store. */
function changesOf(path: string): string {
  return [path, `${path}-wal`]
    .map((file) => {
      const stats = statSync(file, { bigint: true, throwIfNoEntry: false });
      return stats === undefined ? '-' : [stats.ino, stats.size, stats.mtimeNs].join(' ');
    })
    .join();
}

function isThere(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false }) !== undefined;
}

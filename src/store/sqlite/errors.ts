import Database from 'better-sqlite3';
import { messageOf, UnreachableError } from '../../errors.js';
import { RecordRefusedError, StoreUnavailableError } from '../../ports/coupon-store.js';

interface Failure {
  readonly code: string;
  readonly reason: string;
  readonly hint: string;
}

const ELSEWHERE = 'Use another file with --store.';

/** Also for a file system's error, where the directory can't be created or read. */
const CANNOT_OPEN: Failure = {
  code: 'STORE_CANNOT_OPEN',
  reason: 'the file cannot be opened',
  hint: `Check that the path is a file that this user may read and write. ${ELSEWHERE}`,
};

/** By SQLite's primary result code (https://sqlite.org/rescode.html). */
const FAILURES: Readonly<Record<string, Failure>> = {
  SQLITE_BUSY: {
    code: 'STORE_BUSY',
    reason: 'another process keeps it locked',
    hint: 'Retry, or stop the process that holds the lock.',
  },
  SQLITE_FULL: {
    code: 'STORE_FULL',
    reason: 'the disk is full',
    hint: 'Free some space on that disk.',
  },
  SQLITE_READONLY: {
    code: 'STORE_READ_ONLY',
    reason: 'this user may not write it',
    hint: 'Give this user write permission for the file and its directory.',
  },
  SQLITE_CANTOPEN: CANNOT_OPEN,
  SQLITE_NOTADB: {
    code: 'STORE_NOT_A_DATABASE',
    reason: 'the file is not a SQLite database',
    hint: ELSEWHERE,
  },
  SQLITE_CORRUPT: {
    code: 'STORE_CORRUPT',
    reason: 'the file is damaged',
    hint: 'Restore it from a backup, or move it away: a new store is filled from the start of the log.',
  },
  SQLITE_IOERR: {
    code: 'STORE_IO_ERROR',
    reason: 'reading or writing the disk failed',
    hint: 'Check the disk.',
  },
  SQLITE_NOMEM: {
    code: 'STORE_OUT_OF_MEMORY',
    reason: 'out of memory',
    hint: 'Give the process more memory.',
  },
};

const UNNAMED: Failure = {
  code: 'STORE_FAILED',
  reason: 'SQLite failed',
  hint: 'Check whether its tables were changed by another program.',
};

/** Errors that one record's data can cause: a constraint or trigger refuses it, or a value is too large. */
const RECORD_FAULTS = ['SQLITE_CONSTRAINT', 'SQLITE_TOOBIG', 'SQLITE_MISMATCH', 'SQLITE_RANGE'];

/**
 * `SQLITE_IOERR` for `SQLITE_IOERR_FSYNC`; null where the error is not one of SQLite. A locked table
 * is as busy as a locked file.
 */
export function primaryCodeOf(error: unknown): string | null {
  if (!(error instanceof Database.SqliteError)) return null;
  // There is no room for `<file>-shm`.
  if (error.code === 'SQLITE_IOERR_SHMSIZE') return 'SQLITE_FULL';
  const primary = error.code.split('_', 2).join('_');
  return primary === 'SQLITE_LOCKED' ? 'SQLITE_BUSY' : primary;
}

/**
 * What to throw for an error during work. Every failure of SQLite is the store's, except those that
 * the data of one record can cause (RecordRefusedError): a record must never go to the DLQ because the
 * store is broken. Other errors stay as they are: they are bugs.
 */
export function duringWork(error: unknown, path: string): unknown {
  const primaryCode = primaryCodeOf(error);
  if (primaryCode === null) return error;
  if (RECORD_FAULTS.includes(primaryCode)) {
    return new RecordRefusedError(messageOf(error), { cause: error });
  }
  const { code, reason } = FAILURES[primaryCode] ?? UNNAMED;
  return new StoreUnavailableError(
    code,
    `The store ${path} failed: ${reason} (${detailOf(error)}).`,
    { cause: error },
  );
}

/** What to throw for an error while opening. */
export function whileOpening(error: unknown, path: string): UnreachableError {
  if (error instanceof UnreachableError) return error;
  const primaryCode = primaryCodeOf(error);
  const { code, reason, hint } =
    primaryCode === null ? CANNOT_OPEN : (FAILURES[primaryCode] ?? UNNAMED);
  return new UnreachableError(
    code,
    `Cannot open the store ${path}: ${reason} (${detailOf(error)}).`,
    hint,
    { cause: error },
  );
}

function detailOf(error: unknown): string {
  return error instanceof Database.SqliteError
    ? `${error.code}: ${error.message}`
    : messageOf(error);
}

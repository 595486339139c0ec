import pg from 'pg';
import { CliError, messageOf, UnreachableError } from '../../errors.js';
import {
  RecordRefusedError,
  STORE_UNREACHABLE,
  StoreUnavailableError,
} from '../../ports/coupon-store.js';
import { ConnectionError } from './connection/connection.js';
import { ROW_DROPPED, WAS_SECOND } from './schema/schema.js';
import { storeTlsFailure } from './connection/tls-failure.js';

interface Failure {
  readonly code: string;
  readonly reason: string;
  readonly hint: string;
}

const BUSY: Failure = {
  code: 'STORE_BUSY',
  reason: 'another connection keeps rows locked',
  hint: 'Retry, or look in pg_stat_activity for the connection that holds the lock.',
};

const UNREACHABLE: Failure = {
  code: STORE_UNREACHABLE,
  reason: 'the server cannot be reached',
  hint: 'Check that the server runs and that --store names its host and port.',
};

const LOGIN_REFUSED: Failure = {
  code: 'STORE_LOGIN_REFUSED',
  reason: 'the server refused the login',
  hint: 'Check the user in --store and the password, and pg_hba.conf of the server.',
};

const CORRUPT: Failure = {
  code: 'STORE_CORRUPT',
  reason: 'the database is damaged',
  hint: "Read the server's log, and restore it from a backup.",
};

/** What becomes of a prepared statement where the next transaction is on another connection of a pooler. */
const POOLED: Failure = {
  code: 'STORE_FAILED',
  reason:
    'a prepared statement was lost, as behind a pooler that lends a connection for a transaction only',
  hint: 'Let the pooler lend connections for a session (pgbouncer: pool_mode = session).',
};

const UNNAMED: Failure = {
  code: 'STORE_FAILED',
  reason: 'PostgreSQL failed',
  hint: 'Check whether its tables were changed by another program.',
};

/**
 * By SQLSTATE, or by its class of two letters
 * (https://www.postgresql.org/docs/current/errcodes-appendix.html).
 */
const FAILURES: Readonly<Record<string, Failure>> = {
  '08': UNREACHABLE,
  '22P05': {
    code: 'STORE_CANNOT_OPEN',
    reason: "the database's encoding lacks a character",
    hint: "Give the store a database in UTF8: CREATE DATABASE ... ENCODING 'UTF8' TEMPLATE template0.",
  },
  '25006': {
    code: 'STORE_READ_ONLY',
    reason: 'it is read-only, as a standby is',
    hint: 'Name the primary server with --store, or look where default_transaction_read_only is on.',
  },
  '25P03': { ...UNREACHABLE, reason: 'the server ended an idle transaction' },
  '25P04': { ...UNREACHABLE, reason: 'the server ended a transaction that took too long' },
  '28': LOGIN_REFUSED,
  '3D000': {
    code: 'STORE_CANNOT_OPEN',
    reason: 'the server has no such database',
    hint: 'Create the database, or name another one with --store.',
  },
  '3F000': {
    code: 'STORE_CANNOT_OPEN',
    reason: 'there is no schema to make its tables in',
    hint: 'Name one that this user may create or owns: --store postgres://...?schema=coupons.',
  },
  '40': BUSY,
  '42501': {
    code: 'STORE_CANNOT_OPEN',
    reason: 'this user lacks a right',
    hint: 'Grant it, or name a schema that belongs to this user: --store postgres://...?schema=coupons.',
  },
  '42939': {
    code: 'STORE_CANNOT_OPEN',
    reason: 'PostgreSQL keeps this name for itself',
    hint: 'Name another schema: --store postgres://...?schema=coupons.',
  },
  '42P01': {
    code: 'STORE_FAILED',
    reason: 'a table is not there, or its schema is closed to this user',
    hint: 'Check whether another program changed the tables, or took USAGE of the schema away.',
  },
  // Of tables that are created, which is done where there is no store yet.
  '42P07': {
    code: 'STORE_FOREIGN_DATABASE',
    reason: 'its schema holds tables of another program',
    hint: 'Name a schema for the store alone: --store postgres://...?schema=coupons. Nothing in this one was changed.',
  },
  '53100': {
    code: 'STORE_FULL',
    reason: "the server's disk is full",
    hint: 'Free some space on that disk.',
  },
  '53200': {
    code: 'STORE_OUT_OF_MEMORY',
    reason: 'the server is out of memory',
    hint: 'Give the server more memory.',
  },
  '53300': {
    code: 'STORE_TOO_MANY_CONNECTIONS',
    reason: 'the server has no connection left',
    hint: 'Close others, or raise max_connections.',
  },
  '55P03': BUSY,
  '57014': { ...BUSY, reason: 'a statement took too long' },
  '57P01': { ...UNREACHABLE, reason: 'the server is shutting down' },
  '57P02': { ...UNREACHABLE, reason: 'the server crashed' },
  '57P03': { ...UNREACHABLE, reason: 'the server is starting up or shutting down' },
  '57P05': { ...UNREACHABLE, reason: 'the server ended an idle connection' },
  '58': {
    code: 'STORE_IO_ERROR',
    reason: 'reading or writing the disk failed',
    hint: "Check the server's disk.",
  },
  '26000': POOLED,
  '42P05': POOLED,
  XX001: CORRUPT,
  XX002: CORRUPT,
};

/**
 * What the data of one record can cause: a value that PostgreSQL can't hold (22, 54000), a constraint (23), a
 * trigger that raises (P0) or drops the row. Not 22P05: eventIds are bytes, and in names another encoding is to blame.
 */
const RECORD_FAULTS = /^(22|23|54000|P0)/;

/** An id or the number of a log was given before: a sequence that was not restored with its table. No record says these. */
const DRAWN_NUMBERS = ['applied_record_pkey', 'log_pkey'];

const SEQUENCE_BEHIND: Failure = {
  code: 'STORE_FAILED',
  reason: 'a sequence gives numbers that its table has already',
  hint: 'Set the sequence beyond the rows of its table (setval), as after a restore without sequences.',
};

const UNIQUE_VIOLATION = '23505';
const DEADLOCK = '40P01';

/** The five letters of PostgreSQL's errors; null for any other error, as of a connection. */
export function sqlStateOf(error: unknown): string | null {
  return error instanceof pg.DatabaseError ? (error.code ?? null) : null;
}

/**
 * Whether another transaction was first: a deadlock, or a row that was not there when this one
 * looked. Done again, it sees what the other has written.
 */
export function isRace(error: unknown): boolean {
  const state = sqlStateOf(error);
  return state === UNIQUE_VIOLATION || state === WAS_SECOND || state === DEADLOCK;
}

/**
 * Whether the connection is gone, or its server is about to be. What was asked of it last may have
 * been done all the same: a COMMIT that was carried out, and whose answer is lost.
 */
export function isLoss(error: unknown): boolean {
  const failure = failureOf(error);
  return failure !== null && failure !== 'record' && failure.code === STORE_UNREACHABLE;
}

/** Whether the connection is not to blame: on another one the same would happen. */
export function isOfRecord(error: unknown): boolean {
  return failureOf(error) === 'record';
}

/** What to throw where the connection was lost in the middle of a write. */
export function lostInWrite(error: unknown, name: string): StoreUnavailableError {
  return new StoreUnavailableError(
    STORE_UNREACHABLE,
    `The store ${name} failed: the connection was lost while it wrote (${detailOf(error)}).`,
    { cause: error, hint: 'It may have been written all the same: look, and retry if it was not.' },
  );
}

/**
 * What to throw for an error during work. Every failure of PostgreSQL or of the connection is the
 * store's, except those that the data of one record can cause (RecordRefusedError). Other errors
 * stay as they are: they are bugs.
 */
export function duringWork(error: unknown, name: string): unknown {
  if (isOfLogin(error)) {
    const message = `The store ${name} failed: ${error.message}`;
    return new StoreUnavailableError('STORE_LOGIN_REFUSED', message, { cause: error });
  }
  const failure = failureOf(error);
  if (failure === null) return error;
  if (failure === 'record') return new RecordRefusedError(messageOf(error), { cause: error });
  const { code, reason } = failure;
  return new StoreUnavailableError(
    code,
    `The store ${name} failed: ${reason} (${detailOf(error)}).`,
    { cause: error },
  );
}

/** What to throw for an error while opening. */
export function whileOpening(error: unknown, name: string): CliError {
  if (error instanceof CliError) return error;
  const failure = failureOf(error);
  const { code, reason, hint } = failure === null || failure === 'record' ? UNNAMED : failure;
  return new UnreachableError(
    code,
    `Cannot open the store ${name}: ${reason} (${detailOf(error)}).`,
    hint,
    { cause: error },
  );
}

/** A password or a certificate could not be had, for a connection in place of one that was lost. */
function isOfLogin(error: unknown): error is CliError {
  return error instanceof CliError && !(error instanceof StoreUnavailableError);
}

/** Null: no failure of the store, but a bug. */
function failureOf(error: unknown): Failure | 'record' | null {
  const state = sqlStateOf(error);
  if (state === null)
    return error instanceof ConnectionError ? (storeTlsFailure(error) ?? UNREACHABLE) : null;
  if (state === UNIQUE_VIOLATION && DRAWN_NUMBERS.includes(constraintOf(error))) {
    return SEQUENCE_BEHIND;
  }
  const named = FAILURES[state];
  if (named !== undefined) return named;
  if (state === ROW_DROPPED || RECORD_FAULTS.test(state)) return 'record';
  return FAILURES[state.slice(0, 2)] ?? UNNAMED;
}

function constraintOf(error: unknown): string {
  return error instanceof pg.DatabaseError ? (error.constraint ?? '') : '';
}

function detailOf(error: unknown): string {
  const state = sqlStateOf(error);
  return state === null ? messageOf(error) : `${state}: ${messageOf(error)}`;
}

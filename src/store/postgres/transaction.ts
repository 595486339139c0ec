import { ConnectionError, type Connection } from './connection/connection.js';
import { command, type Query, type RowsOf } from './connection/query.js';

/** A transaction that first reads, then decides without any I/O, then writes. */
export interface Work<Reads extends readonly Query[], Result> {
  readonly reads: Reads;
  readonly decide: (rows: RowsOf<Reads>) => Plan<Result>;
}

/** What it needs of a connection. */
export type TransactionConnection = Pick<Connection, 'isLost' | 'run' | 'runTogether'>;

/** What a transaction comes to. */
export interface Plan<Result> {
  readonly result: Result;
  readonly writes: readonly Query[];
}

/**
 * READ COMMITTED is enough. Each statement sees what was committed before it began; and the
 * statements that lock rows come before those that read what the rows guard. So once a lock is
 * granted, all that its earlier holders have committed is seen, and no other one changes it before
 * this transaction ends. Where there is no row to lock yet, a unique index makes the second of two
 * transactions fail (errors.ts, isRace).
 */
const BEGIN = command('BEGIN ISOLATION LEVEL READ COMMITTED');
const COMMIT = command('COMMIT');
const ROLLBACK = command('ROLLBACK');

/**
 * Two round trips: BEGIN goes with the reads, COMMIT with the writes. Whatever is thrown, nothing
 * was written; only where the connection is lost while the COMMIT is on its way, it may have been.
 * A write that comes to nothing has to fail by itself (expect_rows in schema/schema.ts), for the COMMIT is
 * behind it already.
 */
export async function transaction<const Reads extends readonly Query[], Result>(
  connection: TransactionConnection,
  { reads, decide }: Work<Reads, Result>,
): Promise<Result> {
  try {
    const [, ...answers] = await connection.runTogether([BEGIN, ...reads]);
    const { result, writes } = decide(answers.map(({ rows }) => rows) as RowsOf<Reads>);
    const written = await connection.runTogether([...writes, COMMIT]);
    // PostgreSQL answers the COMMIT of a transaction that has failed without an error.
    if (written.at(-1)?.command !== 'COMMIT')
      throw new ConnectionError('a transaction was rolled back without an error');
    return result;
  } catch (error) {
    await rollBack(connection);
    throw error;
  }
}

async function rollBack(connection: TransactionConnection): Promise<void> {
  if (connection.isLost) return;
  try {
    await connection.run(ROLLBACK);
  } catch {
    // The connection is lost, and the transaction with it; the first error is the one that tells why.
  }
}

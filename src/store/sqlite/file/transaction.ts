import type { Database } from 'better-sqlite3';

export interface Transactions {
  /**
   * One transaction that writes. It takes the write lock at once (waiting for it up to the busy
   * timeout), so that nothing it has read can change before it commits. Whatever `work` throws,
   * nothing was written and the connection is ready for the next.
   */
  write<T>(work: () => T): T;
  /** Several reads of one state of the store. Holds up no writer (WAL). */
  read<T>(work: () => T): T;
}

export function prepareTransactions(db: Database): Transactions {
  const beginImmediate = db.prepare('BEGIN IMMEDIATE');
  const beginDeferred = db.prepare('BEGIN DEFERRED');
  const commit = db.prepare('COMMIT');
  const rollback = db.prepare('ROLLBACK');

  function transaction<T>(begin: typeof commit, work: () => T): T {
    begin.run();
    try {
      const result = work();
      commit.run();
      return result;
    } catch (error) {
      rollBack();
      throw error;
    }
  }

  function rollBack(): void {
    // SQLite has rolled back by itself after some errors, such as a full disk.
    if (!db.inTransaction) return;
    try {
      rollback.run();
    } catch {
      // The transaction is over even so, and the first error is the one that tells why.
    }
  }

  return {
    write: (work) => transaction(beginImmediate, work),
    read: (work) => transaction(beginDeferred, work),
  };
}

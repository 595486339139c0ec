/**
 * Every change to the database goes through here: all that is asked for in one turn of the event
 * loop is done in one transaction, so one sync to disk is shared by many. Nobody is answered
 * before that sync.
 */
import { messageOf } from '../../errors.js';
import type { SqliteDatabase } from './database.js';

interface Pending {
  /** Within the transaction. */
  readonly run: () => void;
  /** After it; never throws. */
  readonly committed: () => void;
  readonly failed: () => void;
}

export class GroupCommit {
  readonly #db: SqliteDatabase;
  readonly #rolledBack: (reason: string) => void;
  readonly #begin;
  readonly #commit;
  #pending: Pending[] = [];

  /** `rolledBack`: what was read or changed within the transaction must be forgotten. */
  constructor(db: SqliteDatabase, rolledBack: (reason: string) => void) {
    this.#db = db;
    this.#rolledBack = rolledBack;
    this.#begin = db.prepare('BEGIN IMMEDIATE');
    this.#commit = db.prepare('COMMIT');
  }

  /**
   * Resolves to what `work` returns once it is durable, or to `failed()` where the disk refuses:
   * then nothing of it was kept.
   */
  submit<T>(work: () => T, failed: () => T): Promise<T> {
    return new Promise((resolve) => {
      if (this.#pending.length === 0) setImmediate(() => this.flush());
      let result: T | undefined;
      this.#pending.push({
        run: () => (result = work()),
        committed: () => resolve(result as T),
        failed: () => resolve(failed()),
      });
    });
  }

  /** Commits what is pending now. */
  flush(): void {
    const pending = this.#pending;
    this.#pending = [];
    if (pending.length === 0) return;
    try {
      this.#begin.run();
      for (const { run } of pending) run();
      this.#commit.run();
    } catch (error) {
      this.#rollback(messageOf(error));
      for (const { failed } of pending) failed();
      return;
    }
    for (const { committed } of pending) committed();
  }

  #rollback(reason: string): void {
    try {
      if (this.#db.inTransaction) this.#db.exec('ROLLBACK');
      this.#rolledBack(reason);
    } catch (error) {
      this.#rolledBack(`${reason}; rolling back: ${messageOf(error)}`);
    }
  }
}

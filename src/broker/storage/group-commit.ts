/**
 * Every change to the database goes through here: all that is asked for in one turn of the event
 * loop is done in one transaction, so one sync to disk is shared by many. Nothing is answered
 * before that sync.
 */
import Database from 'better-sqlite3';
import { messageOf } from '../../errors.js';
import type { SqliteDatabase } from './database.js';

interface Pending {
  /** Within the transaction. */
  readonly run: () => void;
  /** After it; these never throw. */
  readonly committed: () => void;
  readonly failed: () => void;
  readonly threw: (error: unknown) => void;
}

export interface GroupCommitEvents {
  /** What was read or changed within the transaction must be forgotten: some of it is undone. */
  readonly undone: () => void;
  /** The disk refused a transaction. */
  readonly refused: (reason: string) => void;
}

export class GroupCommit {
  readonly #db: SqliteDatabase;
  readonly #events: GroupCommitEvents;
  readonly #statements;
  #pending: Pending[] = [];

  constructor(db: SqliteDatabase, events: GroupCommitEvents) {
    this.#db = db;
    this.#events = events;
    this.#statements = {
      begin: db.prepare('BEGIN IMMEDIATE'),
      commit: db.prepare('COMMIT'),
      mark: db.prepare('SAVEPOINT work'),
      keep: db.prepare('RELEASE work'),
      undo: db.prepare('ROLLBACK TO work'),
    };
  }

  /**
   * Resolves to what `work` returns once it is durable, or to `failed()` where the disk refuses:
   * then nothing of it was kept. Rejects where `work` throws: nothing of it was kept, and what else
   * was asked for in that turn is done.
   */
  submit<T>(work: () => T, failed: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#pending.length === 0) setImmediate(() => this.flush());
      let result: T | undefined;
      this.#pending.push({
        run: () => (result = work()),
        committed: () => resolve(result as T),
        failed: () => resolve(Promise.resolve().then(failed)),
        threw: (error) => reject(error instanceof Error ? error : new Error(messageOf(error))),
      });
    });
  }

  /** Commits what is pending now. */
  flush(): void {
    const pending = this.#pending;
    this.#pending = [];
    if (pending.length === 0) return;
    const { begin, commit } = this.#statements;
    const done: Pending[] = [];
    try {
      begin.run();
      for (const each of pending) if (this.#run(each)) done.push(each);
      commit.run();
    } catch (error) {
      this.#rollback(messageOf(error));
      for (const { failed } of pending) failed();
      return;
    }
    for (const { committed } of done) committed();
  }

  /** Whether it went well. What throws is undone by itself; throws where the disk refuses. */
  #run({ run, threw }: Pending): boolean {
    const { mark, keep, undo } = this.#statements;
    mark.run();
    try {
      run();
      keep.run();
      return true;
    } catch (error) {
      if (isOfTheDisk(error) || !this.#db.inTransaction) throw error;
      undo.run();
      keep.run();
      this.#events.undone();
      threw(error);
      return false;
    }
  }

  #rollback(reason: string): void {
    const { undone, refused } = this.#events;
    try {
      if (this.#db.inTransaction) this.#db.exec('ROLLBACK');
      refused(reason);
    } catch (error) {
      refused(`${reason}; rolling back: ${messageOf(error)}`);
    }
    undone();
  }
}

/** What SQLite says of a single statement, rather than of its file. */
const OF_ONE_STATEMENT = /^SQLITE_(CONSTRAINT|MISMATCH|RANGE|TOOBIG|ERROR)/;

function isOfTheDisk(error: unknown): boolean {
  return error instanceof Database.SqliteError && !OF_ONE_STATEMENT.test(error.code);
}

import { statSync } from 'node:fs';
import type { Database } from 'better-sqlite3';
import { StoreUnavailableError } from '../../ports/coupon-store.js';
import { duringWork } from './errors.js';
import { whenFree } from './file/busy.js';
import { prepareTransactions, type Transactions } from './file/transaction.js';

/**
 * Transactions on one open file, which throw the port's errors. Each runs at once unless another process holds the lock:
 * then it waits for up to the busy timeout.
 */
export class Session {
  readonly #db: Database;
  readonly #path: string;
  readonly #busyTimeoutMs: number;
  readonly #transactions: Transactions;
  readonly #inode: bigint | undefined;
  /** Settles, without an error, when the write that was asked for last is over. */
  #lastWrite: Promise<unknown> = Promise.resolve();

  constructor(db: Database, path: string, busyTimeoutMs: number) {
    // From now on whenFree() does the waiting.
    db.pragma('busy_timeout = 0');
    this.#db = db;
    this.#path = path;
    this.#busyTimeoutMs = busyTimeoutMs;
    this.#transactions = prepareTransactions(db);
    this.#inode = inodeOf(path);
  }

  read<T>(work: () => T): Promise<T> {
    return this.#run(this.deadlineMs(), () => this.#transactions.read(work));
  }

  write<T>(work: () => T): Promise<T> {
    const deadlineMs = this.deadlineMs();
    return this.inTurn(() => this.transaction(deadlineMs, work));
  }

  /** Writes come one after another: while one waits for the lock, none made later overtakes it. */
  inTurn<T>(write: () => Promise<T>): Promise<T> {
    const written = this.#lastWrite.then(write);
    this.#lastWrite = written.catch(() => undefined);
    return written;
  }

  /** One that writes, for the caller's turn. `deadlineMs`: until when it waits for the lock. */
  transaction<T>(deadlineMs: number, work: () => T): Promise<T> {
    return this.#run(deadlineMs, () => this.#transactions.write(work));
  }

  /** Of what is asked for now, of performance.now(). */
  deadlineMs(): number {
    return performance.now() + this.#busyTimeoutMs;
  }

  checkIsOpen(): void {
    if (this.#db.open) return;
    throw new StoreUnavailableError('STORE_CLOSED', `The store ${this.#path} is closed.`);
  }

  async #run<T>(deadlineMs: number, work: () => T): Promise<T> {
    try {
      return await whenFree(() => {
        this.checkIsOpen();
        this.#checkFileIsThere();
        return work();
      }, deadlineMs);
    } catch (error) {
      throw duringWork(error, this.#path);
    }
  }

  /** A file that was deleted or replaced can still be read and written, and none of it is in the store that is there. */
  #checkFileIsThere(): void {
    if (inodeOf(this.#path) === this.#inode) return;
    throw new StoreUnavailableError(
      'STORE_GONE',
      `The store ${this.#path} was deleted or replaced while it was open.`,
    );
  }
}

function inodeOf(path: string): bigint | undefined {
  return statSync(path, { bigint: true, throwIfNoEntry: false })?.ino;
}

import { StoreUnavailableError } from '../../ports/coupon-store.js';
import type { Connection } from './connection/connection.js';
import type { Query } from './connection/query.js';
import { Session } from './connection/session.js';
import type { PostgresTarget } from './connection/target.js';
import { transaction, type Work } from './transaction.js';
import type { WriteQueue } from './write-queue.js';

/** How long close() waits for what was asked for before. */
const CLOSE_MS = 2000;

export interface SessionsOptions {
  /** The connection that is open already: one to write, or to read where nothing may be written. */
  readonly first: Connection;
  readonly isReadOnly: boolean;
  /** Gives the queue that all writes go through; `writer`: what it writes with. */
  readonly queue: (writer: Session) => WriteQueue;
}

/** A store's two connections, one that writes, in the order of the calls, and one that reads. Throws the port's errors. */
export class Sessions {
  readonly #name: string;
  readonly #reader: Session;
  readonly #writer: Session;
  readonly #writes: WriteQueue;
  #isClosed = false;

  /** The connections are closed by close(). */
  constructor(target: PostgresTarget, { first, isReadOnly, queue }: SessionsOptions) {
    this.#name = target.name;
    this.#reader = new Session(target, 'read', isReadOnly ? first : null);
    this.#writer = new Session(target, isReadOnly ? 'read' : 'write', isReadOnly ? null : first);
    this.#writes = queue(this.#writer);
  }

  get writes(): WriteQueue {
    this.checkIsOpen();
    return this.#writes;
  }

  async read<Row>(query: Query<Row>): Promise<readonly Row[]> {
    this.checkIsOpen();
    const { rows } = await this.#reader.run((connection) => connection.run(query), 'repeat');
    return rows;
  }

  /** One statement, a transaction of its own. */
  write<Row>(query: Query<Row>): Promise<readonly Row[]> {
    return this.#inTurn(async (connection) => (await connection.run(query)).rows);
  }

  transact<const Reads extends readonly Query[], T>(work: Work<Reads, T>): Promise<T> {
    return this.#inTurn((connection) => transaction(connection, work));
  }

  /** What was asked for before is done, unless the server takes too long for it. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.race([this.#writes.idle(), passed(CLOSE_MS)]);
    await Promise.all([this.#writer.close(), this.#reader.close()]);
  }

  checkIsOpen(): void {
    if (!this.#isClosed) return;
    throw new StoreUnavailableError('STORE_CLOSED', `The store ${this.#name} is closed.`);
  }

  async #inTurn<T>(write: (connection: Connection) => Promise<T>): Promise<T> {
    return this.writes.inTurn(() => this.#writer.run(write, 'tell'));
  }
}

function passed(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}

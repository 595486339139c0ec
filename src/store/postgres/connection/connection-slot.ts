import { StoreUnavailableError } from '../../../ports/coupon-store.js';
import { Connection, type Purpose } from './connection.js';
import type { PostgresTarget } from './target.js';

/** One connection for one purpose: opened when it is needed, and again after it was lost or dropped. */
export class ConnectionSlot {
  readonly #target: PostgresTarget;
  readonly #purpose: Purpose;
  #opening: Promise<Connection> | null = null;
  #current: Connection | null;
  #isClosed = false;

  /** `first`: one that is open already. */
  constructor(target: PostgresTarget, purpose: Purpose, first: Connection | null) {
    this.#target = target;
    this.#purpose = purpose;
    this.#current = first;
  }

  /** Throws as Connection.open does, and StoreUnavailableError STORE_CLOSED. */
  async get(): Promise<Connection> {
    if (this.#isClosed) throw closed(this.#target);
    if (this.#current?.isLost === false) return this.#current;
    this.#opening ??= this.#open();
    return this.#opening;
  }

  /** This one is not to be used again; another one that has taken its place meanwhile is. */
  drop(connection: Connection): void {
    if (this.#current === connection) this.#current = null;
    void connection.close();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#opening?.catch(() => null);
    await this.#current?.close();
  }

  async #open(): Promise<Connection> {
    if (this.#current !== null) this.drop(this.#current);
    try {
      this.#current = await Connection.open(this.#target, this.#purpose);
      return this.#current;
    } finally {
      this.#opening = null;
    }
  }
}

function closed({ name }: PostgresTarget): StoreUnavailableError {
  return new StoreUnavailableError('STORE_CLOSED', `The store ${name} is closed.`);
}

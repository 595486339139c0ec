import { StoreUnavailableError } from '../../ports/coupon-store.js';
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

  /** The next call of get() opens a new one. */
  drop(): void {
    const dropped = this.#current;
    this.#current = null;
    void dropped?.close();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#opening?.catch(() => null);
    await this.#current?.close();
  }

  async #open(): Promise<Connection> {
    this.drop();
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

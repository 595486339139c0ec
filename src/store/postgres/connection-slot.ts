import { Connection, type Purpose } from './connection.js';
import type { PostgresTarget } from './target.js';

/** One connection for one purpose: opened when it is needed, and again after it was lost. */
export class ConnectionSlot {
  readonly #target: PostgresTarget;
  readonly #purpose: Purpose;
  #opening: Promise<Connection> | null;
  #current: Connection | null;

  /** `first`: one that is open already. */
  constructor(target: PostgresTarget, purpose: Purpose, first: Connection | null = null) {
    this.#target = target;
    this.#purpose = purpose;
    this.#current = first;
    this.#opening = null;
  }

  /** Throws as Connection.open does. */
  async get(): Promise<Connection> {
    if (this.#current?.isLost === false) return this.#current;
    this.#opening ??= Connection.open(this.#target, this.#purpose);
    try {
      this.#current = await this.#opening;
      return this.#current;
    } finally {
      this.#opening = null;
    }
  }

  async close(): Promise<void> {
    const connection = await (this.#opening?.catch(() => null) ?? this.#current);
    await connection?.close();
  }
}

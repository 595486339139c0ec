import { setTimeout as passed } from 'node:timers/promises';
import { ConnectionSlot } from './connection-slot.js';
import type { Connection, Purpose } from './connection.js';
import { duringWork, isLoss, isOfRecord, isRace, lostInWrite } from './errors.js';
import type { PostgresTarget } from './target.js';

/** How often a write is done again that another transaction came before. */
const MAX_RACES = 5;
/** How long a write whose connection was lost is tried again: a server that restarts is back by then. */
const LOSS_LIMIT_MS = 5000;
const RECONNECT_MS = 200;

/**
 * What to do where the connection is lost in the middle of a write, so that nobody knows whether it was committed.
 * repeat: the write finds out by itself. tell: whoever asked has to look.
 */
export type OnLoss = 'repeat' | 'tell';

/** The connection that writes. A transaction that another one came before is done again on it. */
export class Writer {
  readonly #slot: ConnectionSlot;
  readonly #name: string;

  /** `purpose` is to read where the store may not be written. `first`: a connection that is open already. */
  constructor(target: PostgresTarget, purpose: Purpose, first: Connection | null) {
    this.#slot = new ConnectionSlot(target, purpose, first);
    this.#name = target.name;
  }

  /** Throws the port's errors. */
  async run<T>(write: (connection: Connection) => Promise<T>, onLoss: OnLoss): Promise<T> {
    let races = 0;
    let giveUpAtMs: number | null = null;
    for (;;) {
      let isWriting = false;
      try {
        const connection = await this.#slot.get();
        isWriting = true;
        return await write(connection);
      } catch (error) {
        if (isRace(error) && ++races < MAX_RACES) continue;
        // A server that was demoted, or is full, is asked anew: the name may lead to another one by then.
        if (!isRace(error) && !isOfRecord(error)) this.#slot.drop();
        if (!isLoss(error)) throw duringWork(error, this.#name);
        if (isWriting && onLoss === 'tell') throw lostInWrite(error, this.#name);
        if (isWriting) giveUpAtMs ??= performance.now() + LOSS_LIMIT_MS;
        if (giveUpAtMs === null || performance.now() >= giveUpAtMs) {
          throw duringWork(error, this.#name);
        }
        await passed(RECONNECT_MS);
      }
    }
  }

  close(): Promise<void> {
    return this.#slot.close();
  }
}

import { setTimeout as passed } from 'node:timers/promises';
import { ConnectionSlot } from './connection-slot.js';
import type { Connection, Purpose } from './connection.js';
import { duringWork, isLoss, isOfRecord, isRace, lostInWrite } from '../errors.js';
import type { PostgresTarget } from './target.js';

/** How often work is done again that another transaction came before. */
const MAX_RACES = 5;
/** How long work whose connection was lost is tried again: a server that restarts may be back by then. */
const LOSS_LIMIT_MS = 5000;
const RECONNECT_MS = 200;

/**
 * What to do where the connection is lost in the middle of the work, so that it is not known whether
 * it was committed. repeat: it changes nothing, or finds out by itself. tell: the caller has to
 * look.
 */
export type OnLoss = 'repeat' | 'tell';

/**
 * Works on one connection, and does again what another transaction came before or what has lost its
 * connection.
 */
export class Session {
  readonly #slot: ConnectionSlot;
  readonly #name: string;

  /**
   * `purpose` is to read where the store may not be written. `first`: a connection that is open
   * already.
   */
  constructor(target: PostgresTarget, purpose: Purpose, first: Connection | null) {
    this.#slot = new ConnectionSlot(target, purpose, first);
    this.#name = target.name;
  }

  /** Throws the port's errors. */
  async run<T>(work: (connection: Connection) => Promise<T>, onLoss: OnLoss): Promise<T> {
    let races = 0;
    let giveUpAtMs = -Infinity;
    for (;;) {
      const connection = await this.#connected(giveUpAtMs);
      try {
        return await work(connection);
      } catch (error) {
        if (isRace(error) && ++races < MAX_RACES) continue;
        // A server that was demoted, or is full, is asked again: its name may lead to another one by then.
        if (!isRace(error) && !isOfRecord(error)) this.#slot.drop(connection);
        if (!isLoss(error)) throw duringWork(error, this.#name);
        if (onLoss === 'tell') throw lostInWrite(error, this.#name);
        if (giveUpAtMs === -Infinity) giveUpAtMs = performance.now() + LOSS_LIMIT_MS;
        if (performance.now() >= giveUpAtMs) throw duringWork(error, this.#name);
      }
    }
  }

  close(): Promise<void> {
    return this.#slot.close();
  }

  /** Where no server answers, it is asked again until `giveUpAtMs`, but once at least. */
  async #connected(giveUpAtMs: number): Promise<Connection> {
    for (;;) {
      try {
        return await this.#slot.get();
      } catch (error) {
        if (!isLoss(error) || performance.now() >= giveUpAtMs) throw duringWork(error, this.#name);
      }
      await passed(RECONNECT_MS);
    }
  }
}

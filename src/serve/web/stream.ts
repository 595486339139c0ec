/** The connection to the server: reconnects by itself, and knows how fresh what it brings is. */
import type { ConsoleEventName } from '../console/wire/events.js';

/**
 * connecting: nothing came yet · live: the server sends every second · stale: connected, but nothing came for
 * STALE_AFTER_MS · lost: no connection, it tries again · signed-out: the server does not know this browser (any more).
 */
export type StreamState = 'connecting' | 'live' | 'stale' | 'lost' | 'signed-out';

/** The server sends a beat every second. */
export const STALE_AFTER_MS = 3500;
/** A connection this quiet is dead, whatever the browser says: it is opened again. */
export const DEAD_AFTER_MS = 15_000;

export interface StreamHandlers {
  event(name: ConsoleEventName, data: string): void;
  error(): void;
}

export interface StreamPorts {
  open(handlers: StreamHandlers): { close(): void };
  /** The status of an answer of the server; null: there was none. */
  probe(): Promise<number | null>;
  /** Runs it later, unless the function that it returns is called before. */
  after(delayMs: number, run: () => void): () => void;
}

export interface StreamListeners {
  event(name: ConsoleEventName, data: string): void;
  state(state: StreamState): void;
}

/** How long it waits after so many failures in a row: 1, 2, 4, 8, then 10 s. */
export function reconnectDelayMs(failures: number): number {
  return Math.min(1000 * 2 ** (failures - 1), 10_000);
}

export class Stream {
  readonly #ports: StreamPorts;
  readonly #listeners: StreamListeners;
  #state: StreamState = 'connecting';
  #failures = 0;
  #close = (): void => undefined;
  #cancelTimer = (): void => undefined;

  constructor(ports: StreamPorts, listeners: StreamListeners) {
    this.#ports = ports;
    this.#listeners = listeners;
  }

  /** Connects; where it is connected, closes that and connects again. */
  connect(): void {
    this.close();
    // What an earlier connection still reports is ignored.
    let isCurrent = true;
    const source = this.#ports.open({
      event: (name, data) => isCurrent && this.#received(name, data),
      error: () => isCurrent && this.#failed(),
    });
    this.#close = () => {
      isCurrent = false;
      source.close();
    };
    this.#wait(DEAD_AFTER_MS, () => this.#failed());
  }

  close(): void {
    this.#cancelTimer();
    this.#close();
  }

  #received(name: ConsoleEventName, data: string): void {
    this.#failures = 0;
    this.#setState('live');
    this.#wait(STALE_AFTER_MS, () => {
      this.#setState('stale');
      this.#wait(DEAD_AFTER_MS - STALE_AFTER_MS, () => this.#failed());
    });
    this.#listeners.event(name, data);
  }

  #failed(): void {
    this.close();
    this.#failures += 1;
    const reconnect = (): void =>
      this.#wait(reconnectDelayMs(this.#failures), () => this.connect());
    if (this.#state !== 'signed-out') this.#setState('lost');
    let isCurrent = true;
    this.#close = () => (isCurrent = false);
    void this.#ports.probe().then((status) => {
      if (!isCurrent) return;
      if (status !== null) this.#setState(status === 401 ? 'signed-out' : 'lost');
      reconnect();
    });
  }

  #wait(delayMs: number, run: () => void): void {
    this.#cancelTimer();
    this.#cancelTimer = this.#ports.after(delayMs, run);
  }

  #setState(state: StreamState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#listeners.state(state);
  }
}

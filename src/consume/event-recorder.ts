import { errorOf } from '../errors.js';
import type { Clock } from '../ports/clock.js';
import type { NewEvent, StoreHistory } from '../ports/store-history.js';

/** So many wait at most while the store takes none; the oldest of more are dropped. */
const MOST_WAITING = 1000;
/** After a failure. */
const RETRY_MS = 5000;

export interface RecorderPorts extends Clock {
  readonly store: Pick<StoreHistory, 'recordEvents'>;
  /** Hears once that the store takes no events, until it takes some again. */
  readonly failed: (error: Error) => void;
}

/**
 * Writes events to the store in the background, in order. It never throws and nothing waits for it: a store that
 * takes no events keeps no consumer from issuing coupons.
 */
export class EventRecorder {
  readonly #ports: RecorderPorts;
  readonly #ending = new AbortController();
  #waiting: readonly NewEvent[] = [];
  #isRefused = false;
  #writing: Promise<void> | null = null;
  #dropped = 0;

  constructor(ports: RecorderPorts) {
    this.#ports = ports;
  }

  record(event: NewEvent): void {
    this.#keep([...this.#waiting, event]);
    this.#writing ??= this.#writeAll().finally(() => {
      this.#writing = null;
    });
  }

  /** Writes what waits, for at most so long. Returns how many events are not known to be written. */
  async end(limitMs: number): Promise<number> {
    this.#ending.abort();
    if (this.#writing !== null) {
      const over = new AbortController();
      await Promise.race([this.#writing, this.#ports.wait(limitMs, over.signal)]);
      over.abort();
    }
    return this.#dropped + this.#waiting.length;
  }

  async #writeAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const isLastAttempt = this.#ending.signal.aborted;
      const isWritten = await this.#write(this.#waiting);
      if (!isWritten && isLastAttempt) return;
      if (!isWritten) await this.#ports.wait(RETRY_MS, this.#ending.signal);
    }
  }

  async #write(events: readonly NewEvent[]): Promise<boolean> {
    try {
      await this.#ports.store.recordEvents(events);
      const written = new Set(events);
      this.#waiting = this.#waiting.filter((event) => !written.has(event));
      this.#isRefused = false;
      return true;
    } catch (error) {
      if (!this.#isRefused) this.#ports.failed(errorOf(error));
      this.#isRefused = true;
      return false;
    }
  }

  #keep(events: readonly NewEvent[]): void {
    this.#dropped += Math.max(0, events.length - MOST_WAITING);
    this.#waiting = events.slice(-MOST_WAITING);
  }
}

import type { Clock } from '../../ports/clock.js';

/** Does something every second, one after the other, from `start` to `stop`. */
export class ReadingLoop {
  readonly #clock: Clock;
  readonly #everyMs: number;
  readonly #cycle: () => Promise<void>;
  #running: AbortController | null = null;

  /** `cycle` never rejects. */
  constructor(clock: Clock, everyMs: number, cycle: () => Promise<void>) {
    this.#clock = clock;
    this.#everyMs = everyMs;
    this.#cycle = cycle;
  }

  get isRunning(): boolean {
    return this.#running !== null;
  }

  /** Nothing where it runs already. */
  start(): void {
    if (this.#running !== null) return;
    this.#running = new AbortController();
    void this.#run(this.#running.signal);
  }

  /** What is under way goes on to its end. */
  stop(): void {
    this.#running?.abort();
    this.#running = null;
  }

  async #run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const startedMs = this.#clock.now();
      await this.#cycle();
      const leftMs = startedMs + this.#everyMs - this.#clock.now();
      // More is left only where the clock was set back meanwhile.
      await this.#clock.wait(Math.min(Math.max(leftMs, 0), this.#everyMs), signal);
    }
  }
}

interface Timer {
  readonly atMs: number;
  readonly fire: () => void;
}

/**
 * Time that passes only when nobody has anything else to do: three seconds of waiting take
 * microseconds, in an order that is the same at every run.
 */
export class VirtualClock {
  #nowMs: number;
  #timers: Timer[] = [];

  constructor(startMs = Date.UTC(2026, 10, 22, 12)) {
    this.#nowMs = startMs;
  }

  readonly now = (): number => this.#nowMs;

  /** As setTimeout; the function it gives is clearTimeout. */
  after(ms: number, fire: () => void): () => void {
    const timer = { atMs: this.#nowMs + Math.max(0, ms), fire };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  /** As the pipeline's `wait` port: resolves after so many ms, or when the signal aborts. */
  readonly wait = (ms: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const end = () => {
        cancel();
        signal?.removeEventListener('abort', end);
        resolve();
      };
      const cancel = this.after(ms, end);
      signal?.addEventListener('abort', end);
      if (signal?.aborted === true) end();
    });

  /**
   * Lets time pass until the promise is settled, and gives what it gives. Throws where nothing is
   * left that could settle it, or where that takes longer than a virtual day.
   */
  async run<T>(promise: Promise<T>, limitMs = DAY_MS): Promise<T> {
    const deadlineMs = this.#nowMs + limitMs;
    const outcome = { settled: false };
    const settle = () => {
      outcome.settled = true;
    };
    promise.then(settle, settle);
    for (;;) {
      await quiet();
      if (outcome.settled) return promise;
      const next = this.#takeNext();
      if (next === null) throw new Error('Everybody waits for ever.');
      if (next.atMs > deadlineMs) throw new Error(`Not settled within ${limitMs} virtual ms.`);
      this.#nowMs = next.atMs;
      next.fire();
    }
  }

  #takeNext(): Timer | null {
    let next: Timer | null = null;
    for (const timer of this.#timers) {
      if (next === null || timer.atMs < next.atMs) next = timer;
    }
    this.#timers = this.#timers.filter((timer) => timer !== next);
    return next;
  }
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** Every promise that can go on without time passing has gone on when the next turn begins. */
function quiet(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

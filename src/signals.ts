const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * SIGINT, SIGTERM and SIGHUP: a graceful stop where a command offers one, else exit 130 at once. So does
 * a second SIGINT or SIGTERM. A second SIGHUP does not: for one terminal that is closed, the kernel
 * sends one and the shell another.
 */
export class Signals {
  readonly #controller = new AbortController();
  #isGraceful = false;

  constructor(private readonly exit: (code: number) => void) {}

  listen(): void {
    for (const signal of STOP_SIGNALS) {
      process.on(signal, () => {
        this.received(signal);
      });
    }
  }

  /** Aborts at the first signal, which then no longer ends the process. */
  graceful(): AbortSignal {
    this.#isGraceful = true;
    return this.#controller.signal;
  }

  /** The command is done: a signal ends the process, even while its output is still being read. */
  commandEnded(): void {
    this.#isGraceful = false;
  }

  /** The same signal without asking for a graceful stop: it never aborts unless another caller did. */
  get stopped(): AbortSignal {
    return this.#controller.signal;
  }

  received(signal: (typeof STOP_SIGNALS)[number]): void {
    if (!this.#isGraceful) this.exit(130);
    else if (!this.#controller.signal.aborted) this.#controller.abort();
    else if (signal !== 'SIGHUP') this.exit(130);
  }
}

/** Resolves when the signal aborts: for a race with what can't be stopped. */
export function whenAborted(signal: AbortSignal): Promise<null> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(null);
    signal.addEventListener('abort', () => {
      resolve(null);
    });
  });
}

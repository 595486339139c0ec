const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** SIGINT, SIGTERM and SIGHUP: a graceful stop where a command offers one, else exit 130 at once. */
export class Signals {
  readonly #controller = new AbortController();
  #isGraceful = false;

  constructor(private readonly exit: (code: number) => void) {}

  listen(): void {
    for (const signal of STOP_SIGNALS) {
      process.on(signal, () => {
        this.received();
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

  /** The same for a look only: where nobody has asked for a graceful stop, it never aborts. */
  get stopped(): AbortSignal {
    return this.#controller.signal;
  }

  /** One of the signals has come. */
  received(): void {
    if (!this.#isGraceful || this.#controller.signal.aborted) this.exit(130);
    else this.#controller.abort();
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

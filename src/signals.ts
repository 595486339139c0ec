/** SIGINT and SIGTERM: a graceful stop where a command offers one, else 130 at once. */
export class Signals {
  readonly #controller = new AbortController();
  #isGraceful = false;

  constructor(private readonly exit: (code: number) => void) {}

  listen(): void {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => this.#received());
  }

  /** Aborts at the first signal, which then no longer ends the process. */
  graceful(): AbortSignal {
    this.#isGraceful = true;
    return this.#controller.signal;
  }

  /** The same for a look only: where nobody has asked for a graceful stop, it never aborts. */
  get stopped(): AbortSignal {
    return this.#controller.signal;
  }

  #received(): void {
    if (!this.#isGraceful || this.#controller.signal.aborted) this.exit(130);
    else this.#controller.abort();
  }
}

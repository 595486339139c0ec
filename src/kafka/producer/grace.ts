/** A signal that aborts some time after another one. */
export class Grace {
  readonly #controller = new AbortController();
  readonly #source: AbortSignal | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(source: AbortSignal | undefined, graceMs: number) {
    this.#source = source;
    this.#start = () => {
      this.#timer = setTimeout(() => {
        this.#controller.abort();
      }, graceMs);
    };
    if (source?.aborted === true) this.#start();
    else source?.addEventListener('abort', this.#start, { once: true });
  }

  readonly #start: () => void;

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The signal does not abort any more. */
  end(): void {
    clearTimeout(this.#timer);
    this.#source?.removeEventListener('abort', this.#start);
  }
}

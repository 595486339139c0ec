/** Counts what a run has sent to the store and has no answer to yet, over all its members. */
export class OnTheWay {
  readonly #now: () => number;
  #slices = 0;
  #usedAtMs: number;

  constructor(now: () => number) {
    this.#now = now;
    this.#usedAtMs = now();
  }

  get slices(): number {
    return this.#slices;
  }

  /** When the store answered last, or failed. */
  get usedAtMs(): number {
    return this.#usedAtMs;
  }

  sent(): void {
    this.#slices += 1;
  }

  settled(): void {
    this.#slices -= 1;
    this.used();
  }

  /** The store was asked something else. */
  used(): void {
    this.#usedAtMs = this.#now();
  }
}

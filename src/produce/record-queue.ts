import { errorOf } from '../errors.js';

/**
 * Between a source that gives items one by one, at its own speed, and a sender that wants as many
 * as are there: a slow source is sent at once, a quick one in full batches.
 */
export class RecordQueue<T> {
  readonly #items: T[] = [];
  readonly #capacity: number;
  #ended = false;
  #error: Error | null = null;
  /** Wakes the sender that waits for items, or the source that waits for room. */
  #wake: () => void = () => undefined;

  constructor(source: AsyncIterable<T> | Iterable<T>, capacity: number) {
    this.#capacity = capacity;
    void this.#fill(source);
  }

  /** At least one item and at most `max`, or none at the end. Throws what the source threw. */
  async take(max: number): Promise<readonly T[]> {
    while (this.#items.length === 0 && !this.#ended) await this.#changed();
    const taken = this.#items.splice(0, max);
    this.#wake();
    if (taken.length === 0 && this.#error !== null) throw this.#error;
    return taken;
  }

  /** The source is asked for nothing more. */
  stop(): void {
    this.#ended = true;
    this.#wake();
  }

  async #fill(source: AsyncIterable<T> | Iterable<T>): Promise<void> {
    try {
      for await (const item of source) {
        if (this.#isStopped()) return;
        this.#items.push(item);
        this.#wake();
        while (this.#items.length >= this.#capacity && !this.#isStopped()) await this.#changed();
      }
    } catch (error) {
      this.#error = errorOf(error);
    } finally {
      this.stop();
    }
  }

  #isStopped(): boolean {
    return this.#ended;
  }

  #changed(): Promise<void> {
    return new Promise((resolve) => {
      const before = this.#wake;
      this.#wake = () => {
        this.#wake = () => undefined;
        before();
        resolve();
      };
    });
  }
}

import { failureOf, UnreachableError } from '../errors.js';
import type { Part } from './part.js';

/** A part that is read again and again, by itself: it fails, and takes its time, without the others. */
export class PartReading<Data> {
  readonly #read: () => Promise<Data | null>;
  readonly #now: () => number;
  #part: Part<Data> = { asOfMs: null, data: null, failure: null };
  #reading: Promise<void> | null = null;
  #startedMs = -Infinity;
  #tookMs: number | null = null;

  /** `read` gives null where there is nothing to say yet. */
  constructor(read: () => Promise<Data | null>, now: () => number) {
    this.#read = read;
    this.#now = now;
  }

  /** What is known of it: the data of the last reading that succeeded, and why the latest one failed. */
  get part(): Part<Data> {
    return this.#part;
  }

  /** How long the latest reading that is over took. */
  get tookMs(): number | null {
    return this.#tookMs;
  }

  get isReading(): boolean {
    return this.#reading !== null;
  }

  /** How long ago the latest reading began; Infinity: there was none, or the clock was set back since. */
  get ageMs(): number {
    const ageMs = this.#now() - this.#startedMs;
    return ageMs < 0 ? Infinity : ageMs;
  }

  /** Reads, or waits for the reading that is under way. Never rejects. */
  refresh(): Promise<void> {
    this.#reading ??= this.#refresh().finally(() => {
      this.#reading = null;
    });
    return this.#reading;
  }

  async #refresh(): Promise<void> {
    this.#startedMs = this.#now();
    try {
      const data = await this.#read();
      this.#part =
        data === null
          ? { ...this.#part, failure: null }
          : { asOfMs: this.#now(), data, failure: null };
    } catch (error) {
      this.#part = { ...this.#part, failure: failureOf(error) };
    }
    this.#tookMs = this.#now() - this.#startedMs;
  }
}

/** A part whose reading is still under way after `limitMs` has not failed yet, but can't be answered for. */
export function partInTime<Data>(reading: PartReading<Data>, limitMs: number): Part<Data> {
  return reading.ageMs < limitMs ? reading.part : partByNow(reading, limitMs);
}

/** The same at the end of a wait of `limitMs`. */
export function partByNow<Data>(reading: PartReading<Data>, limitMs: number): Part<Data> {
  const { part, isReading } = reading;
  return isReading ? { ...part, failure: failureOf(noAnswer(limitMs)) } : part;
}

function noAnswer(limitMs: number): UnreachableError {
  return new UnreachableError(
    'NO_ANSWER',
    `There was no answer within ${String(limitMs / 1000)} s.`,
    'Ask again: the reading goes on until --timeout.',
  );
}

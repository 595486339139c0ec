/** What a purge by time deletes, and what it can't: Kafka deletes from the start of a partition only. */
import type { LogRecord } from '../ports/log.js';
import { timestampMsOf, usableInstantMs } from '../records/timestamp.js';

/** Of many letters only the first are named. */
const MOST_NAMED = 20;

/** Letters of one partition: how many, and the offsets of the first of them. */
export interface NamedLetters {
  readonly count: number;
  readonly offsets: readonly bigint[];
}

/** Letters that are due, and stay because a younger one is in front of them. */
export interface KeptLetters {
  readonly due: number;
  /** Everything before this offset would have to go for the last of them to go. */
  readonly endOffset: bigint;
  /** The first letter that is not due, and when it came. */
  readonly behind: { readonly offset: bigint; readonly timestampMs: number };
}

export interface TimedPurge {
  readonly beforeOffset: bigint;
  /** Among the letters that go: those without a usable time, which no filter by time finds. */
  readonly undated: NamedLetters;
  readonly kept: KeptLetters | null;
}

const NONE: NamedLetters = { count: 0, offsets: [] };

/**
 * Looks at the letters of one partition, in their order. What goes are the letters up to the last one that is due before
 * the first that is younger. Letters without a usable time go only where one that is due is behind them.
 */
export class TimedPurgePlan {
  readonly #beforeMs: number;
  #beforeOffset: bigint;
  #undated = NONE;
  #undatedSinceDue = NONE;
  #behind: KeptLetters['behind'] | null = null;
  #due = 0;
  #dueEndOffset = 0n;

  constructor(startOffset: bigint, beforeMs: number) {
    this.#beforeOffset = startOffset;
    this.#beforeMs = beforeMs;
  }

  add(record: LogRecord): void {
    const { offset } = record;
    const timestampMs = usableInstantMs(timestampMsOf(record));
    if (timestampMs === null) {
      if (this.#behind === null) this.#undatedSinceDue = withOne(this.#undatedSinceDue, offset);
    } else if (timestampMs >= this.#beforeMs) {
      this.#behind ??= { offset, timestampMs };
    } else if (this.#behind === null) {
      this.#beforeOffset = offset + 1n;
      this.#undated = together(this.#undated, this.#undatedSinceDue);
      this.#undatedSinceDue = NONE;
    } else {
      this.#due += 1;
      this.#dueEndOffset = offset + 1n;
    }
  }

  result(): TimedPurge {
    const kept =
      this.#behind === null || this.#due === 0
        ? null
        : { due: this.#due, endOffset: this.#dueEndOffset, behind: this.#behind };
    return { beforeOffset: this.#beforeOffset, undated: this.#undated, kept };
  }
}

function withOne(letters: NamedLetters, offset: bigint): NamedLetters {
  return together(letters, { count: 1, offsets: [offset] });
}

function together(a: NamedLetters, b: NamedLetters): NamedLetters {
  return {
    count: a.count + b.count,
    offsets:
      a.offsets.length < MOST_NAMED ? [...a.offsets, ...b.offsets].slice(0, MOST_NAMED) : a.offsets,
  };
}

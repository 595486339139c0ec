/** Why dead letters came: by the failure's message, by who sent the request, and minute by minute. */
import { MINUTE_MS } from '../ports/store-history.js';
import {
  causeOf,
  failureParts,
  failureText,
  sharedParts,
  type FailureParts,
} from './failure-pattern.js';
import type { LetterPosition } from './find-letter.js';
import { LetterGroups, shortCode, TimeGroups, type LetterGroup } from './letter-groups.js';
import { producerOf, type Producer } from './producer.js';
import type { DeadLetter } from './read.js';
import type { ReplayMark } from './replay-marks.js';

/** What the letters of one cause have in common. */
interface Failure {
  readonly reasonCode: string | null;
  /** Null where the letters have no message. */
  readonly parts: FailureParts | null;
  /** The latest of them that was added. */
  readonly example: LetterPosition;
  readonly waiting: number;
}

export interface FailureGroup extends Omit<LetterGroup<string>, 'key'> {
  readonly reasonCode: string | null;
  /** The message, with `…` where those of the letters differ; null where they have none. */
  readonly failure: string | null;
  readonly example: LetterPosition;
  /** How many of them were not replayed; 0 where that is not known. */
  readonly waiting: number;
}

export interface ProducerGroup extends Omit<LetterGroup<string>, 'key'> {
  /** Null: nothing in the letters names one. */
  readonly producer: Producer | null;
}

/** In memory that does not grow with the letters. */
export class LetterCauses {
  readonly #failures = new LetterGroups<string>();
  readonly #ofFailures = new Map<string, Failure>();
  readonly #producers = new LetterGroups<string>();
  readonly #ofProducers = new Map<string, Producer | null>();
  readonly #minutes = new TimeGroups(MINUTE_MS);
  readonly #marks = { replayed: 0, waiting: 0, unknown: 0 };
  /** In no group of failures, producers or minutes, for there were too many. */
  ungrouped = 0;

  add(letter: DeadLetter, mark: ReplayMark): void {
    this.#marks[mark.kind] += 1;
    const grouped = [
      this.#addFailure(letter, mark),
      this.#addProducer(letter),
      this.#minutes.add(letter.timestampMs),
    ];
    if (grouped.includes(false)) this.ungrouped += 1;
  }

  /** How many were replayed, and how many were not; null where no store can say. */
  get replays(): { readonly replayed: number; readonly waiting: number } | null {
    const { replayed, waiting, unknown } = this.#marks;
    return unknown > 0 ? null : { replayed, waiting };
  }

  /** The most frequent first. */
  failures(): readonly FailureGroup[] {
    return this.#failures.byCount().flatMap(({ key, ...group }) => {
      const failure = this.#ofFailures.get(key);
      if (failure === undefined) return [];
      const { parts, ...about } = failure;
      return [{ ...group, ...about, failure: parts === null ? null : failureText(parts) }];
    });
  }

  /** The most frequent first. */
  producers(): readonly ProducerGroup[] {
    return this.#producers
      .byCount()
      .map(({ key, ...group }) => ({ ...group, producer: this.#ofProducers.get(key) ?? null }));
  }

  /** By the minute's beginning, in order, without the minutes in which none came; null is first. */
  minutes(): readonly LetterGroup<number | null>[] {
    return this.#minutes.inOrder();
  }

  #addFailure(letter: DeadLetter, mark: ReplayMark): boolean {
    const { failureReason, timestampMs, partition, offset } = letter;
    const reasonCode = shortCode(letter.reasonCode);
    const parts = failureReason === null ? null : failureParts(failureReason);
    const cause = JSON.stringify([reasonCode, parts === null ? null : causeOf(parts)]);
    if (!this.#failures.add(cause, timestampMs)) return false;
    const known = this.#ofFailures.get(cause) ?? { reasonCode, parts, waiting: 0 };
    this.#ofFailures.set(cause, {
      reasonCode,
      parts: parts === null || known.parts === null ? parts : sharedParts(known.parts, parts),
      example: { partition, offset },
      waiting: known.waiting + (mark.kind === 'waiting' ? 1 : 0),
    });
    return true;
  }

  #addProducer(letter: DeadLetter): boolean {
    const producer = producerOf(letter);
    const key = producer === null ? '' : JSON.stringify([producer.knownBy, producer.name]);
    if (!this.#producers.add(key, letter.timestampMs)) return false;
    this.#ofProducers.set(key, producer);
    return true;
  }
}

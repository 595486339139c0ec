import type { OutcomeRow } from '../ports/coupon-store.js';
import type { LogRecord, PartitionBounds } from '../ports/log.js';
import { originOf } from '../dead-letters/headers.js';
import type { AuditFindings } from './findings.js';
import { OffsetSet } from './offset-set.js';

export interface DeadLettersInput {
  readonly topic: string;
  /** Of the audited topic. */
  readonly bounds: readonly PartitionBounds[];
  /** Of the DLQ; null where the cluster has no such topic. */
  readonly dlqBounds: readonly PartitionBounds[] | null;
  /** Only this campaign's dead letters are checked; null: all. */
  readonly couponId: number | null;
  readonly findings: AuditFindings;
}

/**
 * What the DLQ still holds: of each partition of the audited topic, the offsets that have a dead letter.
 * A crash can leave two dead letters of one record: harmless.
 */
export class DeadLetters {
  readonly #input: DeadLettersInput;
  readonly #origins: ReadonlyMap<number, OffsetSet>;
  readonly #isWhole: boolean;
  #missing = 0;

  constructor(input: DeadLettersInput) {
    const { bounds, dlqBounds } = input;
    this.#input = input;
    this.#origins = new Map(bounds.map(({ partition }) => [partition, new OffsetSet()]));
    this.#isWhole = dlqBounds?.every(({ startOffset }) => startOffset === 0n) ?? false;
  }

  /** Before the first row is checked. */
  add(letters: readonly LogRecord[]): void {
    const { topic, bounds } = this.#input;
    for (const letter of letters) {
      const origin = originOf(letter.headers);
      if (origin?.topic !== topic) continue;
      const bound = bounds.find(({ partition }) => partition === origin.partition);
      // Anyone can write into the DLQ: an origin that is not in the log takes no memory.
      if (bound === undefined || origin.offset < 0n || origin.offset >= bound.endOffset) continue;
      this.#origins.get(origin.partition)?.add(origin.offset);
    }
  }

  /**
   * A DEAD_LETTERED row whose record the log still holds must have its dead letter. Where the DLQ has
   * lost its beginning (purge, retention), a missing dead letter proves nothing. `couponId`: the
   * campaign that the record names.
   */
  check({ position, reasonCode }: OutcomeRow, couponId: number | null): void {
    if (this.#input.couponId !== null && couponId !== this.#input.couponId) return;
    if (this.#origins.get(position.partition)?.has(position.offset) === true) return;
    this.#missing += 1;
    if (!this.#isWhole) return;
    this.#input.findings.addOf({ code: 'LETTER_MISSING', couponId, position, reasonCode });
  }

  /** Missing dead letters that say nothing, because the DLQ is not whole; after the last row. */
  get uncheckable(): number {
    return this.#isWhole ? 0 : this.#missing;
  }

  /** After the last row. */
  finish(): void {
    const missing = this.uncheckable;
    if (missing === 0) return;
    this.#input.findings.addGeneral({
      code: 'NOTE_LETTERS_NOT_VERIFIABLE',
      couponId: null,
      position: null,
      missing,
      hasDlq: this.#input.dlqBounds !== null,
    });
  }
}

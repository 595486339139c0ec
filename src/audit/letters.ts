import type { OutcomeRow } from '../ports/coupon-store.js';
import type { LogRecord, PartitionBounds } from '../ports/log.js';
import { spellPosition } from '../records/spell-position.js';
import type { AuditFindings } from './findings.js';
import { originOf } from '../dead-letters/headers.js';

/** What the DLQ still holds. A second letter of one origin is what a crash leaves: harmless. */
export class DeadLetters {
  readonly #origins = new Set<string>();
  /** Null: the cluster has no DLQ topic. */
  readonly #bounds: readonly PartitionBounds[] | null;

  constructor(bounds: readonly PartitionBounds[] | null) {
    this.#bounds = bounds;
  }

  add(letters: readonly LogRecord[]): void {
    for (const letter of letters) {
      const origin = originOf(letter.headers);
      if (origin !== null) this.#origins.add(spellPosition(origin));
    }
  }

  /**
   * Every dead-lettered record that the log still holds must have its letter. Where the DLQ itself
   * has lost its beginning (purge, retention), a missing letter proves nothing.
   */
  check(rows: readonly DeadLetteredRow[], findings: AuditFindings): void {
    const isWhole = this.#bounds?.every(({ startOffset }) => startOffset === 0n) ?? false;
    const missing = rows.filter(({ row }) => !this.#origins.has(spellPosition(row.position)));
    if (isWhole) {
      for (const { row, couponId } of missing) {
        const message = `The record at ${spellPosition(row.position)} was dead-lettered (${row.reasonCode ?? 'no reason'}), but the DLQ has no letter of it.`;
        findings.addOf(couponId, 'LETTER_MISSING', message, row.position);
      }
      return;
    }
    if (missing.length === 0) return;
    const why = this.#bounds === null ? 'there is no DLQ topic' : 'the DLQ was purged';
    findings.addGeneral(
      'NOTE_LETTERS_NOT_VERIFIABLE',
      `Dead letters that could not be looked up, because ${why}: ${missing.length}.`,
    );
  }
}

/** A DEAD_LETTERED row whose record is in the log, and the campaign that the record names. */
export interface DeadLetteredRow {
  readonly row: OutcomeRow;
  readonly couponId: number | null;
}

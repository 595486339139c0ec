import type { OutcomeRow } from '../ports/coupon-store.js';
import type { LogRecord, PartitionBounds } from '../ports/log.js';
import { spellPosition } from '../records/spell-position.js';
import type { AuditFindings } from './findings.js';
import { originOf } from '../dead-letters/headers.js';

/** What the DLQ still holds. A crash can leave two dead letters of one record: harmless. */
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
   * Every dead-lettered record that the log still holds must have its dead letter. Where the DLQ
   * has lost its beginning (purge, retention), a missing dead letter proves nothing.
   */
  check(rows: readonly DeadLetteredRow[], findings: AuditFindings): void {
    const isWhole = this.#bounds?.every(({ startOffset }) => startOffset === 0n) ?? false;
    const missing = rows.filter(({ row }) => !this.#origins.has(spellPosition(row.position)));
    if (isWhole) {
      for (const { row, couponId } of missing) {
        const { position, reasonCode } = row;
        findings.addOf({ code: 'LETTER_MISSING', couponId, position, reasonCode });
      }
      return;
    }
    if (missing.length === 0) return;
    findings.addGeneral({
      code: 'NOTE_LETTERS_NOT_VERIFIABLE',
      couponId: null,
      position: null,
      missing: missing.length,
      hasDlq: this.#bounds !== null,
    });
  }
}

/** A DEAD_LETTERED row whose record is in the log, and the campaign that the record names. */
export interface DeadLetteredRow {
  readonly row: OutcomeRow;
  readonly couponId: number | null;
}

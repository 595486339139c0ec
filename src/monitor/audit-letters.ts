import type {
  Headers,
  LogRecord,
  OutcomeRow,
  PartitionBounds,
  Position,
} from '../pipeline/ports.js';
import { spell, type AuditFindings } from './audit-findings.js';

const ORIGIN_TOPIC = 'coupon-dlq-origin-topic';
const ORIGIN_PARTITION = 'coupon-dlq-origin-partition';
const ORIGIN_OFFSET = 'coupon-dlq-origin-offset';

/** Where a dead letter came from, or null where its headers don't say (docs/contract.md). */
export function originOf({ headers }: LogRecord): Position | null {
  const topic = textOf(headers, ORIGIN_TOPIC);
  const partition = textOf(headers, ORIGIN_PARTITION);
  const offset = textOf(headers, ORIGIN_OFFSET);
  if (topic === null || partition === null || offset === null) return null;
  if (!/^\d{1,10}$/.test(partition) || !/^\d{1,19}$/.test(offset)) return null;
  return { topic, partition: Number(partition), offset: BigInt(offset) };
}

/** The last header of a name counts, as Kafka's own Headers.lastHeader has it. */
function textOf(headers: Headers, name: string): string | null {
  const value = [headers[name] ?? []].flat().at(-1);
  return value === undefined ? null : (value as Buffer).toString('utf8');
}

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
      const origin = originOf(letter);
      if (origin !== null) this.#origins.add(spell(origin));
    }
  }

  /**
   * Every dead-lettered record that the log still holds must have its letter. Where the DLQ itself
   * has lost its beginning (purge, retention), a missing letter proves nothing.
   */
  check(rows: readonly DeadLetteredRow[], findings: AuditFindings): void {
    const isWhole = this.#bounds?.every(({ startOffset }) => startOffset === 0n) ?? false;
    const missing = rows.filter(({ row }) => !this.#origins.has(spell(row.position)));
    if (isWhole) {
      for (const { row, couponId } of missing) {
        const message = `The record at ${spell(row.position)} was dead-lettered (${row.reasonCode ?? 'no reason'}), but the DLQ has no letter of it.`;
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

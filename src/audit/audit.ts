import type { OutcomeCounts } from '../coupon/outcome.js';
import type { StoreSnapshot } from '../ports/coupon-store.js';
import { openTransactionsOf, type LogRecord, type PartitionBounds } from '../ports/log.js';
import { checkCoupons } from './coupons.js';
import { AuditFindings, isNote, type ListedFinding } from './findings.js';
import { DeadLetters } from './letters.js';
import { LogCheck } from './log.js';
import { checkPositions, type AuditedLog } from './positions.js';
import { replayRows } from './replay.js';
import { decisionsByEvent, rowsByPartition } from './rows.js';

/**
 * What an audit compares. Gather it in this order, so that a running consumer can't make an honest
 * store look wrong: snapshot, bounds, records, letters.
 */
export interface AuditInput extends AuditedLog {
  readonly snapshot: StoreSnapshot;
  /** Of the DLQ; null where the cluster has no such topic. */
  readonly dlqBounds: readonly PartitionBounds[] | null;
  /** Only this campaign is counted and compared; null: all. */
  readonly couponId: number | null;
}

/** docs/audit.md says what each figure counts. */
export interface AuditReport {
  readonly verdict: 'PASS' | 'FAIL';
  readonly records: number;
  readonly requests: number;
  readonly outcomes: OutcomeCounts;
  readonly unprocessed: number;
  readonly deadLettered: number;
  /** Failures first, then notes. */
  readonly findings: readonly ListedFinding[];
}

/**
 * Derives from the log what must have become of every request, and compares it with the store.
 * Pure: it is fed the records and the letters chunk by chunk, and keeps no record.
 */
export class Audit {
  readonly #input: AuditInput;
  readonly #findings: AuditFindings;
  readonly #log: LogCheck;
  readonly #letters: DeadLetters;
  readonly #decisions: ReturnType<typeof decisionsByEvent>;

  constructor(input: AuditInput) {
    this.#input = input;
    const { snapshot, couponId } = input;
    this.#findings = new AuditFindings(couponId);
    this.#letters = new DeadLetters(input.dlqBounds);
    this.#decisions = decisionsByEvent(snapshot.outcomes);
    this.#log = new LogCheck({
      progress: checkPositions(input, snapshot, this.#findings),
      rows: rowsByPartition(snapshot.outcomes, input.topic),
      decisions: this.#decisions,
      couponId,
      findings: this.#findings,
    });
  }

  /** Records of the audited topic, each partition's in their order from its start to its end. */
  addRecords(records: readonly LogRecord[]): void {
    this.#log.add(records);
  }

  /**
   * Records of the audited topic behind an open transaction, up to its high watermark, aborted ones
   * included: they are counted as not processed.
   */
  addWaitingRecords(records: readonly LogRecord[]): void {
    this.#log.addWaiting(records);
  }

  /** Records of the DLQ, in any order. */
  addLetters(letters: readonly LogRecord[]): void {
    this.#letters.add(letters);
  }

  /** After the last record and the last letter; once. */
  report(): AuditReport {
    const { snapshot } = this.#input;
    const { contradicted, deadLettered, records, requests, outcomes, unprocessed } = this.#log;
    this.#log.finish();
    this.#letters.check(deadLettered, this.#findings);
    replayRows({
      rows: snapshot.outcomes,
      versions: snapshot.versions,
      decisions: this.#decisions,
      contradicted,
      findings: this.#findings,
    });
    checkCoupons(snapshot, this.#findings);
    this.#noteOpenTransactions();
    const findings = this.#findings.list();
    return {
      verdict: findings.every(isNote) ? 'PASS' : 'FAIL',
      records,
      requests,
      outcomes,
      unprocessed,
      deadLettered: outcomes.DEAD_LETTERED,
      findings,
    };
  }

  #noteOpenTransactions(): void {
    const { topic, bounds } = this.#input;
    for (const { partition, sinceOffset, records } of openTransactionsOf(topic, bounds)) {
      const position = { topic, partition, offset: sinceOffset };
      const code = 'NOTE_OPEN_TRANSACTION';
      this.#findings.addGeneral({ code, couponId: null, position, records });
    }
  }
}

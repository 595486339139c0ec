import type { Outcome } from '../coupon/outcome.js';
import { MALFORMED_CODES, type MalformedCode } from '../coupon/request.js';
import type { OutcomeRow } from '../ports/coupon-store.js';
import type { LogRecord } from '../ports/log.js';
import { fingerprintOf, sameRecord } from '../records/fingerprint.js';
import type { Contradictions } from './contradictions.js';
import type { AuditFindings } from './findings.js';
import type { GoneLog } from './gone-log.js';
import type { DeadLetters } from './letters.js';
import type { PartitionProgress } from './positions.js';
import { differences, type RecordFacts } from './record-facts.js';
import type { PartitionRows } from './rows.js';

export interface PartitionCheckInput {
  readonly partition: number;
  /** Undefined: the topic has no such partition. */
  readonly progress: PartitionProgress | undefined;
  readonly rows: PartitionRows;
  readonly letters: DeadLetters;
  readonly contradictions: Contradictions;
  readonly gone: GoneLog;
  readonly findings: AuditFindings;
}

/**
 * Compares the records of one partition with the store's rows, both in the order of the log, and keeps
 * none of them.
 */
export class PartitionCheck {
  readonly #input: PartitionCheckInput;
  #hasRecords = false;
  #isForgotten = false;

  constructor(input: PartitionCheckInput) {
    this.#input = input;
  }

  get partition(): number {
    return this.#input.partition;
  }

  /** The outcome of the record: the last one where a dead letter was decided later, null where none. */
  async add(record: LogRecord, facts: RecordFacts): Promise<Outcome | null> {
    this.#checkLastApplied(record, facts);
    await this.#skipBefore(record.offset);
    this.#hasRecords = true;
    let outcome: Outcome | null = null;
    let deadLettered = 0;
    for await (const row of this.#input.rows.takeAt(record.offset)) {
      if (this.#input.gone.has(row)) continue;
      this.#compare(row, facts);
      ({ outcome } = row);
      if (outcome === 'DEAD_LETTERED' && row.timestampMs === facts.timestampMs) deadLettered += 1;
    }
    this.#checkOnce(deadLettered, facts);
    return outcome;
  }

  /** After the last record: the rows that no record was found for. */
  async finish(): Promise<void> {
    const { partition, progress, rows, gone, findings } = this.#input;
    const endOffset = progress?.endOffset ?? 0n;
    await this.#skipBefore(endOffset);
    for await (const row of rows.takeRest()) {
      if (gone.has(row)) continue;
      const { couponId, position } = row;
      findings.addOf({ code: 'ROW_BEYOND_LOG', couponId, position, endOffset });
    }
    if (!this.#isForgotten) return;
    const code = 'NOTE_POSITION_FORGOTTEN';
    findings.addGeneral({ code, couponId: null, position: null, partition });
  }

  /** Rows before the partition's first record are older than the log: they have no record any more. */
  async #skipBefore(offset: bigint): Promise<void> {
    for await (const row of this.#input.rows.takeBefore(offset)) {
      if (!this.#hasRecords || this.#input.gone.has(row)) continue;
      const { couponId, position } = row;
      this.#input.findings.addOf({ code: 'ROW_WITHOUT_RECORD', couponId, position });
    }
  }

  #compare(row: OutcomeRow, facts: RecordFacts): void {
    this.#checkReach(facts);
    const { contradictions, findings, letters } = this.#input;
    const { couponId, position } = facts;
    const different = differences(row, facts);
    if (different.length > 0) {
      contradictions.add(row, facts);
      const code = 'ROW_DOES_NOT_MATCH_RECORD';
      findings.addOf({ code, couponId, position, differences: different });
    }
    if (row.outcome === 'DEAD_LETTERED') letters.check(row, couponId);
    this.#checkDeadLettering(row, facts);
  }

  /**
   * A record is applied once, however often it is read. Two decisions of one request are found by its
   * identity; a malformed record has none.
   */
  #checkOnce(rows: number, { couponId, position }: RecordFacts): void {
    if (rows < 2) return;
    this.#input.findings.addOf({ code: 'DEAD_LETTERED_TWICE', couponId, position, rows });
  }

  /** A malformed record must be dead-lettered, and a valid request never as a malformed one. */
  #checkDeadLettering({ outcome, reasonCode, userId }: OutcomeRow, facts: RecordFacts): void {
    const { couponId, position, malformedCode } = facts;
    const { findings } = this.#input;
    const isDeadLettered = outcome === 'DEAD_LETTERED';
    const place = { couponId, position, userId };
    if (malformedCode !== null && !isDeadLettered) {
      const due = 'DEAD_LETTERED';
      findings.addOf({ code: 'WRONG_OUTCOME', ...place, outcome, due, malformedCode });
    } else if (malformedCode === null && isDeadLettered && isMalformedCode(reasonCode)) {
      findings.addOf({ code: 'WRONG_OUTCOME', ...place, outcome, due: null, reasonCode });
    }
  }

  /** Outcome and position are written in one transaction: no row may lie beyond the position. */
  #checkReach({ couponId, position }: RecordFacts): void {
    const reach = this.#input.progress?.reach ?? null;
    if (reach === null) {
      this.#isForgotten = true;
    } else if (position.offset >= reach) {
      const code = 'ROW_BEYOND_OFFSET';
      this.#input.findings.addOf({ code, couponId, position, nextOffset: reach });
    }
  }

  #checkLastApplied(record: LogRecord, { position }: RecordFacts): void {
    const lastApplied = this.#input.progress?.position?.lastApplied;
    if (lastApplied?.offset !== record.offset) return;
    if (sameRecord(fingerprintOf(record), lastApplied)) return;
    this.#input.findings.addGeneral({ code: 'LOG_REPLACED', couponId: null, position });
  }
}

const malformedCodes: ReadonlySet<string> = new Set(MALFORMED_CODES);

function isMalformedCode(code: string | null): code is MalformedCode {
  return code !== null && malformedCodes.has(code);
}

import type { Campaign } from '../coupon/campaign.js';
import type { OutcomeCounts } from '../coupon/outcome.js';
import type { CampaignVersion, StoredPosition } from '../ports/coupon-store.js';
import type { AppliedOutcome, StoreSnapshot } from '../ports/store-snapshot.js';
import type { OffsetsMismatch } from '../ports/group-store.js';
import { openTransactionsOf, type LogRecord, type PartitionBounds } from '../ports/log.js';
import { Contradictions } from './contradictions.js';
import { CouponCheck } from './coupons.js';
import { AuditFindings, isNote, type ListedFinding } from './findings.js';
import type { GoneLog } from './gone-log.js';
import { DeadLetters } from './letters.js';
import { LogCheck } from './log.js';
import { checkPositions, type AuditedLog, type LogProgress } from './positions.js';
import { Replay } from './replay.js';
import { scopeOf, type AuditScope } from './scope.js';
import { SplitCampaigns } from './split-campaigns.js';

/**
 * What an audit compares. Gather it in this order, so that a running consumer can't make an honest
 * store look wrong: mismatch, snapshot, bounds, letters, records.
 */
export interface AuditInput extends AuditedLog {
  readonly snapshot: StoreSnapshot;
  /** Of the DLQ; null where the cluster has no such topic. */
  readonly dlqBounds: readonly PartitionBounds[] | null;
  /** Only this campaign is counted and compared; null: all. */
  readonly couponId: number | null;
  /** Why the group's offsets are not those of this store; null: nothing says so. */
  readonly mismatch: OffsetsMismatch | null;
  /** Which outcomes are of a log that is gone: they have no record to be compared with. */
  readonly gone: GoneLog;
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
  /** What the verdict rests on. */
  readonly scope: AuditScope;
}

/**
 * Derives from the log what must have become of every request, and compares it with the store. It is
 * fed the dead letters, then the records chunk by chunk, and keeps neither of them, nor the store's
 * rows: memory grows with the campaigns, by a bit for each offset of the log, and with the first
 * findings.
 */
export class Audit {
  readonly #input: AuditInput;
  readonly #findings: AuditFindings;
  readonly #letters: DeadLetters;
  readonly #splitCampaigns: SplitCampaigns;
  readonly #log: LogCheck;
  readonly #replay: Replay;
  readonly #coupons: CouponCheck;
  readonly #progress: LogProgress;
  #outcomes = 0;
  #goneOutcomes = 0;

  private constructor(input: AuditInput, tables: SmallTables) {
    const { snapshot, topic, couponId, gone } = input;
    const { positions, campaigns, versions, lastIdOf01 } = tables;
    const findings = new AuditFindings(couponId);
    const contradictions = new Contradictions();
    this.#input = input;
    this.#findings = findings;
    if (input.mismatch !== null) {
      const { mismatch, group } = input;
      findings.addGeneral({ ...mismatch, couponId: null, position: null, group });
    }
    this.#letters = new DeadLetters({ ...input, findings });
    this.#splitCampaigns = new SplitCampaigns(campaigns);
    this.#progress = checkPositions(input, positions, findings);
    this.#log = new LogCheck({
      topic,
      snapshot,
      progress: this.#progress,
      letters: this.#letters,
      splitCampaigns: this.#splitCampaigns,
      contradictions,
      couponId,
      gone,
      lastIdOf01,
      findings,
    });
    this.#replay = new Replay({ snapshot, versions, gone, lastIdOf01, contradictions, findings });
    this.#coupons = new CouponCheck({ snapshot, campaigns, versions, findings });
  }

  static async start(input: AuditInput): Promise<Audit> {
    const { snapshot } = input;
    return new Audit(input, {
      positions: await snapshot.positions(),
      campaigns: await snapshot.campaigns(),
      versions: await snapshot.versions(),
      lastIdOf01: await snapshot.lastIdOf01(),
    });
  }

  /** Records of the DLQ, in any order, all of them before the first record of the log. */
  addLetters(letters: readonly LogRecord[]): void {
    this.#letters.add(letters);
  }

  /**
   * Records of the audited topic: all of one partition from its start to its end, then all of the
   * next.
   */
  async addRecords(records: readonly LogRecord[]): Promise<void> {
    await this.#log.add(records);
  }

  /**
   * Records of the audited topic behind an open transaction, up to its high watermark, aborted ones
   * included: they are counted as not processed.
   */
  addWaitingRecords(records: readonly LogRecord[]): void {
    this.#log.addWaiting(records);
  }

  /** After the last record; once. `onRows` sees the store's rows as they are applied again. */
  async report(
    onRows: (rows: readonly AppliedOutcome[]) => Promise<void> = () => Promise.resolve(),
  ): Promise<AuditReport> {
    await this.#log.finish();
    this.#letters.finish();
    this.#splitCampaigns.note(this.#findings);
    await this.#applyAgain(onRows);
    this.#coupons.finish();
    this.#noteOpenTransactions();
    const findings = this.#findings.list();
    const { records, requests, outcomes, unprocessed } = this.#log;
    return {
      verdict: findings.every(isNote) ? 'PASS' : 'FAIL',
      records,
      requests,
      outcomes,
      unprocessed,
      deadLettered: outcomes.DEAD_LETTERED,
      findings,
      scope: scopeOf({
        ...this.#input,
        progress: this.#progress,
        outcomes: this.#outcomes,
        goneOutcomes: this.#goneOutcomes,
        unprocessed,
        letters: this.#letters.uncheckable,
      }),
    };
  }

  async #applyAgain(onRows: (rows: readonly AppliedOutcome[]) => Promise<void>): Promise<void> {
    const { couponId, gone } = this.#input;
    for await (const page of this.#input.snapshot.outcomesApplied()) {
      for (const row of page) {
        await this.#replay.add(row);
        await this.#coupons.add(row);
      }
      const counted = page.filter((row) => couponId === null || row.couponId === couponId);
      this.#outcomes += counted.length;
      this.#goneOutcomes += counted.filter((row) => gone.has(row)).length;
      await onRows(page);
    }
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

/** What does not grow with the requests. */
interface SmallTables {
  readonly positions: readonly StoredPosition[];
  readonly campaigns: readonly Campaign[];
  readonly versions: readonly CampaignVersion[];
  readonly lastIdOf01: number;
}

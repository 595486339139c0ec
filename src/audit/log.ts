import { zeroOutcomes, type OutcomeCounts } from '../coupon/outcome.js';
import type { OutcomeRow, RequestIdentity } from '../ports/coupon-store.js';
import type { StoreSnapshot } from '../ports/store-snapshot.js';
import type { LogRecord } from '../ports/log.js';
import type { Contradictions } from './contradictions.js';
import type { AuditFindings } from './findings.js';
import type { GoneLog } from './gone-log.js';
import type { DeadLetters } from './letters.js';
import { PartitionCheck } from './partition.js';
import type { LogProgress } from './positions.js';
import { factsOf, type RecordFacts } from './record-facts.js';
import { PartitionRows } from './rows.js';
import type { SplitCampaigns } from './split-campaigns.js';

export interface LogCheckInput {
  readonly topic: string;
  readonly snapshot: StoreSnapshot;
  readonly progress: LogProgress;
  readonly letters: DeadLetters;
  readonly splitCampaigns: SplitCampaigns;
  readonly contradictions: Contradictions;
  readonly couponId: number | null;
  readonly gone: GoneLog;
  /** As of StoreSnapshot. */
  readonly lastIdOf01: number;
  readonly findings: AuditFindings;
}

/** Compares the log with the store's rows, one partition after another, and counts its records. */
export class LogCheck {
  readonly outcomes: OutcomeCounts = zeroOutcomes();
  records = 0;
  requests = 0;
  unprocessed = 0;

  readonly #input: LogCheckInput;
  readonly #checked = new Set<number>();
  #current: PartitionCheck | null = null;

  constructor(input: LogCheckInput) {
    this.#input = input;
  }

  /** All records of a partition in their order, then those of the next partition. */
  async add(records: readonly LogRecord[]): Promise<void> {
    const { progress, splitCampaigns } = this.#input;
    const withoutOutcome: RecordFacts[] = [];
    for (const record of records) {
      const facts = factsOf(record);
      const isPending = this.#isPending(record);
      const isCounted = this.#count(facts, isPending);
      if (!progress.isComparable) continue;
      if (facts.request !== null) splitCampaigns.seen(facts.request.couponId, record.partition);
      const check = await this.#partition(record.partition);
      const outcome = await check.add(record, facts);
      if (outcome !== null) this.outcomes[outcome] += isCounted ? 1 : 0;
      else if (!isPending) withoutOutcome.push(facts);
    }
    await this.#expectRepeats(withoutOutcome);
  }

  /** Records behind an open transaction: no store can have applied them. */
  addWaiting(records: readonly LogRecord[]): void {
    for (const record of records) this.#count(factsOf(record), true);
  }

  /** After the last record. */
  async finish(): Promise<void> {
    if (!this.#input.progress.isComparable) return;
    await this.#current?.finish();
    for (const partition of await this.#input.snapshot.partitionsOf(this.#input.topic)) {
      if (!this.#checked.has(partition)) await this.#open(partition).finish();
    }
  }

  /** Whether it belongs to the campaign that was asked for. */
  #count({ couponId, request }: RecordFacts, isPending: boolean): boolean {
    if (this.#input.couponId !== null && couponId !== this.#input.couponId) return false;
    this.records += 1;
    if (request !== null) this.requests += 1;
    if (isPending) this.unprocessed += 1;
    return true;
  }

  /** The group has not come to this record. */
  #isPending({ partition, offset }: LogRecord): boolean {
    const nextOffset = this.#input.progress.partitions.get(partition)?.position?.nextOffset;
    return nextOffset === undefined || offset >= nextOffset;
  }

  async #partition(partition: number): Promise<PartitionCheck> {
    if (this.#current?.partition === partition) return this.#current;
    await this.#current?.finish();
    this.#current = this.#open(partition);
    return this.#current;
  }

  #open(partition: number): PartitionCheck {
    const { snapshot, topic, progress, letters, contradictions, gone, findings } = this.#input;
    this.#checked.add(partition);
    return new PartitionCheck({
      partition,
      progress: progress.partitions.get(partition),
      rows: new PartitionRows(snapshot.outcomesInLog(topic, partition)),
      letters,
      contradictions,
      gone,
      findings,
    });
  }

  /** A record below the store's position that has no row must be a repeat, or it was lost. */
  async #expectRepeats(records: readonly RecordFacts[]): Promise<void> {
    const requests = records.flatMap(({ request }) => (request === null ? [] : [request]));
    const decisions = requests.length === 0 ? [] : await this.#input.snapshot.decisionsOf(requests);
    const decisionOf = new Map(requests.map((request, index) => [request, decisions[index]]));
    for (const facts of records) {
      const decision = facts.request === null ? undefined : decisionOf.get(facts.request);
      if (decision == null || !this.#precedes(decision, facts)) this.#lost(facts);
    }
  }

  /** Within one partition the offset decides; which of two partitions was read first is not known. */
  #precedes(decision: OutcomeRow, { position }: RecordFacts): boolean {
    const { topic, partition, offset } = decision.position;
    const isElsewhere = topic !== position.topic || partition !== position.partition;
    return isElsewhere || offset < position.offset || this.#input.gone.has(decision);
  }

  #lost({ couponId, position, request, malformedCode }: RecordFacts): void {
    this.#input.findings.addOf({
      code: 'REQUEST_LOST',
      couponId,
      position,
      request: request && whoseRequest(request),
      malformedCode,
      maybeSkippedBy01: request !== null && this.#input.lastIdOf01 > 0,
    });
  }
}

function whoseRequest({ userId, eventId }: RequestIdentity) {
  return { userId, eventId };
}

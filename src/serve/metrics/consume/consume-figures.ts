import type { ConsumeEvent } from '../../../consume/events.js';
import { BROKER, STORE } from '../../../consume/outages.js';
import { zeroOutcomes, type Outcome } from '../../../coupon/outcome.js';
import type { StoreTransaction } from '../../../ports/store-access.js';
import { REASON_LABELS, reasonLabel } from '../reason-labels.js';
import { BucketCounts } from './bucket-counts.js';

/** From a record that waits for its commit alone to one that has waited since the last sale. */
const LATENCY_SECONDS = [
  ...[0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5],
  ...[1, 2, 5, 10, 30, 60, 300, 1800],
];
const TRANSACTION_SECONDS = [
  ...[0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05],
  ...[0.1, 0.2, 0.5, 1, 2, 5, 10],
];
const BATCH_RECORDS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000];
const TRANSACTION_BATCHES = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000];

/**
 * What one run of `consume` has done so far and how it stands, counted as it happens: per record it is additions, and
 * what they come to is asked when it is scraped.
 */
export class ConsumeFigures {
  readonly outcomes = zeroOutcomes();
  repeats = 0;
  retries = 0;
  fenced = 0;
  /** How often members were given their partitions. */
  rebalances = 0;
  isStoreUp = true;
  isKafkaUp = true;
  readonly latencySeconds = new BucketCounts(LATENCY_SECONDS);
  readonly batchRecords = new BucketCounts(BATCH_RECORDS);
  readonly transactionSeconds = new BucketCounts(TRANSACTION_SECONDS);
  readonly transactionBatches = new BucketCounts(TRANSACTION_BATCHES);
  readonly #deadLetters = new Map<string, number>(REASON_LABELS.map((reason) => [reason, 0]));
  /** How many partitions each member has. */
  readonly #assigned = new Map<number, number>();

  /** By reason; those that did not occur are there with 0. */
  get deadLetters(): ReadonlyMap<string, number> {
    return this.#deadLetters;
  }

  /** Of all members of this process. */
  get assignedPartitions(): number {
    return [...this.#assigned.values()].reduce((sum, partitions) => sum + partitions, 0);
  }

  on(event: ConsumeEvent): void {
    switch (event.kind) {
      case 'applied':
        this.#applied(event);
        return;
      case 'retry':
        this.retries += 1;
        return;
      case 'dead-letter':
        this.#deadLetter(event.reasonCode);
        return;
      case 'fenced':
        this.fenced += 1;
        return;
      case 'joined':
        this.rebalances += 1;
        this.#assigned.set(event.member, event.partitions.length);
        return;
      case 'left':
        this.#assigned.delete(event.member);
        return;
      case 'outage':
        this.#isUp(event.what, false);
        return;
      case 'recovered':
        this.#isUp(event.what, true);
        return;
      default:
        return;
    }
  }

  /** `ms` below 0, where a producer's clock is ahead of ours, counts as 0. */
  readonly onLatency = (ms: number): void => {
    this.latencySeconds.observe(Math.max(0, ms / 1000));
  };

  readonly onTransaction = ({ batches, elapsedMs }: StoreTransaction): void => {
    this.transactionSeconds.observe(elapsedMs / 1000);
    this.transactionBatches.observe(batches);
  };

  #applied({ records, outcomes, repeated }: Extract<ConsumeEvent, { kind: 'applied' }>): void {
    // Most batches have one or two of them.
    for (const [outcome, count] of Object.entries(outcomes) as [Outcome, number][]) {
      this.outcomes[outcome] += count;
    }
    this.repeats += repeated;
    this.batchRecords.observe(records);
  }

  #deadLetter(reasonCode: string): void {
    const reason = reasonLabel(reasonCode);
    this.#deadLetters.set(reason, (this.#deadLetters.get(reason) ?? 0) + 1);
  }

  #isUp(what: string, isUp: boolean): void {
    if (what === STORE.name) this.isStoreUp = isUp;
    if (what === BROKER.name) this.isKafkaUp = isUp;
  }
}

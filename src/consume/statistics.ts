import { createHistogram } from 'node:perf_hooks';
import { zeroOutcomes, type OutcomeCounts } from '../coupon/outcome.js';
import type { Applied } from '../ports/coupon-store.js';
import type { LogRecord } from '../ports/log.js';
import { timestampMsOf, usableInstantMs } from '../records/timestamp.js';

export interface RunSummary {
  readonly records: number;
  /** Of this run's records, without the repeated ones. */
  readonly outcomes: OutcomeCounts;
  readonly repeated: number;
  readonly retries: number;
  readonly deadLettered: number;
  /** In ms since the epoch; null where there was no record. Several processes together ran from the first to the last. */
  readonly firstRecordMs: number | null;
  readonly lastCommitMs: number | null;
  /** Between the two. */
  readonly elapsedMs: number;
  readonly perSecond: number;
  /** Record timestamp to durable commit; null without a record whose timestamp is usable. */
  readonly latencyMs: { readonly p50: number | null; readonly p99: number | null };
}

/** Below 0 where the clock of the record's producer is ahead of ours. */
export type LatencyListener = (latencyMs: number) => void;

/** Counts one run. */
export class RunStatistics {
  readonly #outcomes = zeroOutcomes();
  readonly #latency = createHistogram();
  #records = 0;
  #repeated = 0;
  #retries = 0;
  #firstMs: number | null = null;
  #lastMs: number | null = null;
  readonly #onLatency: LatencyListener | null;

  constructor(onLatency: LatencyListener | null = null) {
    this.#onLatency = onLatency;
  }

  received(nowMs: number): void {
    this.#firstMs ??= nowMs;
  }

  /** `record` null: its latency is not known. */
  applied(entry: Applied, record: LogRecord | null, nowMs: number): void {
    this.#records += 1;
    this.#lastMs = nowMs;
    if (entry.repeated) this.#repeated += 1;
    else this.#outcomes[entry.outcome] += 1;
    const writtenMs = record === null ? null : usableInstantMs(timestampMsOf(record));
    if (writtenMs === null) return;
    const latencyMs = nowMs - writtenMs;
    // A producer's clock may be ahead of ours; the histogram starts at 1.
    this.#latency.record(Math.max(1, Math.round(latencyMs)));
    this.#onLatency?.(latencyMs);
  }

  retried(): void {
    this.#retries += 1;
  }

  get records(): number {
    return this.#records;
  }

  summary(): RunSummary {
    const elapsedMs =
      this.#firstMs === null || this.#lastMs === null ? 0 : this.#lastMs - this.#firstMs;
    const percentile = (p: number) =>
      this.#latency.count === 0 ? null : this.#latency.percentile(p);
    return {
      records: this.#records,
      outcomes: { ...this.#outcomes },
      repeated: this.#repeated,
      retries: this.#retries,
      deadLettered: this.#outcomes.DEAD_LETTERED,
      firstRecordMs: this.#firstMs,
      lastCommitMs: this.#lastMs,
      elapsedMs: Math.round(elapsedMs),
      perSecond: elapsedMs > 0 ? Math.round((this.#records / elapsedMs) * 1000) : 0,
      latencyMs: { p50: percentile(50), p99: percentile(99) },
    };
  }
}

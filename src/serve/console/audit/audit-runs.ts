import type { AuditReport } from '../../../audit/audit.js';
import type { AuditProgress } from '../../../audit/run.js';
import { failureOf } from '../../../errors.js';
import type { Clock } from '../../../ports/clock.js';
import type { AuditData } from '../wire/audit.js';
import { auditResult } from './audit-data.js';

/** Progress is shown this often. */
const SHOWN_EVERY_MS = 500;

export interface AuditRunsOptions {
  readonly run: (
    onProgress: (progress: AuditProgress) => void,
    signal: AbortSignal,
  ) => Promise<AuditReport>;
  readonly clock: Clock;
  /** Hears of each change of `data`. */
  readonly onChange: (data: AuditData) => void;
}

/** Audits, one at a time; the result of the latest one is kept. */
export class AuditRuns {
  readonly #options: AuditRunsOptions;
  readonly #closed = new AbortController();
  #shownMs = -Infinity;
  #data: AuditData = { running: null, last: null, failure: null };

  constructor(options: AuditRunsOptions) {
    this.#options = options;
  }

  get data(): AuditData {
    return this.#data;
  }

  /** Starts one unless one runs. */
  start(): void {
    if (this.#data.running === null && !this.#closed.signal.aborted) void this.#run();
  }

  /** Runs one now and then one every so many ms, until `close`. Never rejects. */
  async every(ms: number): Promise<void> {
    const { signal } = this.#closed;
    while (!signal.aborted) {
      this.start();
      await this.#options.clock.wait(ms, signal);
    }
  }

  /** Ends the one that runs at its next step. */
  close(): void {
    this.#closed.abort();
  }

  async #run(): Promise<void> {
    const { run, clock } = this.#options;
    const { signal } = this.#closed;
    const sinceMs = clock.now();
    this.#change({ ...this.#data, running: { sinceMs, records: 0 } });
    try {
      const report = await run((progress) => this.#progressed(progress), signal);
      const endedAtMs = clock.now();
      const last = auditResult(report, endedAtMs, endedAtMs - sinceMs);
      this.#change({ running: null, last, failure: null });
    } catch (error) {
      this.#change({ ...this.#data, running: null, failure: failureOf(error) });
    }
  }

  #progressed({ records }: AuditProgress): void {
    const nowMs = this.#options.clock.now();
    const { running } = this.#data;
    if (running === null || nowMs - this.#shownMs < SHOWN_EVERY_MS) return;
    this.#shownMs = nowMs;
    this.#change({ ...this.#data, running: { ...running, records } });
  }

  #change(data: AuditData): void {
    this.#data = data;
    this.#options.onChange(data);
  }
}

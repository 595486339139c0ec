import type { Assignment } from '../ports/assignment.js';
import type { Clock } from '../ports/clock.js';
import type { AssignmentWorker, FetchedBatch } from '../ports/group-member.js';

const PERIOD_MS = 5000;
export const SCHEDULED_RECORDS = 100;

/**
 * The old way, kept to compare with: wakes every 5 s and takes up to 100 records, over all members:
 * 20 a second, and a request waits 2.5 s on average before it is looked at.
 */
export class Scheduler {
  readonly #now: () => number;
  #wokeAtMs: number;
  #left = 0;

  constructor(now: () => number) {
    this.#now = now;
    this.#wokeAtMs = now();
  }

  /** How many of so many records may be worked on now; 0 until it wakes again. */
  take(wanted: number): number {
    const nowMs = this.#now();
    if (nowMs >= this.#wokeAtMs + PERIOD_MS) {
      this.#wokeAtMs = nowMs;
      this.#left = SCHEDULED_RECORDS;
    }
    const taken = Math.min(wanted, this.#left);
    this.#left -= taken;
    return taken;
  }

  untilNextMs(): number {
    return Math.max(1, this.#wokeAtMs + PERIOD_MS - this.#now());
  }
}

/** Hands a worker no more than the scheduler takes; what is left is fetched again when it wakes. */
export class ScheduledWorker implements AssignmentWorker {
  readonly #scheduler: Scheduler;
  readonly #clock: Clock;
  readonly #worker: AssignmentWorker;
  readonly #assignment: Assignment;

  constructor(
    scheduler: Scheduler,
    clock: Clock,
    worker: AssignmentWorker,
    assignment: Assignment,
  ) {
    this.#scheduler = scheduler;
    this.#clock = clock;
    this.#worker = worker;
    this.#assignment = assignment;
  }

  async fetched(batch: FetchedBatch): Promise<void> {
    const { partition, records } = batch;
    const taken = this.#scheduler.take(records.length);
    const next = records[taken];
    if (next === undefined) await this.#worker.fetched(batch);
    else if (taken > 0) {
      const due = { ...batch, records: records.slice(0, taken), nextOffset: next.offset };
      await this.#worker.fetched(due);
    }
    // What comes meanwhile waits for the next time, also where fewer than it takes were there.
    if (records.length > 0 && this.#assignment.isReading(partition))
      void this.#goOnWhenItWakes(partition);
  }

  positionLost(partition: number): void {
    this.#worker.positionLost(partition);
  }

  async #goOnWhenItWakes(partition: number): Promise<void> {
    this.#assignment.hold(partition);
    await this.#clock.wait(this.#scheduler.untilNextMs(), this.#assignment.signal);
    const position = this.#assignment.position(partition);
    if (position !== null) this.#assignment.readFrom(partition, position);
  }
}

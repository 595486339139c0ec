/** How many records may be taken now: all of them, or as the old scheduler did. */
export interface Pace {
  /** Up to `wanted`, 0 where it is time to wait. */
  take(wanted: number): number;
  /** Ms until there is something to take again. */
  waitMs(): number;
}

export const UNPACED: Pace = { take: (wanted) => wanted, waitMs: () => 0 };

const SCHEDULER_PERIOD_MS = 5000;
const SCHEDULER_RECORDS = 100;

/** The old way, kept to compare with: wakes every 5 s and takes up to 100 records (20 a second). */
export class SchedulerPace implements Pace {
  readonly #now: () => number;
  #wokeAtMs: number;
  #left = 0;

  constructor(now: () => number) {
    this.#now = now;
    this.#wokeAtMs = now();
  }

  take(wanted: number): number {
    const now = this.#now();
    if (now >= this.#wokeAtMs + SCHEDULER_PERIOD_MS) {
      this.#wokeAtMs = now;
      this.#left = SCHEDULER_RECORDS;
    }
    const taken = Math.min(wanted, this.#left);
    this.#left -= taken;
    return taken;
  }

  waitMs(): number {
    return Math.max(1, this.#wokeAtMs + SCHEDULER_PERIOD_MS - this.#now());
  }
}

/** Exactly so many records, over all members: who takes some and can't apply them gives them back. */
export class RecordBudget {
  #left: number;

  constructor(records: number) {
    this.#left = records;
  }

  take(wanted: number): number {
    const taken = Math.min(wanted, this.#left);
    this.#left -= taken;
    return taken;
  }

  giveBack(records: number): void {
    this.#left += records;
  }
}

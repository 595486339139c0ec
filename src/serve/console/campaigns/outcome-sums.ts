import { zeroOutcomes, type OutcomeCounts } from '../../../coupon/outcome.js';
import type { Clock } from '../../../ports/clock.js';
import type { OutcomeCount, StoreFigures } from '../../../ports/store-figures.js';

/** Rows that are counted without a pause. */
const CHUNK_ROWS = 50_000;
/** For how long rows are counted at one reading. */
const MOST_MS = 200;
/** So many coupons without a campaign are kept apart, in case that one is created: anybody may ask for any number. */
const MOST_STRAYS = 100_000;

/** All outcomes of a store by coupon, counted once each: a reading counts what has come since the one before. */
export class OutcomeSums {
  readonly #clock: Pick<Clock, 'now'>;
  #settledTo = 0;
  readonly #settled = new Map<number | null, OutcomeCounts>();
  #recent: readonly OutcomeCount[] = [];
  #isAll = false;
  readonly #total = zeroOutcomes();
  /** Whether coupons were too many to be kept apart. */
  #isFolded = false;
  #campaigns: ReadonlySet<number> = new Set();

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  /** Up to which row all are counted for good. */
  get settledTo(): number {
    return this.#settledTo;
  }

  /** Whether every row has been counted that was there at the latest reading. */
  get isAll(): boolean {
    return this.#isAll;
  }

  /** Rows that were counted so far. */
  get rows(): number {
    return sumOf(this.total());
  }

  /** Counts on; a large store takes several readings. */
  async catchUp(store: Pick<StoreFigures, 'outcomeTotals'>): Promise<void> {
    const startedMs = this.#clock.now();
    for (;;) {
      const totals = await store.outcomeTotals(this.#settledTo, CHUNK_ROWS);
      for (const each of totals.settled) this.#settle(each);
      this.#settledTo = totals.settledTo;
      this.#recent = totals.recent;
      this.#isAll = totals.isAll;
      if (this.#isAll || this.#clock.now() - startedMs >= MOST_MS) return;
      // The store may answer without ever waiting.
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** Counts from the first row again: it is another store, or one that was set back. */
  restart(): void {
    this.#settledTo = 0;
    this.#settled.clear();
    this.#recent = [];
    this.#isAll = false;
    this.#isFolded = false;
    Object.assign(this.#total, zeroOutcomes());
  }

  /** Says which campaigns there are. */
  setCampaigns(couponIds: readonly number[]): void {
    const isMissed = (id: number) => !this.#campaigns.has(id) && !this.#settled.has(id);
    // Its outcomes may be among those that were not kept apart.
    if (this.#isFolded && couponIds.some(isMissed)) this.restart();
    this.#campaigns = new Set(couponIds);
  }

  /** Of all rows. */
  total(): OutcomeCounts {
    const counts = { ...this.#total };
    for (const { outcome, rows } of this.#recent) counts[outcome] += rows;
    return counts;
  }

  /** By coupon, of those that are a campaign. */
  byCampaign(): ReadonlyMap<number, OutcomeCounts> {
    const counts = new Map(
      [...this.#campaigns].map((id) => [id, { ...(this.#settled.get(id) ?? zeroOutcomes()) }]),
    );
    for (const { couponId, outcome, rows } of this.#recent) {
      const ofCoupon = couponId === null ? undefined : counts.get(couponId);
      if (ofCoupon !== undefined) ofCoupon[outcome] += rows;
    }
    return counts;
  }

  /** Rows that name a coupon without a campaign. */
  withoutCampaign(): number {
    const isStray = (id: number | null) => id !== null && !this.#campaigns.has(id);
    let rows = sumOf(this.#total) - rowsIn(this.#settled.get(null));
    for (const id of this.#campaigns) rows -= rowsIn(this.#settled.get(id));
    for (const each of this.#recent) if (isStray(each.couponId)) rows += each.rows;
    return rows;
  }

  #settle({ couponId, outcome, rows }: OutcomeCount): void {
    this.#total[outcome] += rows;
    const known = this.#settled.get(couponId);
    if (known !== undefined) {
      known[outcome] += rows;
    } else if (this.#isTooMany(couponId)) {
      this.#isFolded = true;
    } else {
      this.#settled.set(couponId, { ...zeroOutcomes(), [outcome]: rows });
    }
  }

  #isTooMany(couponId: number | null): boolean {
    if (couponId === null || this.#campaigns.has(couponId)) return false;
    return this.#settled.size >= MOST_STRAYS + this.#campaigns.size;
  }
}

export function sumOf(counts: OutcomeCounts): number {
  return Object.values(counts).reduce((sum, rows) => sum + rows, 0);
}

function rowsIn(counts: OutcomeCounts | undefined): number {
  return counts === undefined ? 0 : sumOf(counts);
}

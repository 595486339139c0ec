import { couponIdOf } from './filter.js';
import { LetterGroups, see, shortCode, TimeGroups, type LetterGroup } from './letter-groups.js';
import type { DeadLetter } from './read.js';

const HOUR_MS = 3_600_000;

/** Counts dead letters by reason, by coupon and by hour, in memory that does not grow with them. */
export class LetterStatistics {
  readonly #reasons = new LetterGroups<string | null>();
  readonly #coupons = new LetterGroups<number | null>();
  readonly #hours = new TimeGroups(HOUR_MS);
  matched = 0;
  /** In none of the groups, for there were too many. */
  ungrouped = 0;
  firstSeenMs: number | null = null;
  lastSeenMs: number | null = null;

  add(letter: DeadLetter): void {
    const { timestampMs } = letter;
    this.matched += 1;
    see(this, timestampMs);
    const grouped = [
      this.#reasons.add(shortCode(letter.reasonCode), timestampMs),
      this.#coupons.add(couponIdOf(letter), timestampMs),
      this.#hours.add(timestampMs),
    ];
    if (grouped.includes(false)) this.ungrouped += 1;
  }

  /** The most frequent first. */
  reasons(): readonly LetterGroup<string | null>[] {
    return this.#reasons.byCount();
  }

  /** The most frequent first; null where no letter names a coupon. */
  coupons(): readonly LetterGroup<number | null>[] {
    return this.#coupons.byCount();
  }

  /** By the hour's beginning, in order, without the hours in which none came; null is first. */
  hours(): readonly LetterGroup<number | null>[] {
    return this.#hours.inOrder();
  }
}

import type { DeadLetter } from './read.js';
import { couponIdOf } from './filter.js';

/** Letters that have something in common, and when the first and the last of them came. */
export interface LetterGroup<Key> extends Seen {
  readonly key: Key;
  count: number;
}

/** Null where no letter says when it came. */
interface Seen {
  firstSeenMs: number | null;
  lastSeenMs: number | null;
}

const HOUR_MS = 3_600_000;

/** Coupons come from outside: beyond so many different ones, further ones are only counted. */
export const MAX_GROUPS = 10_000;

/** Counts dead letters by reason, by coupon and by hour, in memory that does not grow with them. */
export class LetterStatistics {
  readonly #reasons = new Map<string | null, LetterGroup<string | null>>();
  readonly #coupons = new Map<number | null, LetterGroup<number | null>>();
  readonly #hours = new Map<number | null, LetterGroup<number | null>>();
  matched = 0;
  /** In none of the groups, for there were too many. */
  ungrouped = 0;
  firstSeenMs: number | null = null;
  lastSeenMs: number | null = null;

  add(letter: DeadLetter): void {
    const { timestampMs, reasonCode } = letter;
    this.matched += 1;
    see(this, timestampMs);
    const grouped = [
      count(this.#reasons, reasonCode, timestampMs),
      count(this.#coupons, couponIdOf(letter), timestampMs),
      count(this.#hours, hourOf(timestampMs), timestampMs),
    ];
    if (grouped.includes(false)) this.ungrouped += 1;
  }

  /** The most frequent first. */
  reasons(): readonly LetterGroup<string | null>[] {
    return byCount(this.#reasons);
  }

  /** The most frequent first; null where no letter names a coupon. */
  coupons(): readonly LetterGroup<number | null>[] {
    return byCount(this.#coupons);
  }

  /** By the hour's beginning, in order, without the hours in which none came; null is first. */
  hours(): readonly LetterGroup<number | null>[] {
    return [...this.#hours.values()].sort((a, b) => (a.key ?? -1) - (b.key ?? -1));
  }
}

function hourOf(timestampMs: number | null): number | null {
  return timestampMs === null ? null : Math.floor(timestampMs / HOUR_MS) * HOUR_MS;
}

function see(seen: Seen, timestampMs: number | null): void {
  if (timestampMs === null) return;
  seen.firstSeenMs = Math.min(seen.firstSeenMs ?? timestampMs, timestampMs);
  seen.lastSeenMs = Math.max(seen.lastSeenMs ?? timestampMs, timestampMs);
}

function count<Key>(
  groups: Map<Key, LetterGroup<Key>>,
  key: Key,
  timestampMs: number | null,
): boolean {
  const group = groups.get(key);
  if (group === undefined) {
    if (groups.size >= MAX_GROUPS) return false;
    groups.set(key, { key, count: 1, firstSeenMs: timestampMs, lastSeenMs: timestampMs });
    return true;
  }
  group.count += 1;
  see(group, timestampMs);
  return true;
}

function byCount<Key>(groups: ReadonlyMap<Key, LetterGroup<Key>>): readonly LetterGroup<Key>[] {
  return [...groups.values()].sort(
    (a, b) => b.count - a.count || (a.firstSeenMs ?? 0) - (b.firstSeenMs ?? 0),
  );
}

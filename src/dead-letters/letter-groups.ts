import { clipped } from '../text/clipped.js';

/** Letters that have something in common, and when the first and the last of them came. */
export interface LetterGroup<Key> extends Seen {
  readonly key: Key;
  count: number;
}

/** Null where no letter says when it came. */
export interface Seen {
  firstSeenMs: number | null;
  lastSeenMs: number | null;
}

/** What letters hold comes from outside: beyond so many different keys, further ones are only counted. */
export const MAX_GROUPS = 10_000;

/** In characters. Anybody writes a reason code, at any length: what is kept is short. */
export const LONGEST_CODE = 200;

export function shortCode(reasonCode: string | null): string | null {
  return reasonCode === null ? null : clipped(reasonCode, LONGEST_CODE);
}

/** Groups of letters by a key, in memory that does not grow with them. */
export class LetterGroups<Key> {
  readonly #groups = new Map<Key, LetterGroup<Key>>();

  /** False where there are too many groups for another one. */
  add(key: Key, timestampMs: number | null): boolean {
    let group = this.#groups.get(key);
    if (group === undefined) {
      if (this.#groups.size >= MAX_GROUPS) return false;
      group = { key, count: 0, firstSeenMs: null, lastSeenMs: null };
      this.#groups.set(key, group);
    }
    group.count += 1;
    see(group, timestampMs);
    return true;
  }

  /** The most frequent first. */
  byCount(): readonly LetterGroup<Key>[] {
    return [...this.#groups.values()].sort(
      (a, b) => b.count - a.count || (a.firstSeenMs ?? 0) - (b.firstSeenMs ?? 0),
    );
  }
}

/** Groups of letters by the hour, minute, ... in which they came; null: they don't say when. */
export class TimeGroups {
  readonly #groups = new LetterGroups<number | null>();
  readonly #unitMs: number;

  constructor(unitMs: number) {
    this.#unitMs = unitMs;
  }

  /** Under the beginning of its hour, minute, ...; false as of LetterGroups. */
  add(timestampMs: number | null): boolean {
    const beginsMs =
      timestampMs === null ? null : Math.floor(timestampMs / this.#unitMs) * this.#unitMs;
    return this.#groups.add(beginsMs, timestampMs);
  }

  /** In order, without those in which none came; null is first. */
  inOrder(): readonly LetterGroup<number | null>[] {
    return [...this.#groups.byCount()].sort((a, b) => (a.key ?? -1) - (b.key ?? -1));
  }
}

/** Widens what was seen by one letter. */
export function see(seen: Seen, timestampMs: number | null): void {
  if (timestampMs === null) return;
  seen.firstSeenMs = Math.min(seen.firstSeenMs ?? timestampMs, timestampMs);
  seen.lastSeenMs = Math.max(seen.lastSeenMs ?? timestampMs, timestampMs);
}

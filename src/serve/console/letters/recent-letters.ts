const BUCKET_MS = 10_000;
const RECENT_MS = 10 * 60_000;

/** Counts the letters of the last 10 minutes, to 10 s, in memory that does not grow with them. */
export class RecentLetters {
  /** How many came, by 10 s. */
  readonly #buckets = new Map<number, number>();

  add(timestampMs: number | null, nowMs: number): void {
    // A producer's clock may be ahead; what it dates beyond all reason is not kept.
    if (timestampMs === null || Math.abs(nowMs - timestampMs) > RECENT_MS) return;
    const bucket = bucketOf(timestampMs);
    this.#buckets.set(bucket, (this.#buckets.get(bucket) ?? 0) + 1);
  }

  count(nowMs: number): number {
    const oldest = bucketOf(nowMs - RECENT_MS);
    for (const bucket of this.#buckets.keys()) {
      if (bucket <= oldest) this.#buckets.delete(bucket);
    }
    return [...this.#buckets.values()].reduce((sum, letters) => sum + letters, 0);
  }
}

function bucketOf(ms: number): number {
  return Math.floor(ms / BUCKET_MS);
}

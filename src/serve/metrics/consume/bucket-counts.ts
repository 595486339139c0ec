/** How many observations fell into each bucket of a histogram: an observation is an addition in an array. */
export class BucketCounts {
  /** The upper ends of the buckets, in rising order; a last one, without an end, is behind them. */
  readonly bounds: readonly number[];
  readonly #counts: Float64Array;
  #sum = 0;

  constructor(bounds: readonly number[]) {
    this.bounds = bounds;
    this.#counts = new Float64Array(bounds.length + 1);
  }

  /** The end of a bucket belongs to it. */
  observe(value: number): void {
    const { bounds } = this;
    let at = 0;
    // Beyond the last bound the comparison is false.
    while (value > (bounds[at] ?? Infinity)) at += 1;
    this.#counts[at] = (this.#counts[at] ?? 0) + 1;
    this.#sum += value;
  }

  get sum(): number {
    return this.#sum;
  }

  /** How many observations are at or below each bound, and at the end how many there are. */
  cumulative(): readonly number[] {
    let below = 0;
    return Array.from(this.#counts, (count) => (below += count));
  }
}

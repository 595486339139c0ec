import { Histogram, type Registry } from 'prom-client';
import type { BucketCounts } from './bucket-counts.js';

/** prom-client keeps the labels of a series apart from that of its bucket. */
const NO_LABELS = { labels: {}, sharedLabels: {} };

/**
 * A histogram of what BucketCounts has counted. prom-client's own observe() takes ten times as long as counting, which
 * is too long for what is observed once a record.
 */
export class CountedHistogram extends Histogram {
  readonly #name: string;
  readonly #help: string;
  readonly #counts: BucketCounts;

  constructor(name: string, help: string, counts: BucketCounts, registry: Registry) {
    super({ name, help, buckets: [...counts.bounds], registers: [registry] });
    this.#name = name;
    this.#help = help;
    this.#counts = counts;
  }

  /** What the registry asks a histogram for, though prom-client's types do not say so. */
  getForPromString() {
    const name = this.#name;
    const cumulative = this.#counts.cumulative();
    const count = cumulative.at(-1) ?? 0;
    const buckets = [...this.#counts.bounds, '+Inf'].map((le, at) => ({
      metricName: `${name}_bucket`,
      ...NO_LABELS,
      labels: { le },
      value: cumulative[at] ?? count,
    }));
    const values = [
      ...buckets,
      { metricName: `${name}_sum`, ...NO_LABELS, value: this.#counts.sum },
      { metricName: `${name}_count`, ...NO_LABELS, value: count },
    ];
    return Promise.resolve({ name, help: this.#help, type: 'histogram', values });
  }
}

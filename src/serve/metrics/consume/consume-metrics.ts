/** The metrics of `consume`: docs/metrics.md says what each means. */
import { Counter, Registry } from 'prom-client';
import { registerProcessMetrics } from '../process-metrics.js';
import { scrapedIn } from '../scraped.js';
import type { ConsumeFigures } from './consume-figures.js';
import { CountedHistogram } from './counted-histogram.js';

/** A registry that asks `figures` at each scrape. `version`: of this program. */
export function consumeMetrics(figures: ConsumeFigures, version: string): Registry {
  const registry = new Registry();
  registerCounters(registry, figures);
  registerGauges(registry, figures);
  registerHistograms(registry, figures);
  registerProcessMetrics(registry, version);
  return registry;
}

function registerCounters(registry: Registry, figures: ConsumeFigures): void {
  const registers = [registry];
  const { counter } = scrapedIn(registry);
  const byLabel = (
    ...[name, help, label, values]: [string, string, string, () => Iterable<[string, number]>]
  ) =>
    new Counter({
      ...{ name, help, registers, labelNames: [label] },
      collect() {
        this.reset();
        for (const [key, value] of values()) this.inc({ [label]: key }, value);
      },
    });
  byLabel('coupons_outcomes_total', 'Records by what became of them.', 'outcome', () =>
    Object.entries(figures.outcomes),
  );
  counter(
    'coupons_repeats_total',
    'Records whose request had its outcome before.',
    () => figures.repeats,
  );
  counter(
    'coupons_retries_total',
    'Attempts that were put off because the store refused a record.',
    () => figures.retries,
  );
  byLabel(
    'coupons_dead_letters_total',
    'Dead letters that the DLQ has acknowledged, by reason.',
    'reason',
    () => figures.deadLetters,
  );
  counter(
    'coupons_rebalances_total',
    'How often members of this process were given their partitions.',
    () => figures.rebalances,
  );
  counter(
    'coupons_fenced_total',
    'How often the store turned records away because another member had moved on.',
    () => figures.fenced,
  );
}

function registerGauges(registry: Registry, figures: ConsumeFigures): void {
  const { gauge } = scrapedIn(registry);
  gauge(
    'coupons_assigned_partitions',
    'Partitions that the members of this process have now.',
    () => figures.assignedPartitions,
  );
  gauge('coupons_store_up', '1 where the store works, else 0.', () => Number(figures.isStoreUp));
  gauge('coupons_kafka_up', '1 where a broker answers, else 0.', () => Number(figures.isKafkaUp));
}

function registerHistograms(registry: Registry, figures: ConsumeFigures): void {
  const all = [
    [
      'coupons_request_latency_seconds',
      "From a record's timestamp to its durable commit.",
      figures.latencySeconds,
    ],
    [
      'coupons_store_transaction_seconds',
      "The store's transactions, until they are durable.",
      figures.transactionSeconds,
    ],
    ['coupons_batch_records', 'Records that are applied or not as a whole.', figures.batchRecords],
    [
      'coupons_store_transaction_slices',
      'Such batches of records that share a transaction of the store.',
      figures.transactionBatches,
    ],
  ] as const;
  for (const [name, help, counts] of all) new CountedHistogram(name, help, counts, registry);
}

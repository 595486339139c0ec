import { Gauge, Registry } from 'prom-client';

export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A gauge with its values of one moment. All samples have the same label names. */
export interface Figure {
  readonly name: string;
  readonly help: string;
  readonly samples: readonly Sample[];
}

/** A figure without labels; null: it is not known, and not exposed. */
export function single(name: string, help: string, value: number | null): Figure {
  return { name, help, samples: value === null ? [] : [{ labels: {}, value }] };
}

export function sample(labels: Readonly<Record<string, string>>, value: number): Sample {
  return { labels, value };
}

/** One sample of each of `items` that has a value. */
export function samplesOf<Item>(
  items: readonly Item[],
  labelsOf: (item: Item) => Readonly<Record<string, string>>,
  valueOf: (item: Item) => number | null,
): readonly Sample[] {
  return items.flatMap((item) => {
    const value = valueOf(item);
    return value === null ? [] : [sample(labelsOf(item), value)];
  });
}

/**
 * A registry of its own for each scrape: a partition, campaign or reason that is gone leaves no series behind,
 * and two scrapes at once do not disturb each other.
 */
export function registryOf(figures: readonly Figure[]): Registry {
  const registry = new Registry();
  for (const { name, help, samples } of figures) {
    const [first] = samples;
    if (first === undefined) continue;
    const labelNames = Object.keys(first.labels);
    const gauge = new Gauge({ name, help, labelNames, registers: [registry] });
    for (const { labels, value } of samples) gauge.set(labels, value);
  }
  return registry;
}

/** What a scrape of /metrics says. */

export type Labels = Readonly<Record<string, string>>;

export interface Scraped {
  /** Of the series that has these labels, and perhaps others; null where there is none, or more than one. */
  value(name: string, labels?: Labels): number | null;
  /** The labels of each series of this name. */
  labels(name: string): readonly Labels[];
  /** Of all metrics: a histogram is one. */
  readonly names: readonly string[];
  /** Of all series, as queries name them: a histogram is three. */
  readonly seriesNames: ReadonlySet<string>;
  /** The type of the metric of this name; null where there is none. */
  type(name: string): string | null;
}

const SERIES = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/;
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g;

/** Reads Prometheus's text format. Throws where a line is none of it. */
export function scraped(text: string): Scraped {
  const lines = text.split('\n').filter((line) => line !== '');
  const types = new Map(
    lines.flatMap((line) => {
      const [, name = '', type = ''] = /^# TYPE (\S+) (\S+)$/.exec(line) ?? [];
      return name === '' ? [] : [[name, type] as const];
    }),
  );
  const series = lines.filter((line) => !line.startsWith('#')).map(parsed);
  const named = (name: string) => series.filter((each) => each.name === name);
  return {
    value: (name, labels = {}) => {
      const [first, ...others] = named(name).filter((each) =>
        Object.entries(labels).every(([key, value]) => each.labels[key] === value),
      );
      return first === undefined || others.length > 0 ? null : first.value;
    },
    labels: (name) => named(name).map(({ labels }) => labels),
    names: [...types.keys()],
    seriesNames: new Set(series.map(({ name }) => name)),
    type: (name) => types.get(name) ?? null,
  };
}

function parsed(line: string): { name: string; labels: Labels; value: number } {
  const [, name, labels = '', value] = SERIES.exec(line) ?? [];
  if (name === undefined) throw new Error(`not a line of a scrape: ${line}`);
  const pairs = [...labels.matchAll(LABEL)].map(([, key = '', text = '']) => [key, text]);
  return { name, labels: Object.fromEntries(pairs) as Labels, value: Number(value) };
}

/** What the charts show, apart from how. */
import { count } from '../../../text/figures.js';
import type { History } from '../../console/wire/history.js';
import { rateOf } from '../format/rate.js';
import type { Words } from '../language/en/words.js';

export type SeriesColour = 'series-1' | 'series-2' | 'series-3';

export interface SeriesSpec {
  readonly column: Exclude<keyof History, 'atMs'>;
  readonly name: string;
  readonly colour: SeriesColour;
  readonly isFilled?: boolean;
}

export interface ChartSpec {
  readonly id: string;
  readonly title: string;
  /** Those in front come last. */
  readonly series: readonly SeriesSpec[];
  /** A figure with its unit. */
  readonly format: (value: number) => string;
  /** A figure on the y axis; left out: as short as the language makes it. */
  readonly axis?: (value: number) => string;
  /** The least that the axis goes up to: a flat line at 0 lies at the bottom. */
  readonly leastTop: number;
}

export function chartSpecs({ charts, figures }: Words): readonly ChartSpec[] {
  return [
    {
      id: 'flow',
      title: charts.flow,
      series: [
        { column: 'inPerSecond', name: charts.flowIn, colour: 'series-2' },
        { column: 'outPerSecond', name: charts.flowOut, colour: 'series-1' },
      ],
      format: (value) => rateOf(value, figures),
      leastTop: 10,
    },
    {
      id: 'lag',
      title: charts.lag,
      series: [{ column: 'lag', name: charts.lagSeries, colour: 'series-1', isFilled: true }],
      format: count,
      leastTop: 10,
    },
    {
      id: 'latency',
      title: charts.latency,
      series: [
        { column: 'waitedMs', name: charts.waited, colour: 'series-2' },
        { column: 'issuedP99Ms', name: charts.p99, colour: 'series-3' },
        { column: 'issuedP50Ms', name: charts.p50, colour: 'series-1' },
      ],
      format: figures.duration,
      axis: figures.axisDuration,
      leastTop: 100,
    },
  ];
}

/** The newest figure of a column; null where it has none. */
export function latest(history: History, column: SeriesSpec['column']): number | null {
  return history[column].at(-1) ?? null;
}

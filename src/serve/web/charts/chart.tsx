import { useEffect, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import type { History } from '../../console/wire/history.js';
import { usePage } from '../page.js';
import { latest, type ChartSpec, type SeriesSpec } from './chart-specs.js';
import type { Colours } from './colours.js';
import { CHART_HEIGHT, plotOptions } from './plot-options.js';

/** A few points at first are not stretched over the whole width. */
const LEAST_SPAN_MS = 60_000;

interface ChartProps {
  readonly spec: ChartSpec;
  readonly colours: Colours;
  readonly history: History;
  /** How much of it is in view; null: all. */
  readonly spanMs: number | null;
}

/** Lines over time. The legend has the figures at the cursor, or the latest. */
export function Chart({ spec, colours, history, spanMs }: ChartProps) {
  const { charts } = usePage().words;
  const [index, setIndex] = useState<number | null>(null);
  const place = usePlot({ spec, colours, history, spanMs }, setIndex);
  const figure = (column: SeriesSpec['column'], at: number | null): string => {
    const value = at === null ? latest(history, column) : (history[column][at] ?? null);
    return value === null ? '–' : spec.format(value);
  };
  const spoken = spec.series.map(({ column, name }) => `${name} ${figure(column, null)}`);
  return (
    <figure class="chart">
      <figcaption>
        <h3>{spec.title}</h3>
        <ul class="legend" aria-hidden="true">
          {spec.series.toReversed().map(({ column, name, colour }) => (
            <li key={column}>
              <span class="swatch" data-colour={colour} />
              {name} <b>{figure(column, index)}</b>
            </li>
          ))}
        </ul>
      </figcaption>
      <div
        ref={place}
        class="plot"
        style={{ height: `${String(CHART_HEIGHT)}px` }}
        role="img"
        aria-label={charts.latest(spec.title, spoken.join(', '))}
      />
    </figure>
  );
}

/** A plot in the element that the reference gets, for as long as it is drawn. */
function usePlot(props: ChartProps, onCursor: (index: number | null) => void) {
  const { spec, colours, history, spanMs } = props;
  const { clock, language } = usePage();
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const latestProps = useRef(props);
  latestProps.current = props;
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const figures = new Intl.NumberFormat(language, { notation: 'compact' });
    const look = {
      ...{ spec, colours, clock, onCursor },
      short: (value: number) => spec.axis?.(value) ?? figures.format(value),
      font: `11px ${getComputedStyle(element).fontFamily}`,
      span: () => spanOf(latestProps.current),
    };
    const created = new uPlot(
      plotOptions(look, element.clientWidth),
      columnsOf(latestProps.current),
      element,
    );
    plot.current = created;
    const resized = new ResizeObserver(() =>
      created.setSize({ width: element.clientWidth, height: CHART_HEIGHT }),
    );
    resized.observe(element);
    return () => {
      resized.disconnect();
      created.destroy();
    };
  }, [spec, colours, clock, language, onCursor]);
  useEffect(
    () => plot.current?.setData(columnsOf({ spec, colours, history, spanMs })),
    [spec, colours, history, spanMs],
  );
  return place;
}

function columnsOf({ spec, history }: ChartProps): uPlot.AlignedData {
  const columns = spec.series.map(({ column }) => [...history[column]]);
  return [[...history.atMs], ...columns];
}

/** The last `spanMs`, and less while there is less; null: all. */
function spanOf({ history, spanMs }: ChartProps): readonly [number, number] | null {
  const newestMs = history.atMs.at(-1);
  if (spanMs === null || newestMs === undefined) return null;
  const oldestMs = Math.min(history.atMs[0] ?? newestMs, newestMs - LEAST_SPAN_MS);
  return [Math.max(newestMs - spanMs, oldestMs), newestMs];
}

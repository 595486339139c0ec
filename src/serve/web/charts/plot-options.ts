import type uPlot from 'uplot';
import type { Clock } from '../format/time.js';
import type { ChartSpec } from './chart-specs.js';
import type { Colours } from './colours.js';

/** In CSS pixels. */
export const CHART_HEIGHT = 168;
/** Room for the figures of the y axis: the same in all charts, so that they line up. */
const AXIS_WIDTH = 52;
/** The highest figure does not touch the top. */
const HEADROOM = 1.06;
/** 1, 2, 5, 10, ...: what is counted in whole figures has whole figures at its axis. */
const STEPS = Array.from({ length: 12 }, (_, power) =>
  [1, 2, 5].map((n) => n * 10 ** power),
).flat();
/** Closer to each other, instants differ in their seconds alone. */
const MINUTE_MS = 60_000;
/** The charts that share a cursor. */
const CURSOR_KEY = 'coupons';

export interface Look {
  readonly spec: ChartSpec;
  readonly colours: Colours;
  readonly clock: Clock;
  /** A figure on the y axis, short. */
  readonly short: (value: number) => string;
  readonly font: string;
  /** The instants at the two ends; null: those of the data. */
  readonly span: () => readonly [fromMs: number, toMs: number] | null;
  /** The cursor is at this point; null: it is elsewhere. */
  readonly onCursor: (index: number | null) => void;
}

export function plotOptions(look: Look, width: number): uPlot.Options {
  const { spec, onCursor } = look;
  return {
    width,
    height: CHART_HEIGHT,
    ms: 1,
    // At the right, half of the last figure of the time axis.
    padding: [6, 18, 0, 0],
    legend: { show: false },
    cursor: {
      y: false,
      drag: { x: false, y: false },
      points: { size: 7 },
      sync: { key: CURSOR_KEY },
    },
    scales: {
      x: { range: (_, min, max) => [...(look.span() ?? [min, max])] },
      y: { range: (_, __, max) => [0, Math.max(max, spec.leastTop) * HEADROOM] },
    },
    axes: axes(look),
    series: [{}, ...spec.series.map((each) => seriesOptions(each, look.colours))],
    hooks: { setCursor: [({ cursor }) => onCursor(cursor.idx ?? null)] },
  };
}

function axes({ colours, clock, short, font }: Look): uPlot.Axis[] {
  const common = {
    font,
    stroke: colours['text-faint'],
    ticks: { show: false },
  };
  return [
    {
      ...common,
      grid: { show: false },
      space: 70,
      size: 28,
      values: (_, instants, __, ___, stepMs) =>
        instants.map((ms) => (stepMs < MINUTE_MS ? clock.time(ms) : clock.minute(ms))),
    },
    {
      ...common,
      grid: { stroke: colours.line, width: 1 },
      space: 26,
      incrs: STEPS,
      size: AXIS_WIDTH,
      values: (_, values) => values.map(short),
    },
  ];
}

function seriesOptions(
  { name, colour, isFilled = false }: ChartSpec['series'][number],
  colours: Colours,
): uPlot.Series {
  return {
    label: name,
    stroke: colours[colour],
    width: 1.5,
    points: { show: false },
    ...(isFilled ? { fill: colours['series-1-fill'] } : {}),
  };
}

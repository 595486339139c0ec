interface SparklineProps {
  /** Oldest first. */
  readonly values: readonly number[];
  /** How many fill the width: fewer stand at the right. */
  readonly room: number;
  readonly label: string;
}

const WIDTH = 96;
const HEIGHT = 20;
/** So that the line's own width is not cut. */
const EDGE = 1.5;

/** The course of a figure, from 0 to its highest. */
export function Sparkline({ values, room, label }: SparklineProps) {
  const shown = values.slice(-room);
  const highest = Math.max(...shown, 1);
  const points = shown.map((value, index) => {
    const x = WIDTH - ((shown.length - 1 - index) * WIDTH) / (room - 1);
    const y = HEIGHT - EDGE - (value / highest) * (HEIGHT - 2 * EDGE);
    return `${x.toFixed(1)},${y.toFixed(1)}`;
  });
  return (
    <svg
      class="sparkline"
      viewBox={`0 0 ${String(WIDTH)} ${String(HEIGHT)}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      <polyline points={points.join(' ')} />
    </svg>
  );
}

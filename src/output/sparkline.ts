const BARS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/** The values as a line of bars from 0 to the highest of them: a value above 0 never looks like 0. */
export function sparkline(values: readonly number[]): string {
  const highest = Math.max(...values);
  return values
    .map((value) => {
      if (value <= 0) return BARS[0];
      return BARS[Math.max(1, Math.round((value / highest) * (BARS.length - 1)))];
    })
    .join('');
}

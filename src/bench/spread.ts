/** What several runs measured. */
export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

/** Of at least one figure; the median of an even number is the middle of the two in the middle. */
export function spreadOf(figures: readonly number[]): Spread {
  const sorted = figures.toSorted((a, b) => a - b);
  const at = (index: number) => sorted[index] ?? Number.NaN;
  const middle = (sorted.length - 1) / 2;
  return {
    min: at(0),
    median: (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2,
    max: at(sorted.length - 1),
  };
}

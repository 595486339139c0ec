/** Of several runs: `{median, lowest, highest}`. */
export function spread(figures) {
  const sorted = figures.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const median = (sorted[Math.floor(middle)] + sorted[Math.ceil(middle)]) / 2;
  return { median, lowest: sorted[0], highest: sorted.at(-1) };
}

/** The spread of a/b, pair by pair: what slows the machine down for a while slows down both. */
export function ratio(numerators, denominators) {
  return spread(numerators.map((figure, index) => figure / denominators[index]));
}

export const whole = (figure) => Math.round(figure).toLocaleString('en-US');
export const decimals = (digits) => (figure) => figure.toFixed(digits);

/** Those of a figure that each run has. */
export const each = (runs, name) => runs.map((run) => run[name]);

/** "median (lowest–highest)" */
export function shown({ median, lowest, highest }, format = whole) {
  return `${format(median)} (${format(lowest)}–${format(highest)})`;
}

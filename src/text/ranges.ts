/** Integers in rising order: [0, 1, 2, 5] → "0-2, 5". */
export function ranges(numbers: readonly number[]): string {
  const runs: [first: number, last: number][] = [];
  for (const number of numbers) {
    const run = runs.at(-1);
    if (run?.[1] === number - 1) run[1] = number;
    else runs.push([number, number]);
  }
  return runs.map(([first, last]) => spelled(first, last)).join(', ');
}

/** Two neighbours are no shorter as a range. */
function spelled(first: number, last: number): string {
  if (first === last) return String(first);
  return last === first + 1
    ? `${String(first)}, ${String(last)}`
    : `${String(first)}-${String(last)}`;
}

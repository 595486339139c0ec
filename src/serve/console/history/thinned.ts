import type { HistoryPoint } from '../wire/history.js';

/** One point for several, that are of one time: what was usual of rates, the worst of what has to wait. */
export function thinned(atMs: number, points: readonly HistoryPoint[]): HistoryPoint {
  return {
    atMs,
    inPerSecond: mean(points.map(({ inPerSecond }) => inPerSecond)),
    outPerSecond: mean(points.map(({ outPerSecond }) => outPerSecond)),
    lag: largest(points.map(({ lag }) => lag)),
    waitedMs: largest(points.map(({ waitedMs }) => waitedMs)),
    issuedP50Ms: mean(points.map(({ issuedP50Ms }) => issuedP50Ms)),
    issuedP99Ms: largest(points.map(({ issuedP99Ms }) => issuedP99Ms)),
  };
}

/** Of those that are known; null where none is. */
function mean(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
}

function largest(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : Math.max(...known);
}

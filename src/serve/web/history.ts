/** The charts' columns in memory: bounded, however long the page stays open. */
import type { History, HistoryPoint } from '../console/wire/history.js';

/** Every point of the last 15 minutes is kept... */
export const FINE_MS = 15 * 60_000;
/** ...of those before, one for 10 s, ... */
export const COARSE_STEP_MS = 10_000;
/** ...and none that is older. */
export const KEPT_MS = 24 * 3_600_000;
/** How many points come before old ones are thinned. */
export const THIN_EVERY = 600;

type Values = Record<Exclude<keyof History, 'atMs'>, (number | null)[]>;

export class HistoryColumns {
  #atMs: number[] = [];
  #values = valuesOf(() => []);
  #sinceThinned = 0;

  replace(history: History): void {
    this.#atMs = [...history.atMs];
    this.#values = valuesOf((column) => [...history[column]]);
    this.#thin();
  }

  add(point: HistoryPoint): void {
    this.#atMs.push(point.atMs);
    for (const column of columnNames(this.#values)) this.#values[column].push(point[column]);
    this.#sinceThinned += 1;
    if (this.#sinceThinned >= THIN_EVERY) this.#thin();
  }

  /** The points of the last `spanMs` before the newest one; all of them where it is null. */
  window(spanMs: number | null): History {
    const from = spanMs === null ? 0 : firstAtOrAfter(this.#atMs, this.#newestMs() - spanMs);
    return {
      atMs: this.#atMs.slice(from),
      ...valuesOf((column) => this.#values[column].slice(from)),
    };
  }

  #newestMs(): number {
    return this.#atMs.at(-1) ?? 0;
  }

  /** Older points become one for each step: the mean of those that have a figure; null where none has. */
  #thin(): void {
    this.#sinceThinned = 0;
    const fineFrom = firstAtOrAfter(this.#atMs, this.#newestMs() - FINE_MS);
    const steps = this.#steps(fineFrom);
    this.#values = valuesOf((column) => [
      ...steps.map(([start, end]) => mean(this.#values[column].slice(start, end))),
      ...this.#values[column].slice(fineFrom),
    ]);
    this.#atMs = [
      ...steps.flatMap(([, end]) => this.#atMs.slice(end - 1, end)),
      ...this.#atMs.slice(fineFrom),
    ];
  }

  /** From where to where the points before `fineFrom` share a step; without those that are too old. */
  #steps(fineFrom: number): (readonly [start: number, end: number])[] {
    const steps: (readonly [number, number])[] = [];
    let start = firstAtOrAfter(this.#atMs, this.#newestMs() - KEPT_MS);
    while (start < fineFrom) {
      const step = this.#stepAt(start);
      let end = start + 1;
      while (end < fineFrom && this.#stepAt(end) === step) end += 1;
      steps.push([start, end]);
      start = end;
    }
    return steps;
  }

  #stepAt(index: number): number {
    return Math.floor((this.#atMs[index] ?? 0) / COARSE_STEP_MS);
  }
}

function columnNames(values: Values): (keyof Values)[] {
  return Object.keys(values) as (keyof Values)[];
}

function valuesOf(column: (name: keyof Values) => (number | null)[]): Values {
  return {
    inPerSecond: column('inPerSecond'),
    outPerSecond: column('outPerSecond'),
    lag: column('lag'),
    waitedMs: column('waitedMs'),
    issuedP50Ms: column('issuedP50Ms'),
    issuedP99Ms: column('issuedP99Ms'),
  };
}

function mean(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
}

/** The index of the first instant that is not before `ms`: `atMs` ascends. */
function firstAtOrAfter(atMs: readonly number[], ms: number): number {
  let low = 0;
  let high = atMs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((atMs[middle] ?? 0) < ms) low = middle + 1;
    else high = middle;
  }
  return low;
}

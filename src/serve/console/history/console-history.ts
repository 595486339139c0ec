import type { History, HistoryPoint } from '../wire/history.js';
import { PointColumns } from './columns.js';
import { thinned } from './thinned.js';

/** Each point is kept as it is for this long; after that, one for 10 s. */
const FINE_MS = 15 * 60_000;
const FINE_POINTS = 2 * 15 * 60;
const COARSE_STEP_MS = 10_000;
const COARSE_MS = 24 * 3_600_000;
const COARSE_POINTS = COARSE_MS / COARSE_STEP_MS;
/** Where no point came for longer, nothing was read: the charts show a gap. */
const GAP_MS = 30_000;

/** The points of the charts: 15 minutes as they were read, and a day thinned out. */
export class ConsoleHistory {
  readonly #fine = new PointColumns(FINE_POINTS);
  readonly #coarse = new PointColumns(COARSE_POINTS);
  /** Points of one step that are not thinned out yet. */
  #step: HistoryPoint[] = [];

  /** How many points there are: it never goes above a day of them. */
  get length(): number {
    return this.#coarse.length + this.#step.length + this.#fine.length;
  }

  /** The points to draw: after a gap an empty one comes first. None where the clock was set back. */
  add(point: HistoryPoint): readonly HistoryPoint[] {
    const latestMs = this.#fine.at(this.#fine.length - 1)?.atMs ?? null;
    if (latestMs !== null && point.atMs <= latestMs) return [];
    const hasGap = latestMs !== null && point.atMs - latestMs > GAP_MS;
    const points = hasGap ? [emptyPoint(latestMs + 1000), point] : [point];
    for (const each of points) this.#fine.push(each);
    this.#thin(point.atMs - FINE_MS);
    return points;
  }

  columns(): History {
    const points = [
      ...pointsOf(this.#coarse),
      ...(this.#step.length === 0 ? [] : [this.#thinnedStep(this.#step)]),
      ...pointsOf(this.#fine),
    ];
    return {
      atMs: points.map(({ atMs }) => atMs),
      inPerSecond: points.map(({ inPerSecond }) => rounded(inPerSecond)),
      outPerSecond: points.map(({ outPerSecond }) => rounded(outPerSecond)),
      lag: points.map(({ lag }) => lag),
      waitedMs: points.map(({ waitedMs }) => waitedMs),
      issuedP50Ms: points.map(({ issuedP50Ms }) => rounded(issuedP50Ms)),
      issuedP99Ms: points.map(({ issuedP99Ms }) => issuedP99Ms),
    };
  }

  /** Points before this become one for each step; those that are older than a day go. */
  #thin(beforeMs: number): void {
    for (let oldest = this.#fine.at(0); oldest !== null; oldest = this.#fine.at(0)) {
      if (oldest.atMs >= beforeMs) break;
      this.#fine.shift();
      const [first] = this.#step;
      if (first !== undefined && stepOf(first) !== stepOf(oldest)) this.#endStep();
      this.#step.push(oldest);
    }
    const dayBeforeMs = beforeMs + FINE_MS - COARSE_MS;
    while ((this.#coarse.at(0)?.atMs ?? Infinity) < dayBeforeMs) this.#coarse.shift();
  }

  #endStep(): void {
    const point = this.#thinnedStep(this.#step);
    const latestMs = this.#coarse.at(this.#coarse.length - 1)?.atMs ?? point.atMs;
    // The empty point of a gap may have been thinned out with others.
    if (point.atMs - latestMs > GAP_MS + COARSE_STEP_MS)
      this.#coarse.push(emptyPoint(latestMs + 1000));
    this.#coarse.push(point);
    this.#step = [];
  }

  #thinnedStep(points: readonly HistoryPoint[]): HistoryPoint {
    return thinned(points.at(-1)?.atMs ?? 0, points);
  }
}

function stepOf({ atMs }: HistoryPoint): number {
  return Math.floor(atMs / COARSE_STEP_MS);
}

function* pointsOf(columns: PointColumns): Generator<HistoryPoint> {
  for (let index = 0; index < columns.length; index += 1) {
    const point = columns.at(index);
    if (point !== null) yield point;
  }
}

/** A mean to a tenth. */
function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value * 10) / 10;
}

function emptyPoint(atMs: number): HistoryPoint {
  return {
    atMs,
    inPerSecond: null,
    outPerSecond: null,
    lag: null,
    waitedMs: null,
    issuedP50Ms: null,
    issuedP99Ms: null,
  };
}

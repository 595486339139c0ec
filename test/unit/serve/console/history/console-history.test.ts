import { expect, it } from 'vitest';
import { COLUMNS } from '../../../../../src/serve/console/history/columns.js';
import { ConsoleHistory } from '../../../../../src/serve/console/history/console-history.js';
import type { HistoryPoint } from '../../../../../src/serve/console/wire/history.js';

const START_MS = Date.UTC(2026, 10, 27, 12);
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

function point(atMs: number, changes: Partial<HistoryPoint> = {}): HistoryPoint {
  return {
    atMs,
    inPerSecond: 10,
    outPerSecond: 8,
    lag: 5,
    waitedMs: 100,
    issuedP50Ms: 20,
    issuedP99Ms: 90,
    ...changes,
  };
}

/** A point every second. */
function filled(seconds: number, changes: (second: number) => Partial<HistoryPoint> = () => ({})) {
  const history = new ConsoleHistory();
  for (let second = 0; second < seconds; second += 1) {
    history.add(point(START_MS + second * 1000, changes(second)));
  }
  return history;
}

it('keeps every point of the last 15 minutes', () => {
  const { atMs, lag } = filled(15 * 60, (second) => ({ lag: second })).columns();
  expect(atMs).toEqual(Array.from({ length: 900 }, (_, second) => START_MS + second * 1000));
  expect(lag.at(-1)).toBe(899);
});

it('keeps one point for 10 s of what is older: the mean of rates, the worst of lag and waiting', () => {
  const { atMs, inPerSecond, lag, issuedP99Ms } = filled(15 * 60 + 11, (second) =>
    second < 10 ? { inPerSecond: second, lag: second, issuedP99Ms: 100 - second } : {},
  ).columns();
  expect(atMs[0]).toBe(START_MS + 9000);
  expect([inPerSecond[0], lag[0], issuedP99Ms[0]]).toEqual([4.5, 9, 100]);
  expect(atMs.slice(1, 3)).toEqual([START_MS + 10_000, START_MS + 11_000]);
});

it('leaves out of a mean what is not known', () => {
  const { inPerSecond, outPerSecond } = filled(15 * 60 + 11, (second) =>
    second < 10 ? { inPerSecond: second === 3 ? 7 : null, outPerSecond: null } : {},
  ).columns();
  expect([inPerSecond[0], outPerSecond[0]]).toEqual([7, null]);
});

it('keeps a day, and no more memory for a longer one', () => {
  const history = filled(25 * 3600);
  const { atMs } = history.columns();
  expect(atMs[0]).toBeGreaterThanOrEqual(START_MS + HOUR_MS - 1000);
  expect(atMs[0]).toBeLessThan(START_MS + HOUR_MS + 20_000);
  expect(history.length).toBeLessThanOrEqual(24 * 360 + 10 + 900);
  const before = history.length;
  for (let second = 25 * 3600; second < 26 * 3600; second += 1) {
    history.add(point(START_MS + second * 1000));
  }
  expect(Math.abs(history.length - before)).toBeLessThanOrEqual(10);
});

it('leaves a gap where nothing was read, also once it is thinned out', () => {
  const history = new ConsoleHistory();
  expect(history.add(point(START_MS))).toHaveLength(1);
  expect(history.add(point(START_MS + 30_000))).toHaveLength(1);
  const sent = history.add(point(START_MS + 10 * MINUTE_MS));
  expect(sent.map(({ lag }) => lag)).toEqual([null, 5]);
  for (let second = 1; second < 30 * 60; second += 1) {
    history.add(point(START_MS + 10 * MINUTE_MS + second * 1000));
  }
  const { atMs, lag } = history.columns();
  const gap = lag.indexOf(null);
  expect(gap).toBeGreaterThan(0);
  expect(atMs[gap - 1]).toBeLessThan(START_MS + MINUTE_MS);
  expect(atMs[gap + 1]).toBeGreaterThanOrEqual(START_MS + 10 * MINUTE_MS);
});

it('takes no point from before the latest one, where the clock was set back', () => {
  const history = filled(3);
  expect(history.add(point(START_MS))).toEqual([]);
  expect(history.length).toBe(3);
});

it('has columns of equal length', () => {
  const history = filled(2000).columns();
  const lengths = COLUMNS.map((column) => history[column].length);
  expect(new Set(lengths).size).toBe(1);
});

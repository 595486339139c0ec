import { describe, expect, it } from 'vitest';
import type { HistoryPoint } from '../../../../src/serve/console/wire/history.js';
import {
  COARSE_STEP_MS,
  FINE_MS,
  HistoryColumns,
  KEPT_MS,
  THIN_EVERY,
} from '../../../../src/serve/web/history.js';

const START_MS = Date.UTC(2026, 0, 1);

function point(second: number, lag: number | null = second): HistoryPoint {
  return {
    atMs: START_MS + second * 1000,
    inPerSecond: 1,
    outPerSecond: 1,
    lag,
    waitedMs: null,
    issuedP50Ms: null,
    issuedP99Ms: null,
  };
}

function after(seconds: number, lagOf: (second: number) => number | null = (second) => second) {
  const history = new HistoryColumns();
  for (let second = 0; second < seconds; second += 1) history.add(point(second, lagOf(second)));
  return history;
}

describe('the history of the charts', () => {
  it('keeps every point of the last 15 minutes', () => {
    const { atMs, lag } = after(3600).window(FINE_MS);
    expect(atMs).toHaveLength(FINE_MS / 1000 + 1);
    expect(lag.at(-1)).toBe(3599);
    expect(lag[0]).toBe(3599 - FINE_MS / 1000);
  });

  it('keeps the mean of each 10 s of what is older, and all columns as long as each other', () => {
    const history = after(3600).window(null);
    expect(history.lag.slice(0, 2)).toEqual([4.5, 14.5]);
    const columns: Readonly<Record<string, readonly unknown[]>> = { ...history };
    expect(new Set(Object.values(columns).map(({ length }) => length)).size).toBe(1);
    const steps = history.atMs.map((ms) => ms - START_MS);
    expect(steps).toEqual([...steps].sort((a, b) => a - b));
  });

  it('does not grow, however long the page stays open', () => {
    const most = FINE_MS / 1000 + KEPT_MS / COARSE_STEP_MS + THIN_EVERY + 2;
    const history = after(30 * 3600);
    expect(history.window(null).atMs.length).toBeLessThan(most);
    expect(history.window(null).atMs[0]).toBeGreaterThanOrEqual(
      START_MS + 6 * 3_600_000 - THIN_EVERY * 1000,
    );
  });

  it('leaves a gap a gap', () => {
    const { lag } = after(3600, (second) => (second < 600 ? null : second)).window(null);
    expect(lag.slice(0, 60)).toEqual(Array.from({ length: 60 }, () => null));
    expect(lag[60]).toBe(604.5);
  });

  it('starts again with the history that the server sends', () => {
    const history = after(100);
    const one = new HistoryColumns();
    one.add(point(500));
    history.replace(one.window(null));
    expect(history.window(null).lag).toEqual([500]);
  });
});

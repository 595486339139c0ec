import { describe, expect, it } from 'vitest';
import { rowOf, type ThroughputRun } from '../../../src/bench/row.js';
import { spreadOf } from '../../../src/bench/spread.js';

const run = (requests: number, elapsedMs: number): ThroughputRun => ({
  ...{ requests, elapsedMs, issued: requests, audit: 'PASS' },
});

describe('a spread', () => {
  it('has the figure in the middle, whatever their order', () => {
    expect(spreadOf([30, 10, 20])).toEqual({ min: 10, median: 20, max: 30 });
  });

  it('has the middle of two where there is none in the middle', () => {
    expect(spreadOf([4, 1, 2, 3])).toEqual({ min: 1, median: 2.5, max: 4 });
  });

  it('of one run is that run', () => {
    expect(spreadOf([7])).toEqual({ min: 7, median: 7, max: 7 });
  });
});

describe('a mode of the benchmark', () => {
  it('has the medians of its runs, and how far they are apart', () => {
    const runs = [run(10_000, 2000), run(10_000, 4000), run(10_000, 2500)];
    const latencies = [
      { p50: 3, p99: 20 },
      { p50: 1, p99: 90 },
      { p50: 2, p99: 10 },
    ];
    expect(rowOf('single', runs, latencies)).toEqual({
      ...{ mode: 'single', runs: 3, requests: 10_000, issued: 10_000, audit: 'PASS' },
      ...{ elapsedMs: 2500, perSecond: 4000, tenThousandMs: 2500, extrapolated: false },
      latencyMs: { p50: 2, p99: 20 },
      spread: {
        perSecond: { min: 2500, median: 4000, max: 5000 },
        p50Ms: { min: 1, median: 2, max: 3 },
        p99Ms: { min: 10, median: 20, max: 90 },
      },
    });
  });

  it('says how long 10,000 take where another number was measured', () => {
    expect(rowOf('batch', [run(500, 100)], [])).toMatchObject({
      ...{ perSecond: 5000, tenThousandMs: 2000, extrapolated: true },
    });
  });

  it('does not count what the scheduler takes first, which starts the time', () => {
    // 100 at 0, 5 and 10 s: 20 a second. The last of 10,000 come at the 100th time, after 99 periods.
    expect(rowOf('scheduler', [run(300, 10_000)], [])).toMatchObject({
      ...{ requests: 300, elapsedMs: 10_000, perSecond: 20 },
      ...{ tenThousandMs: 495_000, extrapolated: true },
    });
  });

  it('fails its audit where one run did', () => {
    const runs = [run(300, 10), { ...run(300, 10), audit: 'FAIL' as const }];
    expect(rowOf('single', runs, []).audit).toBe('FAIL');
  });

  it('has no latency where none is known', () => {
    const row = rowOf('single', [run(300, 10)], [{ p50: null, p99: null }]);
    expect(row.latencyMs).toEqual({ p50: null, p99: null });
    expect(row.spread).toMatchObject({ p50Ms: null, p99Ms: null });
  });
});

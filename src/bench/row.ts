import type { ConsumeMode } from '../consume/consume-mode.js';
import { SCHEDULED_RECORDS } from '../consume/scheduler.js';
import { spreadOf, type Spread } from './spread.js';

/** One run of a mode: it reads requests that are there already. */
export interface ThroughputRun {
  readonly requests: number;
  readonly issued: number;
  /** From the first record received to the last commit. */
  readonly elapsedMs: number;
  readonly audit: Verdict;
}

export type Verdict = 'PASS' | 'FAIL';

/** One run in which requests come at a low, even rate: from a record's timestamp to its commit. */
export interface LatencyRun {
  readonly p50: number | null;
  readonly p99: number | null;
}

/** A mode of `consume`; figures are medians of its runs (docs/contract.md, "bench"). */
export interface BenchRow {
  readonly mode: ConsumeMode;
  /** Of a run. */
  readonly requests: number;
  readonly elapsedMs: number;
  readonly perSecond: number;
  readonly latencyMs: LatencyRun;
  readonly issued: number;
  readonly runs: number;
  /** How long 10,000 requests take. */
  readonly tenThousandMs: number;
  /** `tenThousandMs` is computed of another number of requests. */
  readonly extrapolated: boolean;
  readonly spread: {
    readonly perSecond: Spread;
    readonly p50Ms: Spread | null;
    readonly p99Ms: Spread | null;
  };
  /** FAIL where the audit of one run failed. */
  readonly audit: Verdict;
}

const TEN_THOUSAND = 10_000;

export function rowOf(
  mode: ConsumeMode,
  runs: readonly ThroughputRun[],
  latencies: readonly LatencyRun[],
): BenchRow {
  // The records of its first wake-up take the scheduler no time: its period begins with them.
  const atStart = mode === 'scheduler' ? SCHEDULED_RECORDS : 0;
  const rate = ({ requests, elapsedMs }: ThroughputRun) =>
    ((requests - atStart) / Math.max(elapsedMs, 1)) * 1000;
  const perSecond = spreadOf(runs.map(rate));
  const p50Ms = spreadOfKnown(latencies.map(({ p50 }) => p50));
  const p99Ms = spreadOfKnown(latencies.map(({ p99 }) => p99));
  const requests = median(runs.map((run) => run.requests));
  const elapsedMs = Math.round(median(runs.map((run) => run.elapsedMs)));
  const extrapolated = requests !== TEN_THOUSAND;
  const computedMs = ((TEN_THOUSAND - atStart) / perSecond.median) * 1000;
  return {
    mode,
    requests,
    elapsedMs,
    perSecond: rounded(perSecond.median),
    latencyMs: { p50: p50Ms?.median ?? null, p99: p99Ms?.median ?? null },
    issued: median(runs.map(({ issued }) => issued)),
    runs: runs.length,
    tenThousandMs: extrapolated ? Math.round(computedMs) : elapsedMs,
    extrapolated,
    spread: {
      perSecond: {
        min: rounded(perSecond.min),
        median: rounded(perSecond.median),
        max: rounded(perSecond.max),
      },
      p50Ms,
      p99Ms,
    },
    audit: runs.every(({ audit }) => audit === 'PASS') ? 'PASS' : 'FAIL',
  };
}

function spreadOfKnown(figures: readonly (number | null)[]): Spread | null {
  const known = figures.filter((figure) => figure !== null);
  return known.length === 0 ? null : spreadOf(known);
}

function median(figures: readonly number[]): number {
  return spreadOf(figures).median;
}

/** To a tenth below 100. */
function rounded(rate: number): number {
  return rate < 100 ? Math.round(rate * 10) / 10 : Math.round(rate);
}

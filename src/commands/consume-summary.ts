import type { Context } from '../context.js';
import { OUTCOMES } from '../coupon/outcome.js';
import { count, duration } from '../figures.js';
import { pairs } from '../output/table.js';
import type { ConsumeMode } from '../pipeline/consume-mode.js';
import type { RunSummary } from '../pipeline/run-statistics.js';

/** docs/contract.md, "consume". */
export function showSummary(
  context: Context,
  { mode, concurrency }: { readonly mode: ConsumeMode; readonly concurrency: number },
  summary: RunSummary,
): void {
  const document = { mode, concurrency, ...summary };
  if (context.output.isJson) {
    context.output.jsonLine(document);
    return;
  }
  const { p50, p99 } = summary.latencyMs;
  const rows: [string, string][] = [
    ['records', count(summary.records)],
    ...OUTCOMES.filter((outcome) => summary.outcomes[outcome] > 0).map(
      (outcome): [string, string] => [`  ${outcome}`, count(summary.outcomes[outcome])],
    ),
    ['repeated', count(summary.repeated)],
    ['retries', count(summary.retries)],
    ['elapsed', duration(summary.elapsedMs)],
    ['per second', count(summary.perSecond)],
    ['latency', p50 === null || p99 === null ? '-' : `p50 ${duration(p50)}, p99 ${duration(p99)}`],
  ];
  context.output.result(document, () => pairs(rows));
}

import type { Services } from '../services.js';
import { count, duration } from '../../text/figures.js';
import { isoTime } from '../../output/output.js';
import { pairs } from '../../output/table.js';
import type { ConsumeMode } from '../../consume/consume-mode.js';
import type { RunSummary } from '../../consume/statistics.js';
import { outcomeRows } from '../outcome-rows.js';

/** docs/contract.md, "consume". */
export function showSummary(
  services: Services,
  { mode, concurrency }: { readonly mode: ConsumeMode; readonly concurrency: number },
  summary: RunSummary,
): void {
  const { firstRecordMs, lastCommitMs, ...figures } = summary;
  const document = {
    ...{ mode, concurrency, ...figures },
    ...{ firstRecordAt: isoTime(firstRecordMs), lastCommitAt: isoTime(lastCommitMs) },
  };
  if (services.output.isJson) {
    services.output.jsonLine(document);
    return;
  }
  const { p50, p99 } = summary.latencyMs;
  const rows: (readonly [string, string])[] = [
    ['records', count(summary.records)],
    ...outcomeRows(summary.outcomes).map(
      ([outcome, records]) => [`  ${outcome}`, records] as const,
    ),
    ['repeated', count(summary.repeated)],
    ['retries', count(summary.retries)],
    ['elapsed', duration(summary.elapsedMs)],
    ['per second', count(summary.perSecond)],
    ['latency', p50 === null || p99 === null ? '-' : `p50 ${duration(p50)}, p99 ${duration(p99)}`],
  ];
  services.output.result(document, () => pairs(rows));
}

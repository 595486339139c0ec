import type { OutcomeCounts } from '../coupon/outcome.js';
import type { AppliedSlice } from './apply.js';
import { messageOf } from '../errors.js';
import { traceparentOf } from '../records/traceparent.js';
import type { ConsumeListener } from './events.js';
import type { Prepared } from './partition/prepared.js';
import { RETRY_DELAYS_MS } from './retry.js';
import type { RunStatistics } from './statistics.js';

interface Reporting {
  readonly statistics: RunStatistics;
  readonly notify: ConsumeListener;
}

/** Counts the records of a slice, which are durable now, and says so. */
export function reportApplied(run: Reporting, slice: AppliedSlice, nowMs: number): void {
  const { source, records, applied, nextOffset } = slice;
  const outcomes: Partial<OutcomeCounts> = {};
  let repeated = 0;
  applied.forEach((entry, index) => {
    run.statistics.applied(entry, records[index]?.record ?? null, nowMs);
    if (entry.repeated) repeated += 1;
    else outcomes[entry.outcome] = (outcomes[entry.outcome] ?? 0) + 1;
  });
  run.notify({
    kind: 'applied',
    partition: source.partition,
    firstOffset: records[0]?.record.offset ?? nextOffset,
    nextOffset,
    records: records.length,
    outcomes,
    repeated,
  });
}

/** Counts a retry of a record that the store refuses, and says so. `retry`: 1 for the first. */
export function reportRetry(
  run: Reporting,
  { record, entry }: Prepared,
  { retry, delayMs, error }: { retry: number; delayMs: number; error: Error },
): void {
  const { topic, partition, offset } = record;
  run.statistics.retried();
  run.notify({
    kind: 'retry',
    position: { topic, partition, offset },
    couponId: entry.request?.couponId ?? null,
    traceparent: traceparentOf(record.headers),
    retry,
    retries: RETRY_DELAYS_MS.length,
    delayMs,
    reason: messageOf(error),
  });
}

import type { OutcomeCounts } from '../coupon/outcome.js';
import type { AppliedSlice } from './apply.js';
import type { ConsumeListener } from './events.js';
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

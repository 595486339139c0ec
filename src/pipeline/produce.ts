import { inBatches } from './batches.js';
import type { OutgoingRecord, RecordSink } from './ports.js';

export interface ProduceResult {
  readonly requested: number;
  readonly acknowledged: number;
  /** Not acknowledged; some of them may be in the log all the same. */
  readonly failed: number;
  readonly elapsedMs: number;
  readonly perSecond: number;
  readonly partitions: readonly { readonly partition: number; readonly acknowledged: number }[];
  /** Why it ended early, or null. */
  readonly error: Error | null;
}

export interface ProduceOptions {
  /** Records a second, held evenly; null: as fast as they are acknowledged. */
  readonly ratePerSecond: number | null;
  readonly maxBatchBytes: number;
}

export interface ProduceClock {
  readonly now: () => number;
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** Records a send: enough to be quick, few enough for an even rate and a live progress line. */
const BATCH_RECORDS = 500;
/** A held rate sends this often. */
const TICK_MS = 20;

/**
 * Sends and waits for the acknowledgement of all in-sync replicas. Ends at the first batch that is
 * not acknowledged, or when the signal aborts, and says how far it came.
 */
export async function produce(
  sink: RecordSink,
  records: AsyncIterable<OutgoingRecord> | Iterable<OutgoingRecord>,
  { ratePerSecond, maxBatchBytes }: ProduceOptions,
  clock: ProduceClock,
  signal: AbortSignal,
  onProgress: (acknowledged: number) => void = () => undefined,
): Promise<ProduceResult> {
  await sink.open();
  const startedMs = clock.now();
  const acknowledged = new Map<number, number>();
  let requested = 0;
  let total = 0;
  let error: Error | null = null;

  const flush = async (batch: readonly OutgoingRecord[]): Promise<void> => {
    for (const part of inBatches(batch, maxBatchBytes)) {
      if (error !== null) return;
      requested += part.length;
      const result = await sink.send(part);
      for (const { partition, records: sent } of result.acknowledged) {
        acknowledged.set(partition, (acknowledged.get(partition) ?? 0) + sent);
        total += sent;
      }
      error = result.error;
      onProgress(total);
    }
  };

  let batch: OutgoingRecord[] = [];
  for await (const record of records) {
    if (signal.aborted) break;
    batch.push(record);
    const due = ratePerSecond === null ? BATCH_RECORDS : allowance(ratePerSecond);
    if (batch.length < due) continue;
    if (ratePerSecond !== null) {
      const dueMs = startedMs + ((requested + batch.length) / ratePerSecond) * 1000;
      await clock.wait(Math.max(0, dueMs - clock.now()), signal);
    }
    await flush(batch);
    batch = [];
    if (isSet(error)) break;
  }
  if (!isSet(error) && !signal.aborted) await flush(batch);
  const elapsedMs = clock.now() - startedMs;
  return {
    requested,
    acknowledged: total,
    failed: requested - total,
    elapsedMs: Math.round(elapsedMs),
    perSecond: elapsedMs > 0 ? Math.round((total / elapsedMs) * 1000) : 0,
    partitions: [...acknowledged]
      .map(([partition, sent]) => ({ partition, acknowledged: sent }))
      .sort((a, b) => a.partition - b.partition),
    error,
  };
}

/** Records a tick at a held rate. */
function allowance(ratePerSecond: number): number {
  return Math.max(1, Math.min(BATCH_RECORDS, Math.round((ratePerSecond * TICK_MS) / 1000)));
}

/** Flow analysis does not see that `flush` sets it. */
function isSet(error: Error | null): boolean {
  return error !== null;
}

import { inBatches } from '../records/batches.js';
import type { Clock } from '../ports/clock.js';
import type { OutgoingRecord, RecordSink, SendResult } from '../ports/record-sink.js';
import { RecordQueue } from './record-queue.js';

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

export interface ProduceListener {
  /** After each send. */
  readonly onProgress?: (result: ProduceResult) => void;
  /** See SendOptions. */
  readonly onWait?: (waitsFor: string) => void;
}

/** Records a send: enough to be quick, few enough for a live progress line. */
const BATCH_RECORDS = 1000;
/** A held rate sends this often. */
const TICK_MS = 20;

/**
 * Sends and waits for the acknowledgement of all in-sync replicas. Ends at the first batch that is
 * not acknowledged, or when the signal aborts, and reports what was acknowledged. Throws what the source
 * of the records throws, after the records before were sent.
 */
export async function produce<R extends OutgoingRecord>(
  sink: RecordSink<R>,
  records: AsyncIterable<R> | Iterable<R>,
  { ratePerSecond, maxBatchBytes }: ProduceOptions,
  clock: Clock,
  signal: AbortSignal,
  listener: ProduceListener = {},
): Promise<ProduceResult> {
  await sink.open();
  const { onWait } = listener;
  const sending = onWait === undefined ? { signal } : { signal, onWait };
  const tally = new Tally(clock.now());
  const schedule = ratePerSecond === null ? null : new Schedule(ratePerSecond, clock.now());
  const batchRecords = ratePerSecond === null ? BATCH_RECORDS : recordsPerTick(ratePerSecond);
  const queue = new RecordQueue(records, batchRecords);
  signal.addEventListener('abort', () => {
    queue.stop();
  });
  const isOver = () => signal.aborted || tally.error !== null;
  try {
    while (!isOver()) {
      const batch = await queue.take(batchRecords);
      if (batch.length === 0) break;
      if (schedule !== null) {
        await clock.wait(schedule.waitMs(batch.length, clock.now()), signal);
      }
      for (const part of inBatches(batch, maxBatchBytes)) {
        if (isOver()) break;
        tally.add(part.length, await sink.send(part, sending));
      }
      listener.onProgress?.(tally.result(clock.now()));
    }
  } finally {
    queue.stop();
  }
  return tally.result(clock.now());
}

/** Records a tick at a held rate. */
function recordsPerTick(ratePerSecond: number): number {
  return Math.max(1, Math.min(BATCH_RECORDS, Math.round((ratePerSecond * TICK_MS) / 1000)));
}

/** A delay up to this is made up for; after a longer one (no leader for 10 s) the rate is held from then on. */
const MADE_UP_FOR_MS = 1000;

/** When records are due at an even rate. */
class Schedule {
  readonly #ratePerSecond: number;
  #dueMs: number;

  constructor(ratePerSecond: number, startedMs: number) {
    this.#ratePerSecond = ratePerSecond;
    this.#dueMs = startedMs;
  }

  /** How long to wait before so many more records are sent. */
  waitMs(records: number, nowMs: number): number {
    this.#dueMs = Math.max(this.#dueMs, nowMs - MADE_UP_FOR_MS);
    this.#dueMs += (records / this.#ratePerSecond) * 1000;
    return Math.max(0, this.#dueMs - nowMs);
  }
}

class Tally {
  readonly #startedMs: number;
  readonly #acknowledged = new Map<number, number>();
  #requested = 0;
  error: Error | null = null;

  constructor(startedMs: number) {
    this.#startedMs = startedMs;
  }

  add(requested: number, { acknowledged, error }: SendResult): void {
    this.#requested += requested;
    this.error ??= error;
    for (const { partition, records } of acknowledged) {
      this.#acknowledged.set(partition, (this.#acknowledged.get(partition) ?? 0) + records);
    }
  }

  result(nowMs: number): ProduceResult {
    const partitions = [...this.#acknowledged]
      .map(([partition, acknowledged]) => ({ partition, acknowledged }))
      .sort((a, b) => a.partition - b.partition);
    const acknowledged = partitions.reduce((sum, each) => sum + each.acknowledged, 0);
    const elapsedMs = nowMs - this.#startedMs;
    return {
      requested: this.#requested,
      acknowledged,
      failed: this.#requested - acknowledged,
      elapsedMs: Math.round(elapsedMs),
      perSecond: elapsedMs > 0 ? Math.round((acknowledged / elapsedMs) * 1000) : 0,
      partitions,
      error: this.error,
    };
  }
}

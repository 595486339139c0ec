import type { Clock } from '../ports/clock.js';
import type { ConsumerStore, Source } from '../ports/coupon-store.js';
import {
  isSameTransaction,
  openTransactionsOf,
  type LogReader,
  type OpenTransaction,
  type PartitionBounds,
} from '../ports/log.js';
import { isDrained, remainingOf, type Remaining } from '../records/reading.js';
import type { ConsumeListener } from './events.js';
import { isWaitedFor } from './outages.js';
import { startOffsets } from './start-offset.js';

interface StoreAndLog {
  readonly store: ConsumerStore;
  readonly reader: LogReader;
}

/**
 * What the store has still to apply of the records up to these ends. Kafka's committed offsets
 * alone do not say: a new store, or one from a backup, is behind them. Throws as startOffsets does:
 * a store that has read another log has not read this one, however far its offsets are.
 */
async function remainingForStore(
  ports: StoreAndLog,
  source: Omit<Source, 'partition'>,
  bounds: readonly PartitionBounds[],
): Promise<Remaining> {
  const { topic } = source;
  const starts = await startOffsets(
    ports,
    source,
    bounds.map(({ partition }) => partition),
  );
  const readings = starts.flatMap(({ partition, offset }) =>
    bounds
      .filter((bound) => bound.partition === partition)
      .map((ends) => ({ ...ends, topic, offset })),
  );
  return remainingOf(ports.reader, readings);
}

export interface DrainPorts extends StoreAndLog, Clock {
  /** How many records the whole group has still to read, by Kafka's committed offsets. */
  readonly groupLag: () => Promise<bigint>;
}

const CHECK_MS = 200;
/** How often a transaction is named for which --until-drained waits. */
const TOLD_AGAIN_MS = 60_000;

/**
 * Resolves when the group has read the log to its end and the store has applied it, or when the
 * signal aborts. What waits behind an open transaction is waited for; that is told when nothing else
 * is left to read, and every minute. Throws what no waiting fixes: a deleted topic, another log.
 */
export async function untilDrained(
  ports: DrainPorts,
  source: Omit<Source, 'partition'>,
  notify: ConsumeListener,
  signal: AbortSignal,
): Promise<void> {
  const waiting = new TransactionWait(notify);
  while (!signal.aborted) {
    await ports.wait(CHECK_MS, signal);
    try {
      const remaining = await remainingOfAll(ports, source);
      if (isDrained(remaining)) return;
      waiting.saw(remaining, ports.now());
    } catch (error) {
      // What is away now is asked again; the members and the run report it.
      if (!isWaitedFor(error)) throw error;
    }
  }
}

/** Of the group and of the store; the store is not looked at before the group has caught up. */
async function remainingOfAll(
  ports: DrainPorts,
  source: Omit<Source, 'partition'>,
): Promise<Remaining> {
  const lag = await ports.groupLag();
  const bounds = await ports.reader.bounds(source.topic);
  const openTransactions = openTransactionsOf(source.topic, bounds);
  const held = openTransactions.reduce((sum, { records }) => sum + records, 0);
  if (lag > BigInt(held)) return { hasRecords: true, openTransactions };
  return remainingForStore(ports, source, bounds);
}

/** Says which open transactions a group waits for that has read everything else. */
class TransactionWait {
  readonly #notify: ConsumeListener;
  /** As the last check saw them: most transactions are over before the next one. */
  #seen: readonly OpenTransaction[] = [];
  #toldAtMs = -Infinity;

  constructor(notify: ConsumeListener) {
    this.#notify = notify;
  }

  saw({ hasRecords, openTransactions }: Remaining, nowMs: number): void {
    const held = hasRecords ? [] : openTransactions;
    const still = held.filter((each) => this.#seen.some((other) => isSameTransaction(each, other)));
    this.#seen = held;
    if (still.length === 0) {
      if (held.length === 0) this.#toldAtMs = -Infinity;
      return;
    }
    if (nowMs - this.#toldAtMs < TOLD_AGAIN_MS) return;
    this.#toldAtMs = nowMs;
    for (const transaction of still) this.#notify({ kind: 'transaction-open', transaction });
  }
}

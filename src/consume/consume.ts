import { UnreachableError, errorOf } from '../errors.js';
import type { ConsumeMode } from './consume-mode.js';
import { untilDrained } from './drained.js';
import { SchedulerPace, RecordBudget, UNPACED } from './pace.js';
import { PartitionWorker, type RunState, type WorkerPorts } from './partition-worker.js';
import type { ConsumeListener } from './events.js';
import { Outage } from './outage.js';
import { StoreUnavailableError, type Source } from '../ports/coupon-store.js';
import type { Clock } from '../ports/clock.js';
import type { GroupMember, MemberListener } from '../ports/group-member.js';
import type { LogReader } from '../ports/log.js';
import { RunStatistics, type RunSummary } from './run-statistics.js';
import { startOffsets, type Start } from './start-offset.js';

export interface ConsumeOptions {
  readonly mode: ConsumeMode;
  readonly batchSize: number;
  readonly source: Omit<Source, 'partition'>;
  readonly untilDrained: boolean;
  /** Null: no limit. */
  readonly maxRecords: number | null;
}

export interface ConsumePorts extends WorkerPorts, Clock {
  readonly reader: LogReader;
  readonly members: readonly GroupMember[];
  /** How many records the whole group has still to read, by Kafka's committed offsets. */
  readonly groupLag: () => Promise<bigint>;
}

/**
 * Runs N members of the group until the signal aborts, the group is drained, or enough records are
 * applied. Throws what ended it otherwise: a log that is not the store's, a store that stays away.
 */
export async function consume(
  ports: ConsumePorts,
  options: ConsumeOptions,
  notify: ConsumeListener,
  signal: AbortSignal,
): Promise<RunSummary> {
  const statistics = new RunStatistics();
  const ending = new Ending(notify);
  const run: RunState = {
    statistics,
    notify: (event) => {
      notify(event);
      if (statistics.records === options.maxRecords) ending.end('enough records');
    },
    budget: options.maxRecords === null ? null : new RecordBudget(options.maxRecords),
    pace: options.mode === 'scheduler' ? new SchedulerPace(ports.now) : UNPACED,
    failed: (error) => {
      ending.fail(error);
    },
  };
  signal.addEventListener('abort', () => {
    ending.end('asked to stop');
  });
  if (signal.aborted) {
    ending.end('asked to stop');
    return statistics.summary();
  }

  const sliceRecords = options.mode === 'batch' ? options.batchSize : 1;
  const starting = ports.members.map((member, index) => {
    const worker = new PartitionWorker(ports, run, options.source, sliceRecords);
    return member.start(listen(ports, options, run, worker, ending, index + 1));
  });
  void Promise.all(starting).catch((error: unknown) => {
    ending.fail(error);
  });
  if (options.untilDrained) {
    void untilDrained(ports, options.source, notify, ending.signal).then(() => {
      ending.end('drained');
    });
  }
  await ending.reached;
  await Promise.allSettled(starting);
  await Promise.all(ports.members.map((member) => member.stop()));
  if (ending.error !== null) throw ending.error;
  return statistics.summary();
}

function listen(
  ports: ConsumePorts,
  options: ConsumeOptions,
  run: RunState,
  worker: PartitionWorker,
  ending: Ending,
  member: number,
): MemberListener {
  return {
    assigned: async (partitions) => {
      worker.take([]);
      const starts = await patientStartOffsets(ports, options, run, ending.signal, partitions);
      worker.take(starts);
      for (const { partition, lostRecords } of starts) {
        if (lostRecords > 0n) run.notify({ kind: 'records-lost', partition, records: lostRecords });
      }
      run.notify({ kind: 'assigned', member, partitions: starts });
      return new Map(starts.map(({ partition, offset }) => [partition, offset]));
    },
    fetched: async (batch, session) => {
      try {
        await worker.work(batch, session);
      } catch (error) {
        run.failed(errorOf(error));
      }
    },
    failed: run.failed,
  };
}

/** A rebalance may come while the broker or the store is away: then it is waited for. */
async function patientStartOffsets(
  ports: ConsumePorts,
  { source }: ConsumeOptions,
  { notify }: RunState,
  signal: AbortSignal,
  partitions: readonly number[],
): Promise<readonly Start[]> {
  let outage: Outage | null = null;
  for (;;) {
    try {
      const starts = await startOffsets(ports, source, partitions);
      if (outage !== null) notify(outage.recovered(ports.now()));
      return starts;
    } catch (error) {
      const isStore = error instanceof StoreUnavailableError;
      if (signal.aborted || !(error instanceof UnreachableError)) throw error;
      outage ??= new Outage(isStore ? 'the store' : 'the broker', ports.now());
      const event = outage.failed(error, ports.now());
      notify(event);
      await ports.wait(event.delayMs, signal);
    }
  }
}

/** The first reason to end counts. */
class Ending {
  readonly #controller = new AbortController();
  readonly #notify: ConsumeListener;
  readonly reached: Promise<void>;
  error: Error | null = null;

  constructor(notify: ConsumeListener) {
    this.#notify = notify;
    this.reached = new Promise((resolve) => {
      this.#controller.signal.addEventListener('abort', () => {
        resolve();
      });
    });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  end(why: string): void {
    if (this.signal.aborted) return;
    this.#notify({ kind: 'stopping', why });
    this.#controller.abort();
  }

  fail(error: unknown): void {
    if (this.signal.aborted) return;
    this.error = errorOf(error);
    this.end(this.error.message);
  }
}

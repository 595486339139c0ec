import { errorOf } from '../errors.js';
import type { Assignment } from '../ports/assignment.js';
import type { Source } from '../ports/coupon-store.js';
import type { AssignmentWorker, GroupMember } from '../ports/group-member.js';
import { ConsumeWorker, type WorkOptions, type WorkerPorts } from './assignment-worker.js';
import type { ConsumeMode } from './consume-mode.js';
import { untilDrained } from './drained.js';
import type { ConsumeListener } from './events.js';
import { OnTheWay } from './partition/on-the-way.js';
import { Membership } from './membership.js';
import { COMMITS, Outages } from './outages.js';
import type { RunState } from './partition/surroundings.js';
import { RecordBudget } from './partition/record-budget.js';
import { ScheduledWorker, Scheduler } from './scheduler.js';
import { watchBroker } from './watch/watch-broker.js';
import { watchGroup } from './watch/watch-group.js';
import { watchLeaders } from './watch/watch-leaders.js';
import { watchStore } from './watch/watch-store.js';
import { RunStatistics, type LatencyListener, type RunSummary } from './statistics.js';

export interface ConsumeOptions {
  readonly mode: ConsumeMode;
  readonly batchSize: number;
  readonly source: Omit<Source, 'partition'>;
  readonly untilDrained: boolean;
  /** Null: no limit. */
  readonly maxRecords: number | null;
}

export interface ConsumePorts extends WorkerPorts {
  readonly members: readonly GroupMember[];
  /** How many records the whole group has still to read, by Kafka's committed offsets. */
  readonly groupLag: () => Promise<bigint>;
  /** Hears of each record that is durable how long that took from its timestamp on, where that is usable. */
  readonly onLatency?: LatencyListener;
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
  const statistics = new RunStatistics(ports.onLatency);
  const onTheWay = new OnTheWay(ports.now);
  const membership = new Membership(ports.members.length, ports.now);
  const ending = new Ending(notify, onTheWay);
  const run: RunState = {
    statistics,
    notify: (event) => {
      notify(event);
      membership.on(event);
      if (statistics.records === options.maxRecords) ending.end('enough records');
    },
    budget: options.maxRecords === null ? null : new RecordBudget(options.maxRecords),
    outages: new Outages(notify, ports.now),
    onTheWay,
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

  const workerFor = workers(ports, options, run);
  ports.members.forEach((member, index) => {
    const number = index + 1;
    member.start({
      assigned: (assignment) => {
        report(assignment, number, run.notify);
        return workerFor(assignment, number);
      },
      committed: (refusal) => {
        if (refusal === null) run.outages.works(COMMITS);
        else run.outages.failed(COMMITS, refusal);
      },
      failed: run.failed,
    });
  });
  const { outages } = run;
  const background = [
    watchBroker(ports, outages, ending.signal),
    watchGroup(ports, outages, membership, ending.signal),
    watchLeaders(ports, options.source.topic, outages, membership, ending.signal),
    watchStore(ports, outages, onTheWay, ending.signal),
  ];
  if (options.untilDrained) background.push(endWhenDrained(ports, options, notify, ending));
  Promise.all(background).catch((error: unknown) => {
    ending.fail(error);
  });
  await ending.reached;
  await Promise.all(ports.members.map((member) => member.stop()));
  if (ending.error !== null) throw ending.error;
  return statistics.summary();
}

function report(assignment: Assignment, member: number, notify: ConsumeListener): void {
  notify({ kind: 'joined', member, partitions: assignment.partitions });
  assignment.signal.addEventListener('abort', () => {
    notify({ kind: 'left', member });
  });
}

/** Records of a member that may wait for the store at a time. */
const IN_FLIGHT_RECORDS = 2000;

/** How the mode works on an assignment of a member, which counts from 1. */
function workers(
  ports: ConsumePorts,
  { mode, batchSize, source }: ConsumeOptions,
  run: RunState,
): (assignment: Assignment, member: number) => AssignmentWorker {
  const begun = (assignment: Assignment, options: WorkOptions) => {
    const worker = new ConsumeWorker(ports, run, options, assignment);
    worker.begin();
    return worker;
  };
  if (mode === 'scheduler') {
    const scheduler = new Scheduler(ports.now);
    const oneByOne = { source, sliceRecords: 1, inFlightRecords: 1 };
    return (assignment, member) =>
      new ScheduledWorker(scheduler, ports, begun(assignment, { ...oneByOne, member }), assignment);
  }
  const sliceRecords = mode === 'batch' ? batchSize : 1;
  const inFlightRecords = Math.max(IN_FLIGHT_RECORDS, 2 * sliceRecords);
  return (assignment, member) =>
    begun(assignment, { source, sliceRecords, inFlightRecords, member });
}

async function endWhenDrained(
  ports: ConsumePorts,
  { source }: ConsumeOptions,
  notify: ConsumeListener,
  ending: Ending,
): Promise<void> {
  await untilDrained(ports, source, notify, ending.signal);
  ending.end('drained');
}

/** The first reason to end counts. */
class Ending {
  readonly #controller = new AbortController();
  readonly #notify: ConsumeListener;
  readonly reached: Promise<void>;
  error: Error | null = null;

  constructor(
    notify: ConsumeListener,
    private readonly onTheWay: OnTheWay,
  ) {
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
    this.#notify({ kind: 'stopping', why, onTheWay: this.onTheWay.slices });
    this.#controller.abort();
  }

  fail(error: unknown): void {
    if (this.signal.aborted) return;
    this.error = errorOf(error);
    this.end(this.error.message);
  }
}

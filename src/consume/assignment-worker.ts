import type { OutcomeCounts } from '../coupon/outcome.js';
import { errorOf, messageOf } from '../errors.js';
import type { Assignment } from '../ports/assignment.js';
import type { Clock } from '../ports/clock.js';
import type { CouponStore, Source } from '../ports/coupon-store.js';
import type { AssignmentWorker, FetchedBatch } from '../ports/group-member.js';
import type { LogReader } from '../ports/log.js';
import type { RecordSink } from '../ports/record-sink.js';
import {
  applySlice,
  giveUp,
  prepare,
  type AppliedPart,
  type Interruption,
  type Prepared,
} from './apply.js';
import type { GroupOffsets } from './group-check.js';
import { DeadLetterOutbox } from './dead-letter-outbox.js';
import type { ConsumeListener } from './events.js';
import {
  BROKER,
  DEAD_LETTERS,
  OUTAGE_LIMIT_MS,
  STORE,
  isAway,
  partitionService,
  type Outages,
  type Service,
} from './outages.js';
import type { Pace, RecordBudget } from './pace.js';
import { nextPhase, type PartitionEvent, type PartitionPhase } from './partition-phase.js';
import { RETRY_DELAYS_MS, outageDelayMs, retryDelayMs } from './retry.js';
import { findStarts, type Start } from './start-offset.js';
import type { RunStatistics } from './statistics.js';

export interface WorkerPorts extends Clock {
  readonly store: CouponStore;
  readonly reader: LogReader;
  readonly groupOffsets: GroupOffsets;
  readonly deadLetters: RecordSink;
  /** max.message.bytes of the DLQ. */
  readonly deadLetterMaxBytes: number;
  /** Lets timers, sockets and signals have their turn between two transactions. */
  readonly yieldTurn: () => Promise<void>;
}

/** What one run shares among its members. */
export interface RunState {
  readonly statistics: RunStatistics;
  readonly budget: RecordBudget | null;
  readonly pace: Pace;
  readonly outages: Outages;
  readonly notify: ConsumeListener;
  readonly failed: (error: Error) => void;
}

export interface WorkOptions {
  readonly source: Omit<Source, 'partition'>;
  /** Records a transaction, at most. */
  readonly sliceRecords: number;
  /** Which member of this run, from 1: for the log. */
  readonly member: number;
}

/** Other members may give back some of what is left of --max-records. */
const SHORT_WAIT_MS = 50;

/** What came of a slice. */
interface Step {
  /** Records, from its beginning on. */
  readonly applied: number;
  /** The partition waits for something, and is fetched again then. */
  readonly isHeld: boolean;
}

interface PartitionState {
  readonly source: Source;
  phase: PartitionPhase;
  /** Where the store stands; null where it knows nothing of this partition. */
  expectedOffset: bigint | null;
  readonly outbox: DeadLetterOutbox;
  /** Of the record that is given up. */
  deadLetter: Prepared | null;
  /** Failed attempts in a row, of whatever does not work. */
  failedAttempts: number;
}

/**
 * Works on the partitions of one assignment of one member, batch by batch. Whatever has to be waited
 * for, the partition is held meanwhile and the others go on. partition-phase.ts has the states of a
 * partition.
 */
export class ConsumeWorker implements AssignmentWorker {
  readonly #ports: WorkerPorts;
  readonly #run: RunState;
  readonly #options: WorkOptions;
  readonly #assignment: Assignment;
  readonly #partitions: ReadonlyMap<number, PartitionState>;

  constructor(ports: WorkerPorts, run: RunState, options: WorkOptions, assignment: Assignment) {
    this.#ports = ports;
    this.#run = run;
    this.#options = options;
    this.#assignment = assignment;
    this.#partitions = new Map(
      assignment.partitions.map((partition) => [partition, this.#newState(partition)]),
    );
  }

  /** Looks up where to start, and starts there. */
  begin(): void {
    if (this.#partitions.size === 0) this.#notifyAssigned([]);
    this.#inBackground(this.#start(this.#assignment.partitions));
  }

  async fetched(batch: FetchedBatch): Promise<void> {
    try {
      await this.#work(batch);
    } catch (error) {
      this.#run.failed(errorOf(error));
    }
  }

  positionLost(partition: number): void {
    const state = this.#partitions.get(partition);
    if (state !== undefined) this.#startAgain(state);
  }

  #newState(partition: number): PartitionState {
    return {
      source: { ...this.#options.source, partition },
      phase: { kind: 'starting' },
      expectedOffset: null,
      outbox: new DeadLetterOutbox(this.#ports, this.#run.notify),
      deadLetter: null,
      failedAttempts: 0,
    };
  }

  /** Until every partition has started or the assignment has ended; each starts as soon as it can. */
  async #start(partitions: readonly number[]): Promise<void> {
    const { signal, stores } = this.#assignment;
    let waiting = partitions;
    for (let attempt = 1; waiting.length > 0 && !signal.aborted; attempt += 1) {
      const found = await findStarts(this.#ports, this.#options.source, waiting, stores);
      // A rebalance was quicker: the partitions belong to another assignment.
      if (this.#assignment.signal.aborted) return;
      for (const start of found.starts) this.#startAt(start);
      if (found.starts.length > 0) this.#notifyAssigned(found.starts);
      for (const { service, error } of found.waiting) {
        this.#run.outages.failed(service, error, service === STORE ? OUTAGE_LIMIT_MS : null);
      }
      waiting = found.waiting.map(({ partition }) => partition);
      if (waiting.length > 0) await this.#ports.wait(outageDelayMs(attempt), signal);
    }
  }

  #startAt({ partition, offset, expectedOffset, lostRecords }: Start): void {
    const state = this.#partitions.get(partition);
    if (state === undefined) return;
    state.expectedOffset = expectedOffset;
    this.#step(state, { kind: 'started' });
    for (const service of [STORE, BROKER, partitionService(state.source.topic, partition)]) {
      this.#run.outages.works(service);
    }
    if (lostRecords > 0n) {
      this.#run.notify({ kind: 'records-lost', partition, records: lostRecords });
    }
    this.#assignment.startAt(partition, offset, expectedOffset);
  }

  #notifyAssigned(starts: readonly Start[]): void {
    const { member } = this.#options;
    this.#run.notify({ kind: 'assigned', member, partitions: starts });
  }

  /** One fetched batch, slice by slice, until it is done or the partition is held. */
  async #work({ partition, records, nextOffset }: FetchedBatch): Promise<void> {
    const state = this.#partitions.get(partition);
    if (state === undefined) return;
    this.#run.statistics.received(this.#ports.now());
    const from = state.expectedOffset ?? -1n;
    let at = records.findIndex(({ offset }) => offset >= from);
    while (at >= 0 && at < records.length && this.#assignment.isReading(partition)) {
      const wanted = state.phase.kind === 'reading' ? this.#options.sliceRecords : 1;
      const taken = this.#take(Math.min(wanted, records.length - at));
      const first = records[at];
      if (first === undefined) return;
      if (taken === 0) {
        this.#readLater(partition, first.offset, Math.max(this.#run.pace.waitMs(), SHORT_WAIT_MS));
        return;
      }
      const slice = records.slice(at, at + taken).map((record) => this.#prepare(state, record));
      const step = await this.#apply(state, slice, records[at + taken]?.offset ?? nextOffset);
      this.#run.budget?.giveBack(taken - step.applied);
      at += step.applied;
      // What is held now may be read again in a moment, but not from this batch.
      if (step.isHeld) return;
      await this.#ports.yieldTurn();
    }
    // Nothing but transaction markers, or records that the store has: there is nothing to apply.
    const position = this.#assignment.position(partition);
    if (at < 0 && position !== null && nextOffset > position) {
      this.#assignment.pass(partition, nextOffset);
    }
  }

  #take(wanted: number): number {
    const paced = this.#run.pace.take(wanted);
    return this.#run.budget?.take(paced) ?? paced;
  }

  /** The dead letter of a record that is given up stays the one it was. */
  #prepare({ deadLetter }: PartitionState, record: FetchedBatch['records'][number]): Prepared {
    return deadLetter?.record.offset === record.offset ? deadLetter : prepare(record);
  }

  /**
   * Dead letters first, acknowledged by all in-sync replicas; then the store's transaction. A crash
   * between leaves at worst a second copy of a dead letter, recognisable by its origin headers.
   */
  async #apply(
    state: PartitionState,
    slice: readonly Prepared[],
    nextOffset: bigint,
  ): Promise<Step> {
    const first = slice[0]?.record.offset ?? nextOffset;
    const delivery = await state.outbox.deliver(slice);
    if (delivery.kind === 'slow') {
      this.#goOnAfter(state, delivery.error, first);
      return { applied: 0, isHeld: true };
    }
    if (delivery.error !== null) {
      this.#waitFor(state, DEAD_LETTERS, delivery.error, first);
      return { applied: 0, isHeld: true };
    }
    if (slice.some(({ failure }) => failure !== null)) this.#run.outages.works(DEAD_LETTERS);
    const { parts, interruption } = await applySlice(this.#ports.store, state, slice, nextOffset);
    for (const part of parts) this.#applied(state, part);
    if (interruption !== null) this.#interrupted(state, interruption, first);
    return {
      applied: parts.reduce((sum, part) => sum + part.slice.length, 0),
      isHeld: interruption !== null && !isDueAtOnce(interruption, state.phase),
    };
  }

  #applied(state: PartitionState, { slice, applied, nextOffset }: AppliedPart): void {
    const { partition } = state.source;
    state.expectedOffset = nextOffset;
    state.deadLetter = null;
    state.failedAttempts = 0;
    state.outbox.applied(slice);
    this.#step(state, { kind: 'applied' });
    this.#assignment.advance(partition, nextOffset);
    this.#run.outages.works(STORE);
    this.#report({ slice, applied, nextOffset });
  }

  #interrupted(state: PartitionState, interruption: Interruption, first: bigint): void {
    const { partition } = state.source;
    switch (interruption.kind) {
      case 'fenced':
        this.#run.notify({ kind: 'fenced', partition, offset: interruption.offset });
        this.#startAgain(state);
        return;
      case 'store-unavailable': {
        // Not where the store is: retention may have deleted that. What is applied is passed over.
        const from = state.expectedOffset ?? first;
        this.#waitFor(state, STORE, interruption.error, from > first ? from : first);
        return;
      }
      case 'refused':
        this.#refused(state, interruption.prepared, interruption.error);
    }
  }

  /** The store or the log has moved on: looks up where to go on. */
  #startAgain(state: PartitionState): void {
    const { partition } = state.source;
    this.#step(state, { kind: 'moved-on' });
    state.outbox.clear();
    state.deadLetter = null;
    this.#assignment.hold(partition);
    this.#inBackground(this.#start([partition]));
  }

  #refused(state: PartitionState, prepared: Prepared, error: Error): void {
    const { topic, partition } = state.source;
    const { offset } = prepared.record;
    this.#step(state, { kind: 'refused', offset });
    if (state.phase.kind === 'giving-up') {
      state.deadLetter = giveUp(prepared, error, RETRY_DELAYS_MS.length);
      return;
    }
    const retry = state.phase.kind === 'retrying' ? state.phase.failures : 1;
    const delayMs = retryDelayMs(retry) ?? 0;
    this.#run.statistics.retried();
    this.#run.notify({
      kind: 'retry',
      position: { topic, partition, offset },
      retry,
      retries: RETRY_DELAYS_MS.length,
      delayMs,
      reason: messageOf(error),
    });
    this.#readLater(partition, offset, delayMs);
  }

  /** The acknowledgement takes its time: the other partitions need not wait for it. */
  #goOnAfter(state: PartitionState, sent: Promise<Error | null>, first: bigint): void {
    const { partition } = state.source;
    this.#assignment.hold(partition);
    const goOn = async () => {
      const error = await sent;
      if (error === null) this.#assignment.readFrom(partition, first);
      else this.#waitFor(state, DEAD_LETTERS, error, first);
    };
    this.#inBackground(goOn());
  }

  #waitFor(state: PartitionState, service: Service, error: Error, offset: bigint): void {
    if (this.#assignment.signal.aborted) return;
    this.#step(state, { kind: 'unavailable' });
    state.failedAttempts += 1;
    const limitMs = service !== STORE && isAway(error) ? null : OUTAGE_LIMIT_MS;
    this.#run.outages.failed(service, error, limitMs);
    this.#readLater(state.source.partition, offset, outageDelayMs(state.failedAttempts));
  }

  /** Holds the partition for so long, and then goes on at `offset`. */
  #readLater(partition: number, offset: bigint, ms: number): void {
    this.#assignment.hold(partition);
    const goOn = async () => {
      await this.#ports.wait(ms, this.#assignment.signal);
      this.#assignment.readFrom(partition, offset);
    };
    this.#inBackground(goOn());
  }

  #step(state: PartitionState, event: PartitionEvent): void {
    state.phase = nextPhase(state.phase, event);
  }

  #inBackground(work: Promise<void>): void {
    work.catch((error: unknown) => {
      this.#run.failed(errorOf(error));
    });
  }

  #report({ slice, applied, nextOffset }: AppliedPart): void {
    const { statistics, notify } = this.#run;
    const nowMs = this.#ports.now();
    const outcomes: Partial<OutcomeCounts> = {};
    let repeated = 0;
    applied.forEach((entry, index) => {
      statistics.applied(entry, slice[index]?.record ?? null, nowMs);
      if (entry.repeated) repeated += 1;
      else outcomes[entry.outcome] = (outcomes[entry.outcome] ?? 0) + 1;
    });
    const first = slice[0]?.record;
    if (first === undefined) return;
    notify({
      kind: 'applied',
      partition: first.partition,
      firstOffset: first.offset,
      nextOffset,
      records: slice.length,
      outcomes,
      repeated,
    });
  }
}

/** The dead letter of a record that is given up. */
function isDueAtOnce({ kind }: Interruption, phase: PartitionPhase): boolean {
  return kind === 'refused' && phase.kind === 'giving-up';
}

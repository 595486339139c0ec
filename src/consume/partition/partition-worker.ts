import type { Source } from '../../ports/coupon-store.js';
import type { FetchedBatch } from '../../ports/group-member.js';
import type { LogRecord } from '../../ports/log.js';
import { bisect, type AppliedSlice, type Interruption, type Slice } from '../apply.js';
import { DeadLetterOutbox, type DeliveryEnd } from '../dead-letter-outbox.js';
import { DEAD_LETTERS, STORE, type Service } from '../outages.js';
import { nextPhase, type PartitionEvent, type PartitionPhase } from './partition-phase.js';
import { giveUp, prepare, type Prepared } from './prepared.js';
import { reportApplied, reportRetry } from '../report.js';
import { RETRY_DELAYS_MS, outageDelayMs, retryDelayMs } from '../retry.js';
import { SentSlices, type EndedSlice } from './sent-slices.js';
import type { PartitionPorts, RunState, SliceOptions, Surroundings } from './surroundings.js';

/** Other members may give back some of what is left of --max-records. */
const SHORT_WAIT_MS = 50;

/** What came of records that were sent. */
interface Progress {
  /** How many are applied, from the first on. */
  readonly applied: number;
  /** The partition waits for something, and is fetched again then. */
  readonly isHeld: boolean;
}

/** Why a record can't be sent now: what to do about it once those before it are settled. */
type Obstacle = () => void;

/**
 * Works on one partition of one assignment. The slices of a fetched batch are sent to the store one
 * behind the other, so that several of them share one of its commits. Each expects the store to be where
 * the one before it ends: where one is not applied, those behind it are fenced, write nothing, and are
 * sent again. Whatever has to be waited for, the partition is held meanwhile and the member's others
 * go on. partition-phase.ts has the states of a partition.
 */
export class PartitionWorker {
  readonly #ports: PartitionPorts;
  readonly #run: RunState;
  readonly #options: SliceOptions;
  readonly #source: Source;
  readonly #around: Surroundings;
  readonly #outbox: DeadLetterOutbox;
  #phase: PartitionPhase = { kind: 'starting' };
  /** Where the store stands; null where it knows nothing of this partition. */
  #expectedOffset: bigint | null = null;
  /** Of the record that is given up. */
  #deadLetter: Prepared | null = null;
  /** Failed attempts in a row, of whatever does not work. */
  #failedAttempts = 0;

  constructor(
    ports: PartitionPorts,
    run: RunState,
    options: SliceOptions,
    source: Source,
    around: Surroundings,
  ) {
    this.#ports = ports;
    this.#run = run;
    this.#options = options;
    this.#source = source;
    this.#around = around;
    this.#outbox = new DeadLetterOutbox(ports, run.notify, source);
  }

  /** The store is at `expectedOffset`, and the next record to work on at `offset`. */
  startAt(offset: bigint, expectedOffset: bigint | null): void {
    this.#expectedOffset = expectedOffset;
    this.#step({ kind: 'started' });
    this.#around.assignment.startAt(this.#source.partition, offset, expectedOffset);
  }

  /** The store or the log has moved on: looks up where to go on. */
  startAgain(): void {
    const { partition } = this.#source;
    this.#step({ kind: 'moved-on' });
    this.#outbox.clear();
    this.#deadLetter = null;
    this.#around.assignment.hold(partition);
    this.#around.startAgain(partition);
  }

  /** One fetched batch, until it is done or the partition is held. */
  async work({ records: fetched, nextOffset }: FetchedBatch): Promise<void> {
    this.#run.statistics.received(this.#ports.now());
    const from = this.#expectedOffset ?? -1n;
    const first = fetched.findIndex(({ offset }) => offset >= from);
    if (first < 0) this.#pass(nextOffset);
    let due = first < 0 ? [] : fetched.slice(first);
    while (due.length > 0 && this.#isReading()) {
      const { applied, isHeld } = await this.#sendAll(due, nextOffset);
      // What is held now may be read again in a moment, but not from this batch.
      if (isHeld) return;
      due = due.slice(applied);
    }
  }

  /** Nothing but transaction markers, or records that the store has: there is nothing to apply. */
  #pass(nextOffset: bigint): void {
    const { assignment } = this.#around;
    const { partition } = this.#source;
    const position = assignment.position(partition);
    if (position !== null && nextOffset > position) assignment.pass(partition, nextOffset);
  }

  #isReading(): boolean {
    return this.#around.assignment.isReading(this.#source.partition);
  }

  /** Sends the records until one of them can't be sent or is not applied; waits for what was sent. */
  async #sendAll(due: readonly LogRecord[], nextOffset: bigint): Promise<Progress> {
    const slices = new SentSlices(
      this.#ports.store,
      this.#options.inFlightRecords,
      this.#run.onTheWay,
      (slice) => {
        this.#applied(slice);
      },
    );
    const obstacle = await this.#sendUntil(due, nextOffset, slices);
    await slices.settled();
    const progress =
      slices.ended === null
        ? { applied: slices.applied, isHeld: obstacle !== null }
        : await this.#ended(slices.ended, slices.applied);
    if (slices.ended === null) obstacle?.();
    this.#run.budget?.giveBack(slices.sent - progress.applied);
    return progress;
  }

  /** Null where all were sent, or nothing more is to be sent. */
  async #sendUntil(
    due: readonly LogRecord[],
    nextOffset: bigint,
    slices: SentSlices,
  ): Promise<Obstacle | null> {
    const limit = Math.min(this.#dueAtOnce(), due.length);
    let expectedOffset = this.#expectedOffset;
    for (let at = 0; at < limit && !slices.isOver && this.#isReading();) {
      const wanted = Math.min(this.#options.sliceRecords, limit - at);
      const taken = this.#run.budget?.take(wanted) ?? wanted;
      const first = due[at]?.offset ?? nextOffset;
      if (taken === 0)
        return () => {
          this.#readLater(first, SHORT_WAIT_MS);
        };
      const end = due[at + taken]?.offset ?? nextOffset;
      const records = due.slice(at, at + taken).map((record) => this.#prepare(record));
      const isDeadLetterDue = records.some(({ failure }) => failure !== null);
      const obstacle = isDeadLetterDue ? await this.#deliver(records, first, slices) : null;
      if (obstacle !== null) {
        this.#run.budget?.giveBack(taken);
        return obstacle;
      }
      slices.send({ source: this.#source, expectedOffset, records, nextOffset: end });
      expectedOffset = end;
      at += taken;
      if (!slices.hasRoom(wanted)) await slices.room(wanted);
      const turn = this.#ports.yieldTurn(taken);
      if (turn !== null) await turn;
    }
    return null;
  }

  /** A record that was refused is sent alone, and one slice alone tries whether the store works again. */
  #dueAtOnce(): number {
    if (this.#phase.kind !== 'reading') return 1;
    return this.#failedAttempts > 0 ? this.#options.sliceRecords : Infinity;
  }

  /** The dead letter of a record that is given up stays the one it was. */
  #prepare(record: LogRecord): Prepared {
    return this.#deadLetter?.record.offset === record.offset ? this.#deadLetter : prepare(record);
  }

  /**
   * Dead letters first, acknowledged by all in-sync replicas; then the store's transaction. A crash
   * between leaves at worst a second copy of a dead letter, recognisable by its origin headers: so
   * that there is little between, what is in flight is waited for before, which also keeps the order.
   */
  async #deliver(
    records: readonly Prepared[],
    first: bigint,
    inFlight: SentSlices,
  ): Promise<Obstacle | null> {
    await inFlight.settled();
    // What ended it comes first.
    if (inFlight.isOver || !this.#isReading()) return () => undefined;
    const delivery = await this.#outbox.deliver(records);
    switch (delivery.kind) {
      case 'delivered':
        this.#run.outages.works(DEAD_LETTERS);
        return null;
      case 'failed':
        return () => {
          this.#waitFor(delivery.service, delivery.error, first);
        };
      case 'slow':
        return () => {
          this.#goOnAfter(delivery.end, first);
        };
    }
  }

  #applied(slice: AppliedSlice): void {
    this.#expectedOffset = slice.nextOffset;
    this.#deadLetter = null;
    this.#failedAttempts = 0;
    this.#outbox.applied(slice.records);
    this.#step({ kind: 'applied' });
    this.#around.assignment.advance(this.#source.partition, slice.nextOffset);
    this.#run.outages.works(STORE);
    reportApplied(this.#run, slice, this.#ports.now());
  }

  /** `applied`: records that stand before those of the slice. */
  async #ended({ slice, result }: EndedSlice, applied: number): Promise<Progress> {
    if (result.kind !== 'refused') {
      this.#interrupted(result, slice);
      return { applied, isHeld: true };
    }
    const { parts, refused, interruption } = await bisect(this.#ports.store, slice, result.error);
    for (const part of parts) this.#applied(part);
    if (interruption !== null) this.#interrupted(interruption, slice);
    if (refused !== null) this.#refused(refused.prepared, refused.error);
    const isHeld = interruption !== null || this.#phase.kind === 'retrying';
    return { applied: parts.reduce((sum, { records }) => sum + records.length, applied), isHeld };
  }

  #interrupted(interruption: Interruption, slice: Slice): void {
    const { partition } = this.#source;
    switch (interruption.kind) {
      case 'fenced':
        this.#run.notify({ kind: 'fenced', partition, offset: interruption.nextOffset });
        this.startAgain();
        return;
      case 'store-unavailable': {
        // Not where the store is: retention may have deleted that. What is applied is passed over.
        const first = slice.records[0]?.record.offset ?? slice.nextOffset;
        const from = this.#expectedOffset ?? first;
        this.#waitFor(STORE, interruption.error, from > first ? from : first);
        return;
      }
      case 'failed':
        throw interruption.error;
    }
  }

  #refused(prepared: Prepared, error: Error): void {
    const { offset } = prepared.record;
    this.#step({ kind: 'refused', offset });
    if (this.#phase.kind === 'giving-up') {
      this.#deadLetter = giveUp(prepared, error, RETRY_DELAYS_MS.length);
      return;
    }
    const retry = this.#phase.kind === 'retrying' ? this.#phase.failures : 1;
    const delayMs = retryDelayMs(retry) ?? 0;
    reportRetry(this.#run, prepared, { retry, delayMs, error });
    this.#readLater(offset, delayMs);
  }

  /** The acknowledgement takes its time: the other partitions need not wait for it. */
  #goOnAfter(end: Promise<DeliveryEnd>, first: bigint): void {
    const { assignment, inBackground } = this.#around;
    const { partition } = this.#source;
    assignment.hold(partition);
    const goOn = async () => {
      const delivery = await end;
      if (delivery.kind === 'delivered') assignment.readFrom(partition, first);
      else this.#waitFor(delivery.service, delivery.error, first);
    };
    inBackground(goOn());
  }

  #waitFor(service: Service, error: Error, offset: bigint): void {
    if (this.#around.assignment.signal.aborted) return;
    this.#step({ kind: 'unavailable' });
    this.#failedAttempts += 1;
    this.#run.onTheWay.used();
    this.#run.outages.failed(service, error);
    this.#readLater(offset, outageDelayMs(this.#failedAttempts));
  }

  /** Holds the partition for so long, and then goes on at `offset`. */
  #readLater(offset: bigint, ms: number): void {
    const { assignment, inBackground } = this.#around;
    const { partition } = this.#source;
    assignment.hold(partition);
    const goOn = async () => {
      await this.#ports.wait(ms, assignment.signal);
      assignment.readFrom(partition, offset);
    };
    inBackground(goOn());
  }

  #step(event: PartitionEvent): void {
    this.#phase = nextPhase(this.#phase, event);
  }
}

import type { OutcomeCounts } from '../coupon/outcome.js';
import { messageOf } from '../errors.js';
import {
  applySlice,
  giveUp,
  prepare,
  type ApplyPorts,
  type Cursor,
  type Prepared,
  type SliceResult,
} from './apply-slice.js';
import type { ConsumeListener } from './events.js';
import { Outage } from './outage.js';
import type { Pace, RecordBudget } from './pace.js';
import { timestampMsOf } from '../records/timestamp.js';
import type { Applied, Source } from '../ports/coupon-store.js';
import type { FetchedBatch, PartitionSession } from '../ports/group-member.js';
import { RETRY_DELAYS_MS, retryDelayMs } from './retry.js';
import type { RunStatistics } from './run-statistics.js';
import type { Start } from './start-offset.js';

/** Kafka's committed offset follows the store at most this often, and at the end of every fetch. */
const COMMIT_INTERVAL_MS = 200;

export interface WorkerPorts extends Pick<
  ApplyPorts,
  'store' | 'deadLetters' | 'deadLetterMaxBytes' | 'now'
> {
  /** Lets timers, sockets and signals have their turn between two transactions. */
  readonly yieldTurn: () => Promise<void>;
}

/** Other members have all that is left of --max-records in hand; they may give some back. */
const SHORT_WAIT_MS = 50;

/** What one run shares among its members. */
export interface RunState {
  readonly statistics: RunStatistics;
  readonly budget: RecordBudget | null;
  readonly pace: Pace;
  readonly notify: ConsumeListener;
  readonly failed: (error: Error) => void;
}

interface PartitionState extends Cursor {
  /**
   * The record that is being retried, how often it has failed, and after its last attempt its
   * letter: once that may be in the DLQ, the record is not tried again.
   */
  failing: {
    readonly offset: bigint;
    readonly failures: number;
    readonly letter: Prepared | null;
  } | null;
  outage: Outage | null;
  committedAtMs: number;
}

/** Works on the fetched batches of one member's partitions. */
export class PartitionWorker {
  readonly #ports: ApplyPorts & WorkerPorts;
  readonly #run: RunState;
  readonly #source: Omit<Source, 'partition'>;
  readonly #sliceRecords: number;
  #partitions = new Map<number, PartitionState>();
  /** This member's own count; the run's grows by the other members' as well. */
  #appliedRecords = 0;

  constructor(
    ports: WorkerPorts,
    run: RunState,
    source: Omit<Source, 'partition'>,
    sliceRecords: number,
  ) {
    this.#run = run;
    this.#source = source;
    this.#sliceRecords = sliceRecords;
    this.#ports = {
      ...ports,
      onApplied: (slice, applied) => {
        this.#count(slice, applied);
      },
      onDeadLetter: (record, { reasonCode, reason, retryCount }) => {
        run.notify({ kind: 'dead-letter', position: record, reasonCode, reason, retryCount });
      },
    };
  }

  /** Forgets the partitions of before; retries begin anew with whoever has the partition next. */
  take(starts: readonly Start[]): void {
    this.#partitions = new Map(
      starts.map(({ partition, expectedOffset }) => [
        partition,
        {
          source: { ...this.#source, partition },
          expectedOffset,
          lettersSent: new Set(),
          failing: null,
          outage: null,
          committedAtMs: 0,
        },
      ]),
    );
  }

  /** One fetched batch, slice by slice, until it is done, given up, or has to wait. */
  async work(batch: FetchedBatch, session: PartitionSession): Promise<void> {
    const state = this.#partitions.get(batch.partition);
    if (state === undefined) return;
    const { expectedOffset } = state;
    const records =
      expectedOffset === null
        ? batch.records
        : batch.records.filter(({ offset }) => offset >= expectedOffset);
    this.#run.statistics.received(this.#ports.now());
    for (let at = 0; at < records.length && session.isCurrent();) {
      const wanted = state.failing === null ? this.#sliceRecords : 1;
      const first = records[at];
      const taken = this.#take(Math.min(wanted, records.length - at));
      if (first === undefined) return;
      if (taken === 0) {
        await this.#commit(state, session, true);
        session.pause(first.offset, Math.max(this.#run.pace.waitMs(), SHORT_WAIT_MS));
        return;
      }
      const slice = records.slice(at, at + taken).map((record) => prepare(record));
      at += taken;
      const nextOffset = records[at]?.offset ?? batch.nextOffset;
      const before = this.#appliedRecords;
      const result = await this.#applyWithLastAttempt(state, slice, nextOffset);
      this.#run.budget?.giveBack(taken - (this.#appliedRecords - before));
      if (result.kind === 'done') {
        await this.#commit(state, session, at === records.length);
      } else {
        await this.#commit(state, session, true);
        this.#interrupt(state, session, result, first.offset);
        return;
      }
      await session.heartbeat();
      await this.#ports.yieldTurn();
    }
    // Also when it was told to stop: the lag that others see is then the true one.
    await this.#commit(state, session, true);
  }

  #take(wanted: number): number {
    const paced = this.#run.pace.take(wanted);
    return this.#run.budget?.take(paced) ?? paced;
  }

  /** A record that fails for the fourth time goes to the DLQ and its neighbours go on. */
  async #applyWithLastAttempt(
    state: PartitionState,
    slice: readonly Prepared[],
    nextOffset: bigint,
  ): Promise<SliceResult> {
    const given = state.failing?.letter ?? null;
    const isGiven = given !== null && given.record.offset === slice[0]?.record.offset;
    const result = await this.#apply(state, isGiven ? [given] : slice, nextOffset);
    if (result.kind !== 'record-failed') return result;
    const { prepared, error } = result;
    const { offset } = prepared.record;
    const failures = (state.failing?.offset === offset ? state.failing.failures : 0) + 1;
    if (retryDelayMs(failures) !== null) {
      state.failing = { offset, failures, letter: null };
      return result;
    }
    const letter = giveUp(prepared, error, RETRY_DELAYS_MS.length);
    state.failing = { offset, failures, letter };
    // A record that has failed before comes alone, so that `nextOffset` is the one after it.
    return this.#apply(state, [letter], nextOffset);
  }

  async #apply(
    state: PartitionState,
    slice: readonly Prepared[],
    nextOffset: bigint,
  ): Promise<SliceResult> {
    const result = await applySlice(this.#ports, state, slice, nextOffset);
    if (result.kind === 'outage') return result;
    if (state.outage !== null) this.#run.notify(state.outage.recovered(this.#ports.now()));
    state.outage = null;
    if (result.kind !== 'record-failed') state.failing = null;
    return result;
  }

  /** Nothing more of this batch: wait for the record, the store or the next owner. */
  #interrupt(
    state: PartitionState,
    session: PartitionSession,
    result: Exclude<SliceResult, { kind: 'done' }>,
    firstOffset: bigint,
  ): void {
    const { partition, topic } = state.source;
    switch (result.kind) {
      case 'fenced':
        this.#partitions.delete(partition);
        this.#run.notify({ kind: 'fenced', partition, offset: result.offset });
        session.lost();
        return;
      case 'record-failed': {
        const { offset } = result.prepared.record;
        const retry = state.failing?.failures ?? 1;
        const delayMs = retryDelayMs(retry) ?? 0;
        this.#run.statistics.retried();
        this.#run.notify({
          kind: 'retry',
          position: { topic, partition, offset },
          retry,
          retries: RETRY_DELAYS_MS.length,
          delayMs,
          reason: messageOf(result.error),
        });
        session.pause(offset, delayMs);
        return;
      }
      case 'outage':
        this.#waitForRecovery(state, session, result, firstOffset);
    }
  }

  #waitForRecovery(
    state: PartitionState,
    session: PartitionSession,
    { what, error }: Extract<SliceResult, { kind: 'outage' }>,
    firstOffset: bigint,
  ): void {
    const now = this.#ports.now();
    if (state.outage?.what !== what) state.outage = new Outage(what, now);
    const event = state.outage.failed(error, now);
    this.#run.notify(event);
    // Not at the store's offset, which retention may have taken; what the slice has applied before
    // is passed over when it comes again.
    session.pause(firstOffset, event.delayMs);
  }

  /** To Kafka, for the tools that look at lag; the store's own offset is durable already. */
  async #commit(state: PartitionState, session: PartitionSession, now: boolean): Promise<void> {
    const { expectedOffset } = state;
    if (expectedOffset === null) return;
    const due = this.#ports.now() - state.committedAtMs >= COMMIT_INTERVAL_MS;
    if (!now && !due) return;
    await session.commit(expectedOffset);
    state.committedAtMs = this.#ports.now();
    this.#run.statistics.committed(state.committedAtMs);
  }

  #count(slice: readonly Prepared[], applied: readonly Applied[]): void {
    this.#appliedRecords += slice.length;
    const now = this.#ports.now();
    const outcomes: Partial<OutcomeCounts> = {};
    let repeated = 0;
    applied.forEach((entry, index) => {
      const record = slice[index]?.record;
      this.#run.statistics.applied(entry, record === undefined ? now : timestampMsOf(record), now);
      if (entry.repeated) repeated += 1;
      else outcomes[entry.outcome] = (outcomes[entry.outcome] ?? 0) + 1;
    });
    const first = slice[0]?.record;
    const last = slice.at(-1)?.record;
    if (first === undefined || last === undefined) return;
    this.#run.notify({
      kind: 'applied',
      partition: first.partition,
      firstOffset: first.offset,
      nextOffset: last.offset + 1n,
      records: slice.length,
      outcomes,
      repeated,
    });
  }
}

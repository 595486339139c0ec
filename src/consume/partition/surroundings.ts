/** What a partition's worker works with: the ports, what a run shares, and its assignment. */
import type { Assignment } from '../../ports/assignment.js';
import type { Clock } from '../../ports/clock.js';
import type { ConsumerStore } from '../../ports/coupon-store.js';
import type { RecordSink } from '../../ports/record-sink.js';
import type { ConsumeListener } from '../events.js';
import type { Outages } from '../outages.js';
import type { RunStatistics } from '../statistics.js';
import type { OnTheWay } from './on-the-way.js';
import type { RecordBudget } from './record-budget.js';

export interface PartitionPorts extends Clock {
  readonly store: ConsumerStore;
  readonly deadLetters: RecordSink;
  /** max.message.bytes of the DLQ. */
  readonly deadLetterMaxBytes: number;
  /** After so many records more: lets timers, sockets and signals have their turn, null where not yet. */
  readonly yieldTurn: (records: number) => Promise<void> | null;
}

/** What one run shares among its members. */
export interface RunState {
  readonly statistics: RunStatistics;
  readonly budget: RecordBudget | null;
  readonly outages: Outages;
  readonly onTheWay: OnTheWay;
  readonly notify: ConsumeListener;
  readonly failed: (error: Error) => void;
}

export interface SliceOptions {
  /** Records a transaction, at most. */
  readonly sliceRecords: number;
  /** Records that may wait for the store at a time; a slice alone may be larger. */
  readonly inFlightRecords: number;
}

/** The assignment that the partition belongs to. */
export interface Surroundings {
  readonly assignment: Assignment;
  /** Looks up where to go on, and calls startAt(). */
  readonly startAgain: (partition: number) => void;
  /** Runs on while the member works on other partitions; what it throws ends the run. */
  readonly inBackground: (work: Promise<void>) => void;
}

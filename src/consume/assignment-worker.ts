import { errorOf } from '../errors.js';
import type { Assignment } from '../ports/assignment.js';
import type { Source } from '../ports/coupon-store.js';
import type { AssignmentWorker, FetchedBatch } from '../ports/group-member.js';
import type { LogReader } from '../ports/log.js';
import type { GroupOffsets } from './group-check.js';
import { BROKER, COORDINATOR, STORE, partitionService } from './outages.js';
import { PartitionWorker } from './partition/partition-worker.js';
import type { PartitionPorts, RunState, SliceOptions } from './partition/surroundings.js';
import { outageDelayMs } from './retry.js';
import { findStarts, type Start } from './start-offset.js';

export interface WorkerPorts extends PartitionPorts {
  readonly reader: LogReader;
  readonly groupOffsets: GroupOffsets;
}

export interface WorkOptions extends SliceOptions {
  readonly source: Omit<Source, 'partition'>;
  /** Which member of this run, from 1: for the log. */
  readonly member: number;
}

/** Works on the partitions of one assignment of one member: each starts as soon as it can. */
export class ConsumeWorker implements AssignmentWorker {
  readonly #ports: WorkerPorts;
  readonly #run: RunState;
  readonly #options: WorkOptions;
  readonly #assignment: Assignment;
  readonly #partitions: ReadonlyMap<number, PartitionWorker>;

  constructor(ports: WorkerPorts, run: RunState, options: WorkOptions, assignment: Assignment) {
    this.#ports = ports;
    this.#run = run;
    this.#options = options;
    this.#assignment = assignment;
    this.#partitions = new Map(
      assignment.partitions.map((partition) => [partition, this.#newWorker(partition)]),
    );
  }

  /** Looks up where to start, and starts there. */
  begin(): void {
    if (this.#partitions.size === 0) this.#notifyAssigned([]);
    this.#inBackground(this.#start(this.#assignment.partitions));
  }

  async fetched(batch: FetchedBatch): Promise<void> {
    try {
      await this.#partitions.get(batch.partition)?.work(batch);
    } catch (error) {
      this.#run.failed(errorOf(error));
    }
  }

  positionLost(partition: number): void {
    this.#partitions.get(partition)?.startAgain();
  }

  #newWorker(partition: number): PartitionWorker {
    const source = { ...this.#options.source, partition };
    return new PartitionWorker(this.#ports, this.#run, this.#options, source, {
      assignment: this.#assignment,
      startAgain: () => {
        this.#inBackground(this.#start([partition]));
      },
      inBackground: (work) => {
        this.#inBackground(work);
      },
    });
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
        this.#run.outages.failed(service, error);
      }
      waiting = found.waiting.map(({ partition }) => partition);
      if (waiting.length > 0) await this.#ports.wait(outageDelayMs(attempt), signal);
    }
  }

  #startAt({ partition, offset, expectedOffset, lostRecords }: Start): void {
    for (const service of [
      STORE,
      BROKER,
      COORDINATOR,
      partitionService(this.#options.source.topic, partition),
    ]) {
      this.#run.outages.works(service);
    }
    if (lostRecords > 0n) {
      this.#run.notify({ kind: 'records-lost', partition, records: lostRecords });
    }
    this.#partitions.get(partition)?.startAt(offset, expectedOffset);
  }

  #notifyAssigned(starts: readonly Start[]): void {
    const { member } = this.#options;
    this.#run.notify({ kind: 'assigned', member, partitions: starts });
  }

  #inBackground(work: Promise<void>): void {
    work.catch((error: unknown) => {
      this.#run.failed(errorOf(error));
    });
  }
}

import type { LogRecord } from './log.js';

/** What a member may do with a partition while it works on records of it. */
export interface PartitionSession {
  /** False as soon as the partition was given away, told to pause, or the member stops. */
  isCurrent(): boolean;
  /** Tells the coordinator that this member lives. Never throws; see isCurrent() afterwards. */
  heartbeat(): Promise<void>;
  /** Commits to Kafka: `nextOffset` is that of the next record to read. Never throws. */
  commit(nextOffset: bigint): Promise<void>;
  /**
   * Leaves this partition alone for a while and then goes on at `offset`; the member works on with
   * its other partitions and keeps its heartbeat. A rebalance or a stop ends the wait.
   */
  pause(offset: bigint, ms: number): void;
  /** The store has moved on without us: look up anew where to go on. */
  lost(): void;
}

export interface FetchedBatch {
  readonly topic: string;
  readonly partition: number;
  readonly records: readonly LogRecord[];
  /** One past the last offset fetched, which a transaction marker may hold instead of a record. */
  readonly nextOffset: bigint;
}

export interface MemberListener {
  /** Before anything of a newly assigned partition is handed over: where to start reading. */
  assigned(partitions: readonly number[]): Promise<ReadonlyMap<number, bigint>>;
  /** Batches of one member come one at a time, in order. Must not throw. */
  fetched(batch: FetchedBatch, session: PartitionSession): Promise<void>;
  /** The member can't go on: the error that ended it. */
  failed(error: Error): void;
}

/** One member of the consumer group. */
export interface GroupMember {
  start(listener: MemberListener): Promise<void>;
  /** Lets the batch in hand end, then leaves the group. */
  stop(): Promise<void>;
}

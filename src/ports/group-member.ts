import type { Assignment } from './assignment.js';
import type { LogRecord } from './log.js';

export interface FetchedBatch {
  readonly topic: string;
  readonly partition: number;
  readonly records: readonly LogRecord[];
  /** One past the last offset fetched, which a transaction marker may hold instead of a record. */
  readonly nextOffset: bigint;
}

/** Works on what one assignment hands over. */
export interface AssignmentWorker {
  /**
   * One batch, from the assignment's position in that partition on. The batches of a member come one
   * at a time, so this should not wait for long: hold() the partition instead. Must not throw.
   */
  fetched(batch: FetchedBatch): Promise<void>;
  /**
   * The log has no such position (any more): retention has deleted its records, or the log ends before it, as one that was
   * deleted and recreated. The partition is held: readFrom() says where to go on. Must not throw.
   */
  positionLost(partition: number): void;
}

export interface MemberListener {
  /**
   * A rebalance gave the member these partitions, and took away those of the assignment before. Each
   * partition is held until assignment.readFrom() says where to start.
   */
  assigned(assignment: Assignment): AssignmentWorker;
  /**
   * The group coordinator has answered a commit: null where it took the offsets, else why it refused them. It is tried
   * again and again, and a partition whose first commit is refused is not handed over meanwhile.
   */
  committed(refusal: Error | null): void;
  /** The member can't go on: the error that ended it. */
  failed(error: Error): void;
}

/**
 * One member of the consumer group. Its heartbeats go on in the background for as long as it is in
 * the group, whatever its worker waits for.
 */
export interface GroupMember {
  /** Joins, and stays in the group through rebalances and while brokers are away, until stop(). */
  start(listener: MemberListener): void;
  /** Ends the assignment, waits for the batch being worked on, and leaves the group: within 2 s. */
  stop(): Promise<void>;
}

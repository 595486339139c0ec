/**
 * What the pipeline needs of Kafka, in its own words: kafka/ implements these. What it needs of the
 * store is in coupon-store.ts. The in-memory twins in test/ pass the same contract tests.
 *
 * Offsets are bigint (Kafka's are 64 bit), instants are milliseconds since the epoch.
 */

// ---- time ----------------------------------------------------------------------------------

export interface Clock {
  readonly now: () => number;
  /** Resolves after so many ms, or earlier when the signal aborts. */
  readonly wait: (ms: number, signal?: AbortSignal) => Promise<void>;
}

// ---- the log -------------------------------------------------------------------------------

export interface Position {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
}

/** A header may occur several times under one name. */
export type Headers = Readonly<Record<string, Buffer | readonly Buffer[]>>;

/** One record, as the log holds it. */
export interface LogRecord extends Position {
  readonly timestampMs: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Headers;
}

/** What one partition holds: `endOffset` is that of the next record to come. */
export interface PartitionBounds {
  readonly partition: number;
  readonly startOffset: bigint;
  readonly endOffset: bigint;
}

/** Reads the log without a group: leaves nothing behind and moves nobody's offset. */
export interface LogReader {
  clusterId(): Promise<string>;
  /** All partitions of a topic. Throws CliError TOPIC_NOT_FOUND. */
  bounds(topic: string): Promise<readonly PartitionBounds[]>;
  /** The record at exactly this offset, or null where the log has none (deleted or compacted). */
  recordAt(position: Position): Promise<LogRecord | null>;
  /**
   * The records of one partition from `from` up to but without `to`, in order, in chunks. Ends early
   * only at the end of the log. Offsets may have gaps.
   */
  read(topic: string, partition: number, from: bigint, to: bigint): AsyncIterable<LogRecord[]>;
}

// ---- the consumer group --------------------------------------------------------------------

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

// ---- sending -------------------------------------------------------------------------------

/** A record to send; its key decides the partition. */
export interface OutgoingRecord {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Headers;
}

export interface SendResult {
  /** What all in-sync replicas have, by partition. */
  readonly acknowledged: readonly { readonly partition: number; readonly records: number }[];
  /** Why the others were not acknowledged (some of them may be in the log all the same). */
  readonly error: Error | null;
}

/** Sends records to one topic. */
export interface RecordSink<R extends OutgoingRecord = OutgoingRecord> {
  /** Finds the topic and connects. Throws CliError TOPIC_NOT_FOUND, BROKER_UNREACHABLE, ... */
  open(): Promise<void>;
  /**
   * Resolves when every record is acknowledged by all in-sync replicas, or is known not to be. Never
   * throws: what went wrong stands in the result.
   */
  send(records: readonly R[]): Promise<SendResult>;
  close(): Promise<void>;
}

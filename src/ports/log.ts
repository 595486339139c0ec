/** The log: what Kafka keeps. Offsets are bigint (Kafka's are 64 bit), instants are ms since the epoch. */

export interface Position {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
}

type Partition = Pick<Position, 'topic' | 'partition'>;

export function isSamePartition(a: Partition, b: Partition): boolean {
  return a.topic === b.topic && a.partition === b.partition;
}

/** A header may occur several times under one name. */
export type Headers = Readonly<Record<string, Buffer | readonly Buffer[]>>;

/** One record, as the log holds it. */
export interface LogRecord extends Position {
  /** In ms, but a producer may write any 64-bit value (-1: none). See records/timestamp.ts. */
  readonly timestamp: bigint;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Headers;
}

/** Where a partition's log ends: two offsets, which differ while a transaction is open. */
export interface PartitionEnds {
  /** The high watermark: the offset of the next record to come. Lag counts to here. */
  readonly endOffset: bigint;
  /**
   * The last stable offset: where the oldest open transaction began; `endOffset` where none is open.
   * Nothing at or beyond it can be read yet. Never above `endOffset`.
   */
  readonly stableEndOffset: bigint;
}

/** What one partition holds. */
export interface PartitionBounds extends PartitionEnds {
  readonly partition: number;
  readonly startOffset: bigint;
}

/** How many offsets wait behind an open transaction, its own records included; 0 where none is open. */
export function openTransactionRecords({ endOffset, stableEndOffset }: PartitionEnds): number {
  return Number(endOffset - stableEndOffset);
}

/** A transaction that keeps records from being read until it is committed or aborted. */
export interface OpenTransaction {
  readonly topic: string;
  readonly partition: number;
  /** Where it began: the first offset that can't be read. */
  readonly sinceOffset: bigint;
  /** How many offsets wait behind it, its own records included. */
  readonly records: number;
}

/** Whether one is the other, at another look: it may have more records behind it by then. */
export function isSameTransaction(a: OpenTransaction, b: OpenTransaction): boolean {
  return isSamePartition(a, b) && a.sinceOffset === b.sinceOffset;
}

/** The oldest open transaction of each partition that has one. */
export function openTransactionsOf(
  topic: string,
  bounds: readonly (PartitionEnds & { readonly partition: number })[],
): readonly OpenTransaction[] {
  return bounds
    .filter((ends) => openTransactionRecords(ends) > 0)
    .map((ends) => ({
      topic,
      partition: ends.partition,
      sinceOffset: ends.stableEndOffset,
      records: openTransactionRecords(ends),
    }));
}

/** How far some topics' logs go, by topic, and which of their partitions have no leader to ask. */
export interface LogBounds {
  readonly bounds: ReadonlyMap<string, readonly PartitionBounds[]>;
  readonly offline: readonly Omit<Position, 'offset'>[];
}

/** Reads the log without a group: leaves nothing behind and moves no offset. */
export interface LogReader {
  clusterId(): Promise<string>;
  /** All partitions of a topic. Throws CliError TOPIC_NOT_FOUND, PARTITION_OFFLINE. */
  bounds(topic: string): Promise<readonly PartitionBounds[]>;
  /**
   * Of these partitions, those whose leader answers: no other partition is asked for. Throws CliError
   * TOPIC_NOT_FOUND, and UnreachableError where no broker answers.
   */
  ledBounds(topic: string, partitions: readonly number[]): Promise<readonly PartitionBounds[]>;
  /** The record at exactly this offset, or null where the log has none (deleted or compacted). */
  recordAt(position: Position): Promise<LogRecord | null>;
  /**
   * The records of one partition from `from` up to but without `to`, in order, in chunks. Ends early
   * only at the last stable offset. Offsets may have gaps. `chunkBytes`: about how much to read at once.
   */
  read(
    topic: string,
    partition: number,
    from: bigint,
    to: bigint,
    chunkBytes?: number,
  ): AsyncIterable<LogRecord[]>;
  /**
   * Likewise up to the high watermark: also what open transactions have written, which may still be
   * aborted, and what aborted ones have.
   */
  readUncommitted(
    topic: string,
    partition: number,
    from: bigint,
    to: bigint,
  ): AsyncIterable<LogRecord[]>;
}

/** Reads of many topics of a cluster at once as well. */
export interface ClusterLogReader extends LogReader {
  /** The partitions of several topics, those without a leader apart. Throws CliError TOPIC_NOT_FOUND. */
  logBounds(topics: readonly string[]): Promise<LogBounds>;
  /**
   * When the first record at or after each position was written (ms since the epoch), in the order
   * given: null where there is none to read, or it lies in a batch too large to be worth reading for this.
   */
  firstTimestamps(positions: readonly Position[]): Promise<readonly (number | null)[]>;
}

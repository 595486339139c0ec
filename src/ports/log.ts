/** The log: what Kafka keeps. Offsets are bigint (Kafka's are 64 bit), instants are ms since the epoch. */

export interface Position {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
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

export interface PartitionLag {
  readonly topic: string;
  readonly partition: number;
  readonly committedOffset: bigint | null;
  readonly startOffset: bigint;
  readonly endOffset: bigint;
  /** In records. */
  readonly lag: number;
  /** How long the oldest record that is not committed has waited; 0 without lag, null: unknown. */
  readonly timeLagMs: number | null;
  readonly memberId: string | null;
  readonly clientId: string | null;
  readonly host: string | null;
}

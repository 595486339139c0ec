/** How far a partition was read, and what is left of it: the one definition of "drained". */
import {
  openTransactionsOf,
  type LogReader,
  type OpenTransaction,
  type PartitionEnds,
} from '../ports/log.js';

/** Where a reader goes on in a partition, and where the partition ends. */
export interface Reading extends PartitionEnds {
  readonly topic: string;
  readonly partition: number;
  /** Of the next record to read. */
  readonly offset: bigint;
}

/** In records: up to the high watermark, as Kafka's tools count it. */
export function lagOfReadings(readings: readonly Reading[]): number {
  return readings.reduce((lag, { offset, endOffset }) => {
    const behind = Number(endOffset - offset);
    return lag + Math.max(behind, 0);
  }, 0);
}

export interface Remaining {
  /** Whether there is a record that can be read now. */
  readonly hasRecords: boolean;
  /** What waits behind these can be read once they have ended. */
  readonly openTransactions: readonly OpenTransaction[];
}

/**
 * What is left to read. Offsets without a record count for nothing: transaction markers, records of
 * aborted transactions, what compaction deleted.
 */
export async function remainingOf(
  reader: Pick<LogReader, 'read'>,
  readings: readonly Reading[],
): Promise<Remaining> {
  const openTransactions = readings.flatMap((reading) =>
    openTransactionsOf(reading.topic, [reading]),
  );
  for (const { topic, partition, offset, stableEndOffset } of readings) {
    if (offset >= stableEndOffset) continue;
    for await (const records of reader.read(topic, partition, offset, stableEndOffset)) {
      if (records.length > 0) return { hasRecords: true, openTransactions };
    }
  }
  return { hasRecords: false, openTransactions };
}

/** Everything up to the high watermark was read: nothing is left, and no transaction is open. */
export function isDrained({ hasRecords, openTransactions }: Remaining): boolean {
  return !hasRecords && openTransactions.length === 0;
}

import { DLQ_TOPIC } from '../coupon/topics.js';
import { CliError } from '../errors.js';
import {
  openTransactionsOf,
  type LogReader,
  type LogRecord,
  type PartitionBounds,
} from '../ports/log.js';
import { describeOpenTransaction } from '../records/open-transaction.js';

/** Where in the DLQ a letter is. */
export interface LetterPosition {
  readonly partition: number;
  readonly offset: bigint;
}

/** The record of one letter. Throws CliError LETTER_NOT_FOUND, which says what is there instead. */
export async function findLetter(
  reader: Pick<LogReader, 'bounds' | 'recordAt'>,
  { partition, offset }: LetterPosition,
): Promise<LogRecord> {
  const bounds = await reader.bounds(DLQ_TOPIC);
  const bound = bounds.find((each) => each.partition === partition);
  const isThere = bound !== undefined && offset >= bound.startOffset && offset < bound.endOffset;
  const record = isThere ? await reader.recordAt({ topic: DLQ_TOPIC, partition, offset }) : null;
  if (record !== null) return record;
  throw new CliError(
    'LETTER_NOT_FOUND',
    `There is no dead letter at ${String(partition)}:${offset.toString()}: ${whatIsThere(partition, offset, bound)}.`,
    'See what there is with `coupons dlq peek`.',
  );
}

function whatIsThere(
  partition: number,
  offset: bigint,
  bound: PartitionBounds | undefined,
): string {
  if (bound === undefined) return `the DLQ has no partition ${String(partition)}`;
  const { startOffset, stableEndOffset, endOffset } = bound;
  const [transaction] = openTransactionsOf(DLQ_TOPIC, [bound]);
  if (transaction !== undefined && offset >= stableEndOffset && offset < endOffset) {
    return `${describeOpenTransaction(transaction)}, so that it can't be read yet`;
  }
  if (startOffset === endOffset) return `partition ${String(partition)} is empty`;
  return `partition ${String(partition)} holds the offsets ${String(startOffset)} to ${String(endOffset - 1n)}`;
}

/** Throws CliError PARTITION_NOT_FOUND where the DLQ has no such partition. */
export function assertPartition(partition: number, bounds: readonly PartitionBounds[]): void {
  if (bounds.some((bound) => bound.partition === partition)) return;
  throw new CliError(
    'PARTITION_NOT_FOUND',
    `The DLQ has no partition ${String(partition)}: it has ${String(bounds.length)}, counted from 0.`,
    'See `coupons dlq count`.',
  );
}

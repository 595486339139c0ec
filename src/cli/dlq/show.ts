import type { Services } from '../services.js';
import { DLQ_TOPIC } from '../../coupon/topics.js';
import { CliError } from '../../errors.js';
import { openTransactionsOf, type PartitionBounds } from '../../ports/log.js';
import { describeOpenTransaction } from '../../records/open-transaction.js';
import { readDeadLetter } from '../../dead-letters/read.js';
import type { CommandResult } from '../result.js';
import { drawWhole } from './draw-letters.js';
import { letterJson } from './letters.js';

/** Where in the DLQ a letter is. */
export interface LetterPosition {
  readonly partition: number;
  readonly offset: bigint;
}

export async function run(
  services: Services,
  _options: object,
  { partition, offset }: LetterPosition,
): Promise<CommandResult> {
  const reader = await services.reader();
  const bounds = await reader.bounds(DLQ_TOPIC);
  const bound = bounds.find((each) => each.partition === partition);
  const isThere = bound !== undefined && offset >= bound.startOffset && offset < bound.endOffset;
  const record = isThere ? await reader.recordAt({ topic: DLQ_TOPIC, partition, offset }) : null;
  if (record === null) {
    throw new CliError(
      'LETTER_NOT_FOUND',
      `There is no dead letter at ${String(partition)}:${offset.toString()}: ${whatIsThere(partition, offset, bound)}.`,
      'See what there is with `coupons dlq peek`.',
    );
  }
  const letter = readDeadLetter(record);
  services.output.result(letterJson(letter), () => drawWhole(services.output, letter));
  return undefined;
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

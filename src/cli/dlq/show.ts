import type { Services } from '../services.js';
import { DLQ_TOPIC } from '../../coupon/topics.js';
import { CliError } from '../../errors.js';
import type { PartitionBounds } from '../../ports/log.js';
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
      `There is no dead letter at ${String(partition)}:${offset.toString()}: ${whatIsThere(partition, bound)}.`,
      'See what there is with `coupons dlq peek`.',
    );
  }
  const letter = readDeadLetter(record);
  services.output.result(letterJson(letter), () => drawWhole(services.output, letter));
  return undefined;
}

function whatIsThere(partition: number, bound: PartitionBounds | undefined): string {
  if (bound === undefined) return `the DLQ has no partition ${String(partition)}`;
  const { startOffset, endOffset } = bound;
  if (startOffset === endOffset) return `partition ${String(partition)} is empty`;
  return `partition ${String(partition)} holds the offsets ${String(startOffset)} to ${String(endOffset - 1n)}`;
}

import { CliError } from '../../../errors.js';
import type { PartitionBounds } from '../../../ports/log.js';

/**
 * How far down pages have looked, by partition: the first offset that they have looked at. Letters that
 * arrive lie above it and letters that are purged below it, so that pages neither repeat nor skip any.
 */
export type Cursor = ReadonlyMap<number, bigint>;

const PART = /^(\d{1,9})-(\d{1,19})$/;
const MAX_INT64 = 2n ** 63n - 1n;

/** "0-250.1-17" */
export function spellCursor(cursor: Cursor): string {
  return [...cursor]
    .map(([partition, offset]) => `${String(partition)}-${offset.toString()}`)
    .join('.');
}

/** Throws CliError PAGE_NOT_FOUND where the text is not one of spellCursor. */
export function readCursor(text: string): Cursor {
  const parts = text.split('.').map((part) => PART.exec(part));
  const cursor = new Map<number, bigint>();
  for (const part of parts) {
    const [, partition, digits] = part ?? [];
    const offset = digits === undefined ? null : BigInt(digits);
    if (partition === undefined || offset === null || offset > MAX_INT64) throw noSuchPage();
    if (cursor.has(Number(partition))) throw noSuchPage();
    cursor.set(Number(partition), offset);
  }
  return cursor;
}

/**
 * What is still to be looked at. A partition that was added since the first page is not. Throws CliError
 * PAGE_NOT_FOUND where the DLQ ends in front of it: it was deleted and recreated.
 */
export function boundsBelow(
  cursor: Cursor,
  bounds: readonly PartitionBounds[],
): readonly PartitionBounds[] {
  return [...cursor].map(([partition, offset]) => {
    const bound = bounds.find((each) => each.partition === partition);
    if (bound === undefined || offset > bound.endOffset) throw noSuchPage();
    return { ...bound, stableEndOffset: offset };
  });
}

function noSuchPage(): CliError {
  return new CliError(
    'PAGE_NOT_FOUND',
    'The dead letters have no such page: the address is wrong, or the DLQ was deleted and recreated.',
    'Start from the newest dead letter again.',
  );
}

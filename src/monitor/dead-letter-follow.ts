import { readDeadLetter } from '../pipeline/read-dead-letter.js';
import type { LogReader, PartitionBounds } from '../pipeline/ports.js';
import { matchesFilter, type LetterFilter } from './dead-letter-filter.js';
import type { FoundLetter } from './dead-letter-scan.js';

export interface FollowQuery {
  readonly topic: string;
  readonly filter: LetterFilter;
  /** Letters that were there at this look are passed over; null: they are shown first. */
  readonly after: readonly PartitionBounds[] | null;
}

/**
 * Letters as they come, for as long as `tick` gives true: it is called whenever there is nothing
 * new, and does the waiting. A purge and a DLQ that is made anew are followed as well.
 */
export async function* followLetters(
  reader: LogReader,
  { topic, filter, after }: FollowQuery,
  tick: () => Promise<boolean>,
): AsyncGenerator<FoundLetter> {
  const next = new Map(after?.map(({ partition, endOffset }) => [partition, endOffset]));
  do {
    for (const bound of await reader.bounds(topic)) {
      const from = resume(next.get(bound.partition), bound);
      next.set(bound.partition, bound.endOffset);
      for await (const records of reader.read(topic, bound.partition, from, bound.endOffset)) {
        for (const record of records) {
          const letter = readDeadLetter(record);
          if (matchesFilter(letter, filter)) yield { record, letter };
        }
      }
    }
  } while (await tick());
}

/** A partition that was added meanwhile is followed from its start, as is one that was made anew. */
function resume(next: bigint | undefined, { startOffset, endOffset }: PartitionBounds): bigint {
  return next === undefined || next < startOffset || next > endOffset ? startOffset : next;
}

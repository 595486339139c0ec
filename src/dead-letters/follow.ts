import { CliError } from '../errors.js';
import { readDeadLetter } from './read.js';
import type { LogReader, PartitionBounds } from '../ports/log.js';
import { matchesFilter, type LetterFilter } from './filter.js';
import type { FoundLetter } from './scan.js';

export interface FollowQuery {
  readonly topic: string;
  readonly filter: LetterFilter;
  /** Letters that were there at this look are passed over; null: they are shown first. */
  readonly after: readonly PartitionBounds[] | null;
}

/**
 * Dead letters as they come, for as long as `tick` gives true. `tick` is called whenever there is nothing
 * new, or with why reading failed, and does the waiting; what it throws ends the generator. A purge, a DLQ
 * that is deleted and recreated, and a broker that restarts are followed as well.
 */
export async function* followLetters(
  reader: LogReader,
  { topic, filter, after }: FollowQuery,
  tick: (failure: CliError | null) => Promise<boolean>,
): AsyncGenerator<FoundLetter> {
  const next = new Map(
    after?.map(({ partition, stableEndOffset }) => [partition, stableEndOffset]),
  );
  let failure: CliError | null;
  do {
    failure = null;
    try {
      yield* newLetters(reader, topic, filter, next);
    } catch (error) {
      if (!(error instanceof CliError)) throw error;
      failure = error;
    }
  } while (await tick(failure));
}

/** What came since the last look; `next` says from which offsets on, and moves with what is read. */
async function* newLetters(
  reader: LogReader,
  topic: string,
  filter: LetterFilter,
  next: Map<number, bigint>,
): AsyncGenerator<FoundLetter> {
  for (const bound of await reader.bounds(topic)) {
    const { partition, stableEndOffset } = bound;
    const from = resume(next.get(partition), bound);
    next.set(partition, from);
    for await (const records of reader.read(topic, partition, from, stableEndOffset)) {
      for (const record of records) {
        next.set(partition, record.offset + 1n);
        const letter = readDeadLetter(record);
        if (matchesFilter(letter, filter)) yield { record, letter };
      }
    }
  }
}

/** A partition that was added meanwhile is followed from its start, as is one that was deleted and recreated. */
function resume(next: bigint | undefined, { startOffset, endOffset }: PartitionBounds): bigint {
  return next === undefined || next < startOffset || next > endOffset ? startOffset : next;
}

import { readDeadLetter, type DeadLetter } from './read.js';
import { timestampMsOf } from '../records/timestamp.js';
import type { LogReader, LogRecord, PartitionBounds } from '../ports/log.js';
import { matchesFilter, type LetterFilter } from './filter.js';

export interface LetterQuery {
  readonly topic: string;
  /** What is looked at: fixed by the caller, so that two scans see the same letters. */
  readonly bounds: readonly PartitionBounds[];
  readonly filter: LetterFilter;
  readonly newestFirst: boolean;
  /** Told of each letter that is looked at, whether it matches or not. */
  readonly onRead?: (letter: DeadLetter) => void;
}

/** A dead letter, and the record that it is. */
export interface FoundLetter {
  readonly record: LogRecord;
  readonly letter: DeadLetter;
}

/**
 * The letters that a filter matches, one by one: within a partition in the order of offsets, between
 * partitions by timestamp. Memory holds one fetch a partition, however long the DLQ is.
 */
export async function* scanLetters(
  reader: Pick<LogReader, 'read'>,
  { topic, bounds, filter, newestFirst, onRead }: LetterQuery,
): AsyncGenerator<FoundLetter> {
  const wanted = bounds.filter(
    ({ partition }) => filter.partition === undefined || partition === filter.partition,
  );
  for await (const record of scanRecords(reader, { topic, bounds: wanted, newestFirst })) {
    const letter = readDeadLetter(record);
    onRead?.(letter);
    if (matchesFilter(letter, filter)) yield { record, letter };
  }
}

/** The records of all letters, in the same order: for what needs to read few of them. */
export async function* scanRecords(
  reader: Pick<LogReader, 'read'>,
  { topic, bounds, newestFirst }: Pick<LetterQuery, 'topic' | 'bounds' | 'newestFirst'>,
): AsyncGenerator<LogRecord> {
  const sources = bounds.map((bound) =>
    (newestFirst ? backwards : forwards)(reader, topic, bound)[Symbol.asyncIterator](),
  );
  yield* byTimestamp(sources, newestFirst ? -1 : 1);
}

/** How many letters there are, by offsets: those behind an open transaction included. */
export function countLetters(
  bounds: readonly Pick<PartitionBounds, 'startOffset' | 'endOffset'>[],
): number {
  return bounds.reduce(
    (sum, { startOffset, endOffset }) => sum + Number(endOffset - startOffset),
    0,
  );
}

/**
 * The rest of the partitions from these offsets on, such as the first ones at or after a time; an offset
 * may be older or younger than the bounds, and one that is missing is the start.
 */
export function boundsFrom<
  Bounds extends Pick<PartitionBounds, 'partition' | 'startOffset' | 'endOffset'>,
>(bounds: readonly Bounds[], offsets: ReadonlyMap<number, bigint>): readonly Bounds[] {
  return bounds.map((bound) => {
    const { startOffset, endOffset } = bound;
    const offset = offsets.get(bound.partition) ?? startOffset;
    const from = offset < startOffset ? startOffset : offset > endOffset ? endOffset : offset;
    return { ...bound, startOffset: from };
  });
}

async function* forwards(
  reader: Pick<LogReader, 'read'>,
  topic: string,
  { partition, startOffset, stableEndOffset }: PartitionBounds,
): AsyncGenerator<LogRecord> {
  for await (const chunk of reader.read(topic, partition, startOffset, stableEndOffset)) {
    yield* chunk;
  }
}

/** A window is grown or shrunk towards this, so that it is neither many fetches nor much memory. */
const WINDOW_BYTES = 2 * 1024 * 1024;
const FIRST_WINDOW_OFFSETS = 64n;
const LARGEST_WINDOW_OFFSETS = 4096n;

/** Kafka reads forwards only: window by window from the end, each of them turned round. */
async function* backwards(
  reader: Pick<LogReader, 'read'>,
  topic: string,
  { partition, startOffset, stableEndOffset }: PartitionBounds,
): AsyncGenerator<LogRecord> {
  let window = FIRST_WINDOW_OFFSETS;
  for (let to = stableEndOffset; to > startOffset;) {
    const from = to - window > startOffset ? to - window : startOffset;
    const records: LogRecord[] = [];
    for await (const chunk of reader.read(topic, partition, from, to)) records.push(...chunk);
    yield* records.reverse();
    const bytes = records.reduce((sum, { value }) => sum + (value?.length ?? 0), 0);
    if (bytes > WINDOW_BYTES) window = window > 1n ? window / 2n : 1n;
    else if (bytes < WINDOW_BYTES / 2 && window < LARGEST_WINDOW_OFFSETS) window *= 2n;
    to = from;
  }
}

/** Merges what is in order already. */
async function* byTimestamp(
  sources: readonly AsyncIterator<LogRecord>[],
  direction: 1 | -1,
): AsyncGenerator<LogRecord> {
  const heads = await Promise.all(
    sources.map(async (source) => ({ source, head: await next(source) })),
  );
  try {
    for (;;) {
      let first: (typeof heads)[number] | undefined;
      for (const each of heads) {
        if (each.head === null) continue;
        const leading = first?.head;
        if (
          leading == null ||
          direction * (timestampMsOf(leading) - timestampMsOf(each.head)) > 0
        ) {
          first = each;
        }
      }
      if (first?.head == null) return;
      yield first.head;
      first.head = await next(first.source);
    }
  } finally {
    // A caller that stops early stops the reading as well.
    for (const source of sources) await source.return?.();
  }
}

async function next(source: AsyncIterator<LogRecord>): Promise<LogRecord | null> {
  const result = await source.next();
  return result.done === true ? null : result.value;
}

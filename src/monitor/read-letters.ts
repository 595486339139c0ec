import type { LogReader, LogRecord } from '../pipeline/ports.js';

export interface LetterQuery {
  readonly topic: string;
  readonly maxMessages: number;
  readonly newestFirst: boolean;
}

/** The oldest or newest records of the DLQ over all its partitions, by timestamp; and how many. */
export async function readLetters(
  reader: LogReader,
  { topic, maxMessages, newestFirst }: LetterQuery,
): Promise<{ readonly total: number; readonly records: readonly LogRecord[] }> {
  const bounds = await reader.bounds(topic);
  const wanted = BigInt(maxMessages);
  const found: LogRecord[] = [];
  let total = 0n;
  for (const { partition, startOffset, endOffset } of bounds) {
    total += endOffset - startOffset;
    const newestFrom = endOffset - wanted > startOffset ? endOffset - wanted : startOffset;
    const from = newestFirst ? newestFrom : startOffset;
    const read: LogRecord[] = [];
    for await (const chunk of reader.read(topic, partition, from, endOffset)) {
      read.push(...chunk);
      if (!newestFirst && read.length >= maxMessages) break;
    }
    found.push(...read);
  }
  const order = newestFirst ? -1 : 1;
  found.sort(
    (a, b) => order * (compare(a.timestampMs, b.timestampMs) || compare(a.offset, b.offset)),
  );
  return { total: Number(total), records: found.slice(0, maxMessages) };
}

function compare<T extends number | bigint>(a: T, b: T): number {
  return a < b ? -1 : Number(a > b);
}

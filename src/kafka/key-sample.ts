import type { LogReader } from '../pipeline/ports.js';
import { partitionOf } from './partitioner.js';

export interface KeySample {
  /** Distinct keys seen. */
  readonly sampled: number;
  /** Of them, how many another number of partitions sends elsewhere. */
  readonly moved: number;
  /** The first few of those that move. */
  readonly movedKeys: readonly string[];
}

/** Of each partition the newest so many: what is in use now, without reading a week of records. */
const RECORDS_A_PARTITION = 5000n;
const KEYS_NAMED = 5;

/** Looks at the keys a topic really has, and where they would go with `to` partitions. */
export async function sampleKeys(
  reader: LogReader,
  topic: string,
  from: number,
  to: number,
): Promise<KeySample> {
  const keys = new Set<string>();
  for (const { partition, startOffset, endOffset } of await reader.bounds(topic)) {
    const newest = endOffset - RECORDS_A_PARTITION;
    const begin = newest > startOffset ? newest : startOffset;
    for await (const records of reader.read(topic, partition, begin, endOffset)) {
      for (const { key } of records) if (key !== null) keys.add(key.toString('latin1'));
    }
  }
  const moved = [...keys].filter((key) => {
    const bytes = Buffer.from(key, 'latin1');
    return partitionOf(bytes, from) !== partitionOf(bytes, to);
  });
  return { sampled: keys.size, moved: moved.length, movedKeys: moved.slice(0, KEYS_NAMED) };
}

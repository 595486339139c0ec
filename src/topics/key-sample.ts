import type { LogReader } from '../ports/log.js';
import { partitionOf } from '../records/partitioner.js';

/** Records of one partition to look at. */
export interface KeyRange {
  readonly topic: string;
  readonly partition: number;
  readonly from: bigint;
  readonly to: bigint;
}

/** One key in one partition, and how many of the records looked at there have it. */
export interface KeyCount {
  /** Null: records without a key. */
  readonly key: Buffer | null;
  readonly partition: number;
  readonly records: number;
}

/** All partitions together: what is in use now, without reading a week of records. */
const RECORDS = 40_000;
const MOST_A_PARTITION = 5000;
const FEWEST_A_PARTITION = 50;
const CHUNK_BYTES = 256 * 1024;
const PARALLEL_READS = 8;

/** How many records to look at in each of so many partitions. */
export function sampleSize(partitions: number): bigint {
  const share = Math.floor(RECORDS / Math.max(partitions, 1));
  return BigInt(Math.min(Math.max(share, FEWEST_A_PARTITION), MOST_A_PARTITION));
}

/** The newest records of each partition of a topic: which keys are in use. */
export async function newestRanges(reader: LogReader, topic: string): Promise<readonly KeyRange[]> {
  const bounds = await reader.bounds(topic);
  const size = sampleSize(bounds.length);
  return bounds.map(({ partition, startOffset, stableEndOffset }) => {
    const newest = stableEndOffset - size;
    return {
      topic,
      partition,
      from: newest > startOffset ? newest : startOffset,
      to: stableEndOffset,
    };
  });
}

const SLICES = 8n;

/**
 * Parts of what lies between these offsets, spread evenly: what was written at one time is often of
 * one campaign, and says little of the rest.
 */
export function spreadRanges({ from, to, ...place }: KeyRange, size: bigint): readonly KeyRange[] {
  const records = to - from;
  if (records <= size) return [{ ...place, from, to }];
  return Array.from({ length: Number(SLICES) }, (_unused, slice) => {
    const start = from + (records * BigInt(slice)) / SLICES;
    return { ...place, from: start, to: start + size / SLICES };
  });
}

/** Counts the keys of the records in these ranges. */
export async function countKeys(
  reader: LogReader,
  ranges: readonly KeyRange[],
): Promise<readonly KeyCount[]> {
  const waiting = ranges.filter(({ from, to }) => from < to);
  const counts = new Map<string, { key: Buffer | null; partition: number; records: number }>();
  const work = async (): Promise<void> => {
    for (let range = waiting.pop(); range !== undefined; range = waiting.pop()) {
      const { topic, partition, from, to } = range;
      for await (const records of reader.read(topic, partition, from, to, CHUNK_BYTES)) {
        for (const { key } of records) {
          const id = `${String(partition)}${key === null ? '' : `/${key.toString('latin1')}`}`;
          const found = counts.get(id);
          if (found === undefined) counts.set(id, { key, partition, records: 1 });
          else found.records += 1;
        }
      }
    }
  };
  await Promise.all(Array.from({ length: PARALLEL_READS }, work));
  return [...counts.values()];
}

/** The distinct keys, in the order of their numbers where they are numbers. */
export function distinctKeys(counts: readonly KeyCount[]): readonly Buffer[] {
  const keys = new Map(
    counts.flatMap(({ key }) => (key === null ? [] : [[key.toString('latin1'), key]])),
  );
  return [...keys]
    .sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }))
    .map(([, key]) => key);
}

/** Those keys that another number of partitions sends elsewhere. */
export function movedKeys(keys: readonly Buffer[], from: number, to: number): readonly Buffer[] {
  return keys.filter((key) => partitionOf(key, from) !== partitionOf(key, to));
}

/**
 * Which share of the records the busiest partition would get, were there so many: 0 to 1. Producers
 * spread records without a key evenly.
 */
export function busiestShare(
  counts: readonly Pick<KeyCount, 'key' | 'records'>[],
  partitions: number,
): number {
  const records = new Map<number, number>();
  let total = 0;
  let keyless = 0;
  for (const { key, records: count } of counts) {
    total += count;
    if (key === null) {
      keyless += count;
      continue;
    }
    const partition = partitionOf(key, partitions);
    records.set(partition, (records.get(partition) ?? 0) + count);
  }
  const busiest = Math.max(0, ...records.values()) + keyless / partitions;
  return total === 0 ? 0 : busiest / total;
}

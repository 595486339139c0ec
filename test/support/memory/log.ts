import { REQUEST_TOPIC } from '../../../src/coupon/topics.js';
import { CliError } from '../../../src/errors.js';
import { partitionOffline, topicNotFound } from '../../../src/ports/topic-errors.js';
import type { LogReader, LogRecord, PartitionBounds, Position } from '../../../src/ports/log.js';

export type NewRecord = Partial<Pick<LogRecord, 'timestamp' | 'key' | 'value' | 'headers'>> & {
  /** Instead of `timestamp`. */
  readonly timestampMs?: number;
};

interface MemoryPartition {
  readonly records: LogRecord[];
  startOffset: bigint;
  endOffset: bigint;
  /** Where the open transaction began; null where none is open. */
  openSince: bigint | null;
}

/** One topic in memory, read as Kafka's is: offsets may have gaps, and retention deletes. */
export class MemoryLog implements LogReader {
  readonly #partitions: MemoryPartition[] = [];
  /** Partitions that have no leader. */
  readonly offline = new Set<number>();
  readonly #watchers = new Set<() => void>();

  constructor(
    partitions: number,
    readonly topic: string = REQUEST_TOPIC,
    readonly id = 'cluster-in-memory',
  ) {
    this.addPartitions(partitions);
  }

  /** `total`: how many there are then. */
  addPartitions(total: number): void {
    while (this.#partitions.length < total) {
      this.#partitions.push({ records: [], startOffset: 0n, endOffset: 0n, openSince: null });
    }
  }

  get partitions(): number {
    return this.#partitions.length;
  }

  append(
    partition: number,
    { timestamp, timestampMs = 0, key, value, headers }: NewRecord,
  ): LogRecord {
    const log = this.#partition(partition);
    const record: LogRecord = {
      topic: this.topic,
      partition,
      offset: log.endOffset,
      timestamp: timestamp ?? BigInt(timestampMs),
      key: key ?? null,
      value: value ?? null,
      headers: headers ?? {},
    };
    log.records.push(record);
    log.endOffset += 1n;
    for (const watcher of this.#watchers) watcher();
    return record;
  }

  /** An offset that holds no record: a transaction marker, or what compaction took. */
  appendMarker(partition: number): void {
    this.#partition(partition).endOffset += 1n;
    for (const watcher of this.#watchers) watcher();
  }

  /** From here on nothing can be read, whoever appends it, until the transaction ends. */
  openTransaction(partition: number): void {
    const log = this.#partition(partition);
    log.openSince ??= log.endOffset;
  }

  /** By a commit: its marker takes an offset, as Kafka's does. */
  endTransaction(partition: number): void {
    this.#partition(partition).openSince = null;
    this.appendMarker(partition);
  }

  /** As retention does. */
  deleteBefore(partition: number, offset: bigint): void {
    const log = this.#partition(partition);
    log.startOffset = offset;
    while (log.records[0] !== undefined && log.records[0].offset < offset) log.records.shift();
  }

  startOffset(partition: number): bigint {
    return this.#partition(partition).startOffset;
  }

  /** What a fetch from this offset gives, and where the next one begins. */
  fetch(partition: number, from: bigint, max: number) {
    const { records, startOffset } = this.#partition(partition);
    const stableEnd = this.#stableEnd(partition);
    const start = from < startOffset ? startOffset : from;
    const found = records.filter(({ offset }) => offset >= start && offset < stableEnd);
    const fetched = found.slice(0, max);
    const next = found[max]?.offset ?? stableEnd;
    return { records: fetched, nextOffset: next > start ? next : start };
  }

  all(): readonly LogRecord[] {
    return this.#partitions.flatMap(({ records }) => records);
  }

  /** Calls back at every append; the function it gives ends that. */
  watch(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => {
      this.#watchers.delete(watcher);
    };
  }

  clusterId(): Promise<string> {
    return Promise.resolve(this.id);
  }

  async bounds(topic: string = this.topic): Promise<readonly PartitionBounds[]> {
    const [offline] = this.offline;
    if (offline !== undefined) throw partitionOffline(topic, offline);
    return this.ledBounds(topic, [...this.#partitions.keys()]);
  }

  // eslint-disable-next-line @typescript-eslint/require-await
  async ledBounds(
    topic: string,
    partitions: readonly number[],
  ): Promise<readonly PartitionBounds[]> {
    if (topic !== this.topic) throw topicNotFound(topic);
    return this.#partitions
      .map(({ startOffset, endOffset }, partition) => ({
        partition,
        startOffset,
        endOffset,
        stableEndOffset: this.#stableEnd(partition),
      }))
      .filter(({ partition }) => partitions.includes(partition) && !this.offline.has(partition));
  }

  // eslint-disable-next-line @typescript-eslint/require-await
  async recordAt({ topic, partition, offset }: Position): Promise<LogRecord | null> {
    const { records } = this.#led(topic, partition);
    return records.find((record) => record.offset === offset) ?? null;
  }

  async *read(
    topic: string,
    partition: number,
    from: bigint,
    to: bigint,
  ): AsyncGenerator<LogRecord[]> {
    for await (const chunk of this.readUncommitted(topic, partition, from, to)) {
      const stable = chunk.filter(({ offset }) => offset < this.#stableEnd(partition));
      if (stable.length > 0) yield stable;
    }
  }

  // In one chunk, and at once.
  // eslint-disable-next-line @typescript-eslint/require-await
  async *readUncommitted(
    topic: string,
    partition: number,
    from: bigint,
    to: bigint,
  ): AsyncGenerator<LogRecord[]> {
    if (from >= to) return;
    const { records, startOffset, endOffset } = this.#led(topic, partition);
    if (from < startOffset || from > endOffset) {
      throw new CliError('OFFSET_OUT_OF_RANGE', `Offset ${String(from)} is not in the log.`);
    }
    const chunk = records.filter(({ offset }) => offset >= from && offset < to);
    if (chunk.length > 0) yield chunk;
  }

  #stableEnd(partition: number): bigint {
    const { openSince, endOffset } = this.#partition(partition);
    return openSince ?? endOffset;
  }

  /** Throws CliError TOPIC_NOT_FOUND, PARTITION_OFFLINE. */
  #led(topic: string, partition: number): MemoryPartition {
    const found = this.#partitions[partition];
    if (topic !== this.topic || found === undefined) throw topicNotFound(topic);
    if (this.offline.has(partition)) throw partitionOffline(topic, partition);
    return found;
  }

  #partition(partition: number): MemoryPartition {
    const found = this.#partitions[partition];
    if (found === undefined) throw new Error(`There is no partition ${partition}.`);
    return found;
  }
}

import { isTopicName } from '../../coupon/topics.js';
import { CliError, hasCode } from '../../errors.js';
import type { LogReader, LogRecord, PartitionBounds, Position } from '../../ports/log.js';

/** One fetch, and the offsets that it covers. */
interface Chunk {
  readonly from: bigint;
  /** One past the last. */
  readonly to: bigint;
  readonly records: ReadonlyMap<bigint, LogRecord>;
}

/** Partitions whose latest fetch is kept. */
const MAX_CHUNKS = 8;
/** Where offsets are asked for downwards, a fetch begins so much earlier. */
const LOOK_BACK_OFFSETS = 500n;

/**
 * Looks up the records that dead letters are of. Their offsets mostly rise (or fall) with those of
 * the letters, so a whole fetch is kept and most look-ups cost nothing.
 */
export class OriginRecords {
  readonly #reader: Pick<LogReader, 'bounds' | 'read'>;
  readonly #bounds = new Map<string, Promise<readonly PartitionBounds[]>>();
  /** By topic and partition, the one used longest ago first. */
  readonly #chunks = new Map<string, Chunk>();

  constructor(reader: Pick<LogReader, 'bounds' | 'read'>) {
    this.#reader = reader;
  }

  /** Null where the log has no such record (any more), or no such partition or topic. */
  async at(position: Position): Promise<LogRecord | null> {
    const { topic, partition, offset } = position;
    if (!isTopicName(topic)) return null;
    const bound = (await this.#boundsOf(topic)).find((each) => each.partition === partition);
    if (bound === undefined || offset < bound.startOffset || offset >= bound.endOffset) return null;
    const key = `${topic}/${String(partition)}`;
    let chunk = this.#chunks.get(key);
    if (chunk === undefined || offset < chunk.from || offset >= chunk.to) {
      chunk = await this.#fetch(position, bound, chunk);
    }
    this.#chunks.delete(key);
    this.#chunks.set(key, chunk);
    const [oldest] = this.#chunks.keys();
    if (this.#chunks.size > MAX_CHUNKS && oldest !== undefined) this.#chunks.delete(oldest);
    return chunk.records.get(offset) ?? null;
  }

  async #fetch(
    { topic, partition, offset }: Position,
    { startOffset, endOffset }: PartitionBounds,
    before: Chunk | undefined,
  ): Promise<Chunk> {
    const isDownwards = before !== undefined && offset < before.from;
    const back = isDownwards ? offset - LOOK_BACK_OFFSETS : offset;
    const from = back > startOffset ? back : startOffset;
    const records = new Map<bigint, LogRecord>();
    let to = offset + 1n;
    try {
      for await (const fetched of this.#reader.read(topic, partition, from, endOffset)) {
        for (const record of fetched) records.set(record.offset, record);
        const last = fetched.at(-1)?.offset ?? offset;
        if (last < offset) continue;
        to = last + 1n;
        break;
      }
    } catch (error) {
      // Retention took it since the bounds were read.
      if (!(error instanceof CliError) || error.code !== 'OFFSET_OUT_OF_RANGE') throw error;
    }
    return { from, to, records };
  }

  #boundsOf(topic: string): Promise<readonly PartitionBounds[]> {
    let bounds = this.#bounds.get(topic);
    if (bounds === undefined) {
      bounds = this.#reader.bounds(topic).catch((error: unknown) => {
        if (hasCode(error, 'TOPIC_NOT_FOUND')) return [];
        throw error;
      });
      this.#bounds.set(topic, bounds);
    }
    return bounds;
  }
}

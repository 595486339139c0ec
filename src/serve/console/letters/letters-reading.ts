import { DLQ_TOPIC } from '../../../coupon/topics.js';
import { hasCode } from '../../../errors.js';
import { readDeadLetter } from '../../../dead-letters/read.js';
import { countLetters } from '../../../dead-letters/scan.js';
import type { LetterGroup } from '../../../dead-letters/letter-groups.js';
import { LetterStatistics } from '../../../dead-letters/statistics.js';
import type { Clock } from '../../../ports/clock.js';
import type { Fingerprint } from '../../../ports/coupon-store.js';
import {
  openTransactionRecords,
  type LogReader,
  type LogRecord,
  type PartitionBounds,
} from '../../../ports/log.js';
import { fingerprintOf, sameRecord } from '../../../records/fingerprint.js';
import type { LetterCount, LettersData } from '../wire/letters.js';
import { RecentLetters } from './recent-letters.js';

/** How long a reading counts letters; the next one goes on. */
const STEP_MS = 300;
/** At once: the event loop has its turn between two of them. */
const CHUNK_BYTES = 256 * 1024;
/** After a longer pause the DLQ may have been deleted, recreated and filled up to where it was. */
const PAUSE_MS = 5000;
const MOST_GROUPS = 50;

/** How far one partition is counted. */
interface CountedPartition {
  /** The first offset that is counted. */
  readonly from: bigint;
  next: bigint;
  /** The last letter that was counted; null: none yet. */
  last: Fingerprint | null;
}

export interface LettersReadingPorts {
  readonly reader: Pick<LogReader, 'bounds' | 'read'>;
  readonly clock: Pick<Clock, 'now'>;
}

/**
 * Counts the dead letters, and at each reading only those that are new. After a purge, and where the DLQ was
 * deleted and recreated, it counts again from the start, in the same steps: to take off what was deleted it would
 * have to keep something of each letter, and memory would grow with them. One reading at a time.
 */
export class LettersReading {
  readonly #ports: LettersReadingPorts;
  readonly #partitions = new Map<number, CountedPartition>();
  #statistics = new LetterStatistics();
  #recent = new RecentLetters();
  /** Sorted, until there are further letters. */
  #groups: Pick<LettersData, 'reasons' | 'coupons'> | null = null;
  #readAtMs = -Infinity;

  constructor(ports: LettersReadingPorts) {
    this.#ports = ports;
  }

  /** Throws CliError TOPIC_NOT_FOUND, PARTITION_OFFLINE, ...; what was counted stays counted. */
  async read(signal: AbortSignal): Promise<LettersData> {
    const { reader, clock } = this.#ports;
    let bounds = await reader.bounds(DLQ_TOPIC);
    const startedMs = clock.now();
    const isOver = () => signal.aborted || clock.now() - startedMs >= STEP_MS;
    if (this.#isOutdated(bounds) || !(await this.#countNew(bounds, isOver))) {
      this.#restart();
      bounds = await reader.bounds(DLQ_TOPIC);
      await this.#countNew(bounds, isOver);
    }
    this.#readAtMs = clock.now();
    return this.#data(bounds);
  }

  /** False where the letters that were counted are not those that are there. */
  async #countNew(bounds: readonly PartitionBounds[], isOver: () => boolean): Promise<boolean> {
    const wasPaused = this.#ports.clock.now() - this.#readAtMs > PAUSE_MS;
    for (const bound of bounds) {
      if (isOver()) break;
      const counted = this.#countedOf(bound);
      if (counted.next >= bound.stableEndOffset && !wasPaused) continue;
      if (!(await this.#count(bound, counted, isOver))) return false;
    }
    return true;
  }

  /** A purge or retention took what was counted, or the DLQ is another one, with fewer letters. */
  #isOutdated(bounds: readonly PartitionBounds[]): boolean {
    return [...this.#partitions].some(([partition, { from, next, last }]) => {
      const bound = bounds.find((each) => each.partition === partition);
      if (bound === undefined || bound.endOffset < next) return true;
      return last !== null && bound.startOffset > from;
    });
  }

  #restart(): void {
    this.#partitions.clear();
    this.#statistics = new LetterStatistics();
    this.#recent = new RecentLetters();
    this.#groups = null;
  }

  #countedOf({ partition, startOffset }: PartitionBounds): CountedPartition {
    const known = this.#partitions.get(partition);
    // Where no letter is counted yet, a purge takes none off.
    if (known !== undefined && known.from >= startOffset) return known;
    const counted = { from: startOffset, next: startOffset, last: null };
    this.#partitions.set(partition, counted);
    return counted;
  }

  /** From the last letter on, to compare it: false where another one is in its place. */
  async #count(
    { partition, stableEndOffset }: PartitionBounds,
    counted: CountedPartition,
    isOver: () => boolean,
  ): Promise<boolean> {
    const { reader } = this.#ports;
    const from = counted.last?.offset ?? counted.next;
    const chunks = reader.read(DLQ_TOPIC, partition, from, stableEndOffset, CHUNK_BYTES);
    try {
      for await (const records of chunks) {
        if (records.some((record) => isAnother(record, counted.last))) return false;
        for (const record of records) this.#add(record, counted);
        if (isOver()) return true;
      }
    } catch (error) {
      // A purge or retention took it since the bounds were read.
      if (hasCode(error, 'OFFSET_OUT_OF_RANGE')) return false;
      throw error;
    }
    counted.next = stableEndOffset;
    return true;
  }

  #add(record: LogRecord, counted: CountedPartition): void {
    if (record.offset < counted.next) return;
    const letter = readDeadLetter(record);
    this.#statistics.add(letter);
    this.#recent.add(letter.timestampMs, this.#ports.clock.now());
    this.#groups = null;
    counted.next = record.offset + 1n;
    counted.last = fingerprintOf(record);
  }

  #data(bounds: readonly PartitionBounds[]): LettersData {
    const groups = (this.#groups ??= {
      reasons: this.#statistics
        .reasons()
        .slice(0, MOST_GROUPS)
        .map((group) => countOf(group)),
      coupons: this.#statistics
        .coupons()
        .slice(0, MOST_GROUPS)
        .map((group) => countOf(group)),
    });
    const listed = groups.reasons.reduce((sum, { count }) => sum + count, 0);
    return {
      total: countLetters(bounds),
      counted: [...this.#partitions.values()].reduce(
        (sum, { from, next }) => sum + Number(next - from),
        0,
      ),
      waiting: bounds.reduce((sum, bound) => sum + openTransactionRecords(bound), 0),
      ...groups,
      ungrouped: this.#statistics.matched - listed,
      recent: this.#recent.count(this.#ports.clock.now()),
    };
  }
}

function isAnother(record: LogRecord, last: Fingerprint | null): boolean {
  return record.offset === last?.offset && !sameRecord(fingerprintOf(record), last);
}

function countOf<Key>({
  key,
  count,
  firstSeenMs,
  lastSeenMs,
}: LetterGroup<Key | null>): LetterCount<Key> {
  return { key, count, firstSeenMs, lastSeenMs };
}

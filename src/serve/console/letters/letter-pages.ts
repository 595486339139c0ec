import { DLQ_TOPIC } from '../../../coupon/topics.js';
import { matchesFilter } from '../../../dead-letters/filter.js';
import { assertPartition } from '../../../dead-letters/find-letter.js';
import { scanLetters } from '../../../dead-letters/scan.js';
import type { Clock } from '../../../ports/clock.js';
import type { LogReader, PartitionBounds } from '../../../ports/log.js';
import type { LettersWanted } from '../console.js';
import type { LetterPage, LetterRow } from '../wire/letters.js';
import { boundsBelow, readCursor, spellCursor } from './cursor.js';
import { letterFilterOf } from './letter-filter.js';
import { letterRowOf } from './letter-row.js';
import { inTurns, Places } from './turns.js';

/** A filter that rarely matches reads for this long, and leaves the rest to the next page. */
const PAGE_MS = 2000;
/** Pages that are read at the same time, of all viewers: each of them takes memory and a core. */
const PAGES_AT_ONCE = 2;

export interface LetterPagesPorts {
  readonly reader: Pick<LogReader, 'bounds' | 'read'>;
  readonly clock: Pick<Clock, 'now'>;
}

/** Reads pages of dead letters, the newest first. */
export class LetterPages {
  readonly #ports: LetterPagesPorts;
  readonly #places = new Places(PAGES_AT_ONCE);

  constructor(ports: LetterPagesPorts) {
    this.#ports = ports;
  }

  /**
   * Throws CliError TOPIC_NOT_FOUND, PARTITION_OFFLINE, PARTITION_NOT_FOUND for a filter's, PAGE_NOT_FOUND, and
   * InterruptedError once the signal aborts.
   */
  page(wanted: LettersWanted, signal: AbortSignal): Promise<LetterPage> {
    return this.#places.with(() => this.#read(wanted, signal), signal);
  }

  async #read({ filter, before, limit }: LettersWanted, signal: AbortSignal): Promise<LetterPage> {
    const { reader, clock } = this.#ports;
    const deadlineMs = clock.now() + PAGE_MS;
    const bounds = await this.#boundsOf(filter.partition, before);
    const wanted = letterFilterOf(filter);
    const query = { topic: DLQ_TOPIC, bounds, filter: {}, newestFirst: true };
    const next = new Map(
      bounds.map(({ partition, stableEndOffset }) => [partition, stableEndOffset]),
    );
    const letters: LetterRow[] = [];
    let looked = 0;
    for await (const { letter } of inTurns(scanLetters(reader, query), signal)) {
      looked += 1;
      next.set(letter.partition, letter.offset);
      if (matchesFilter(letter, wanted)) letters.push(letterRowOf(letter));
      if (letters.length < limit && clock.now() < deadlineMs) continue;
      const left = offsetsBelow(next, bounds);
      return { letters, next: left === 0 ? null : spellCursor(next), looked, left };
    }
    return { letters, next: null, looked, left: 0 };
  }

  async #boundsOf(
    partition: number | undefined,
    before: string | null,
  ): Promise<readonly PartitionBounds[]> {
    const bounds = await this.#ports.reader.bounds(DLQ_TOPIC);
    if (partition !== undefined) assertPartition(partition, bounds);
    const below = before === null ? bounds : boundsBelow(readCursor(before), bounds);
    return below.filter((bound) => partition === undefined || bound.partition === partition);
  }
}

function offsetsBelow(
  next: ReadonlyMap<number, bigint>,
  bounds: readonly PartitionBounds[],
): number {
  return bounds.reduce((sum, { partition, startOffset }) => {
    const offset = next.get(partition) ?? startOffset;
    return offset > startOffset ? sum + Number(offset - startOffset) : sum;
  }, 0);
}

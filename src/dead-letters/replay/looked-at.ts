import { CliError } from '../../errors.js';
import type { Fingerprint } from '../../ports/coupon-store.js';
import type { LogReader, LogRecord, PartitionBounds } from '../../ports/log.js';
import { fingerprintOf, sameRecord } from '../../records/fingerprint.js';

/**
 * The letters that a replay looked at before it was confirmed: the last of each partition, to see that those
 * which are sent are the same. A DLQ that was deleted and recreated has others at their offsets.
 */
export class LookedAt {
  readonly #last = new Map<number, Fingerprint>();

  add(record: LogRecord): void {
    const last = this.#last.get(record.partition);
    if (last !== undefined && last.offset >= record.offset) return;
    this.#last.set(record.partition, fingerprintOf(record));
  }

  /**
   * Of the bounds at which it looked, what is still there: a purge may have moved the start. Throws CliError
   * LETTERS_REPLACED.
   */
  async remaining(
    reader: Pick<LogReader, 'bounds' | 'recordAt'>,
    topic: string,
    bounds: readonly PartitionBounds[],
  ): Promise<readonly PartitionBounds[]> {
    const present = await reader.bounds(topic);
    const remaining = bounds.map((bound) => remainingOf(topic, bound, present));
    for (const [partition, last] of this.#last) {
      const record = await reader.recordAt({ topic, partition, offset: last.offset });
      if (record !== null && !sameRecord(fingerprintOf(record), last)) throw replaced(topic);
    }
    return remaining;
  }
}

function remainingOf(
  topic: string,
  bound: PartitionBounds,
  present: readonly PartitionBounds[],
): PartitionBounds {
  const now = present.find(({ partition }) => partition === bound.partition);
  if (now === undefined || now.endOffset < bound.stableEndOffset) throw replaced(topic);
  const startOffset = now.startOffset > bound.startOffset ? now.startOffset : bound.startOffset;
  return { ...bound, startOffset };
}

function replaced(topic: string): CliError {
  return new CliError(
    'LETTERS_REPLACED',
    `The dead letters are not those that were looked at: ${topic} was deleted and recreated. Nothing was sent.`,
    'Look at the new ones, and start the replay again.',
  );
}

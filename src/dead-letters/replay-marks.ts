/** Which letters were replayed, as a store remembers it. */
import { CliError } from '../errors.js';
import type { CouponStore } from '../ports/coupon-store.js';
import type { ClusterLogReader, LogRecord, PartitionBounds } from '../ports/log.js';
import { usableInstantMs } from '../records/timestamp.js';
import { letterIdentity } from './letter-identity.js';
import { countLetters, type FoundLetter } from './scan.js';

/** Whether a letter was replayed. `unknown`: there is no store that can say. */
export type ReplayMark =
  | { readonly kind: 'replayed'; readonly atMs: number }
  | { readonly kind: 'waiting' }
  | { readonly kind: 'unknown' };

export const UNKNOWN_MARK: ReplayMark = { kind: 'unknown' };

/** What a store remembers of replays. */
export type ReplayMemory = Pick<CouponStore, 'replayedAt' | 'countReplayed'>;

export interface MarkedLetter extends FoundLetter {
  readonly mark: ReplayMark;
}

/** Either what remembers, or why there is nothing that does. */
export type OpenedMemory =
  | { readonly memory: ReplayMemory; readonly failure: null }
  | { readonly memory: null; readonly failure: CliError };

/** Asks the store about many letters at once. A store that fails is not asked again: its letters are `unknown`. */
export class ReplayMarks {
  readonly #clusterId: string;
  #opened: OpenedMemory;

  constructor(clusterId: string, opened: OpenedMemory) {
    this.#clusterId = clusterId;
    this.#opened = opened;
  }

  /** Why marks are `unknown`; null as long as none is. */
  get failure(): CliError | null {
    return this.#opened.failure;
  }

  /** In the order given. */
  async of(records: readonly LogRecord[]): Promise<readonly ReplayMark[]> {
    const { memory } = this.#opened;
    if (memory === null) return records.map(() => UNKNOWN_MARK);
    const letters = records.map((record) => letterIdentity(record, this.#clusterId));
    try {
      const times = await memory.replayedAt(letters);
      return times.map((atMs) =>
        atMs === null ? { kind: 'waiting' } : { kind: 'replayed', atMs },
      );
    } catch (error) {
      if (!(error instanceof CliError)) throw error;
      this.#opened = { memory: null, failure: error };
      return records.map(() => UNKNOWN_MARK);
    }
  }
}

/** The first letters are marked soon, since few may be wanted; later ones share a look-up. */
const FIRST_BATCH = 10;
const LARGEST_BATCH = 640;

/**
 * The letters with their marks. `wanted`: only those with this mark; throws why marks are unknown then.
 * `largestBatch`: 1 where each is to be shown as it comes.
 */
export async function* markedLetters(
  letters: AsyncIterable<FoundLetter>,
  marks: ReplayMarks,
  wanted: ReplayMark['kind'] | null,
  largestBatch = LARGEST_BATCH,
): AsyncGenerator<MarkedLetter> {
  let batch: FoundLetter[] = [];
  let size = Math.min(FIRST_BATCH, largestBatch);
  for await (const letter of letters) {
    batch.push(letter);
    if (batch.length < size) continue;
    yield* await marked(batch, marks, wanted);
    batch = [];
    size = Math.min(size * 2, largestBatch);
  }
  yield* await marked(batch, marks, wanted);
}

async function marked(
  letters: readonly FoundLetter[],
  marks: ReplayMarks,
  wanted: ReplayMark['kind'] | null,
): Promise<readonly MarkedLetter[]> {
  const found = await marks.of(letters.map(({ record }) => record));
  if (wanted !== null && marks.failure !== null) throw marks.failure;
  return letters
    .map((letter, index) => ({ ...letter, mark: found[index] ?? UNKNOWN_MARK }))
    .filter(({ mark }) => wanted === null || mark.kind === wanted);
}

/** The letters of one partition by offsets, as countLetters counts them. */
export interface LetterCount {
  readonly partition: number;
  readonly letters: number;
  /** Null where it is not known. */
  readonly replayed: number | null;
}

/**
 * Counts letters and, among them, those that were replayed: at the cost of a look-up a partition, without reading the
 * letters. The store may remember letters of a DLQ that was deleted and recreated since; those were
 * older than the first letter that is there now. Where that one has no usable timestamp, `replayed` is null.
 */
export async function countByPartition(
  topic: string,
  bounds: readonly PartitionBounds[],
  reader: Pick<ClusterLogReader, 'clusterId' | 'firstTimestamps'>,
  memory: Pick<ReplayMemory, 'countReplayed'> | null,
): Promise<readonly LetterCount[]> {
  const clusterId = await reader.clusterId();
  const filled = bounds.filter(({ startOffset, endOffset }) => endOffset > startOffset);
  const places = filled.map(({ partition, startOffset: offset }) => ({ topic, partition, offset }));
  const firsts = memory === null ? [] : await reader.firstTimestamps(places);
  const replayedIn = async ({ partition, startOffset, endOffset }: PartitionBounds) => {
    const place = places.findIndex((each) => each.partition === partition);
    const sinceMs = usableInstantMs(firsts[place] ?? 0);
    if (memory === null || sinceMs === null) return null;
    const range = { clusterId, topic, partition, fromOffset: startOffset, toOffset: endOffset };
    return memory.countReplayed({ ...range, sinceMs }).catch(nullOfStore);
  };
  return Promise.all(
    bounds.map(async (bound) => ({
      partition: bound.partition,
      letters: countLetters([bound]),
      replayed: filled.includes(bound) ? await replayedIn(bound) : 0,
    })),
  );
}

/** A store that failed since it was opened does not say. */
function nullOfStore(error: unknown): null {
  if (error instanceof CliError) return null;
  throw error;
}

/** Null where it is not known of one of the partitions. */
export function replayedOf(counts: readonly Pick<LetterCount, 'replayed'>[]): number | null {
  return counts.reduce<number | null>(
    (sum, { replayed }) => (sum === null || replayed === null ? null : sum + replayed),
    0,
  );
}

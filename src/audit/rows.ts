import { groupBy } from '../group-by.js';
import type { OutcomeRow } from '../ports/coupon-store.js';

/** The outcome rows of one partition, to be read beside its records, in the order of the log. */
export class PartitionRows {
  readonly #rows: readonly OutcomeRow[];
  #cursor = 0;

  constructor(rows: readonly OutcomeRow[]) {
    this.#rows = rows.toSorted(
      (a, b) => Number(a.position.offset - b.position.offset) || a.id - b.id,
    );
  }

  /** The rows up to but without this offset that were not taken yet. */
  takeBefore(offset: bigint): readonly OutcomeRow[] {
    return this.#takeWhile((row) => row.position.offset < offset);
  }

  /** The rows at exactly this offset: more than one where a dead letter was read again. */
  takeAt(offset: bigint): readonly OutcomeRow[] {
    return this.#takeWhile((row) => row.position.offset === offset);
  }

  /** All that were not taken yet. */
  takeRest(): readonly OutcomeRow[] {
    return this.#takeWhile(() => true);
  }

  #takeWhile(belongs: (row: OutcomeRow) => boolean): readonly OutcomeRow[] {
    const from = this.#cursor;
    for (;;) {
      const row = this.#rows[this.#cursor];
      if (row === undefined || !belongs(row)) return this.#rows.slice(from, this.#cursor);
      this.#cursor += 1;
    }
  }
}

/** The rows of a topic by partition. */
export function rowsByPartition(
  rows: readonly OutcomeRow[],
  topic: string,
): ReadonlyMap<number, PartitionRows> {
  const ofTopic = rows.filter(({ position }) => position.topic === topic);
  const groups = groupBy(ofTopic, ({ position }) => position.partition);
  return new Map([...groups].map(([partition, list]) => [partition, new PartitionRows(list)]));
}

/** The first row that decided each eventId: the one that stands. */
export function decisionsByEvent(rows: readonly OutcomeRow[]): ReadonlyMap<string, OutcomeRow> {
  const decisions = new Map<string, OutcomeRow>();
  for (const row of rows) {
    if (row.outcome === 'DEAD_LETTERED' || row.eventId === null) continue;
    if (!decisions.has(row.eventId)) decisions.set(row.eventId, row);
  }
  return decisions;
}

import type { OutcomeRow } from '../ports/coupon-store.js';
import type { RecordFacts } from './record-facts.js';

/** In a store that is broken throughout, memory must not grow with its rows. */
const MAX_CONTRADICTIONS = 10_000;

/** What the records say where the store's rows say something else: of so many rows. */
export class Contradictions {
  readonly #factsOf = new Map<number, RecordFacts>();

  add({ id }: OutcomeRow, facts: RecordFacts): void {
    if (this.#factsOf.size < MAX_CONTRADICTIONS) this.#factsOf.set(id, facts);
  }

  /** The record of this row; undefined where the row agrees with it. */
  get({ id }: OutcomeRow): RecordFacts | undefined {
    return this.#factsOf.get(id);
  }
}

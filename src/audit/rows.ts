import type { OutcomeRow } from '../ports/coupon-store.js';

/** The outcomes of one partition, to be read beside its records, in the order of the log. */
export class PartitionRows {
  readonly #pages: AsyncIterator<readonly OutcomeRow[]>;
  #page: readonly OutcomeRow[] = [];
  #next = 0;

  constructor(pages: AsyncIterable<readonly OutcomeRow[]>) {
    this.#pages = pages[Symbol.asyncIterator]();
  }

  /** The rows up to but without this offset that were not taken yet. */
  takeBefore(offset: bigint): AsyncGenerator<OutcomeRow> {
    return this.#takeWhile((row) => row.position.offset < offset);
  }

  /** The rows at exactly this offset: more than one where a dead letter was read again. */
  takeAt(offset: bigint): AsyncGenerator<OutcomeRow> {
    return this.#takeWhile((row) => row.position.offset === offset);
  }

  /** All that were not taken yet. */
  takeRest(): AsyncGenerator<OutcomeRow> {
    return this.#takeWhile(() => true);
  }

  async *#takeWhile(belongs: (row: OutcomeRow) => boolean): AsyncGenerator<OutcomeRow> {
    for (;;) {
      if (this.#next === this.#page.length && !(await this.#turnPage())) return;
      const row = this.#page[this.#next];
      if (row === undefined || !belongs(row)) return;
      this.#next += 1;
      yield row;
    }
  }

  /** False where there are no more rows. */
  async #turnPage(): Promise<boolean> {
    const page = await this.#pages.next();
    if (page.done === true) return false;
    this.#page = page.value;
    this.#next = 0;
    return page.value.length > 0 || this.#turnPage();
  }
}

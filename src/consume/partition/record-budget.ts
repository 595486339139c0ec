/** Exactly so many records, over all members: who takes some and can't apply them gives them back. */
export class RecordBudget {
  #left: number;

  constructor(records: number) {
    this.#left = records;
  }

  take(wanted: number): number {
    const taken = Math.min(wanted, this.#left);
    this.#left -= taken;
    return taken;
  }

  giveBack(records: number): void {
    this.#left += records;
  }
}

import type { History, HistoryPoint } from '../wire/history.js';

export const COLUMNS = [
  'atMs',
  'inPerSecond',
  'outPerSecond',
  'lag',
  'waitedMs',
  'issuedP50Ms',
  'issuedP99Ms',
] as const satisfies readonly (keyof History)[];

/** The latest points, in memory that never grows: a point more than there is room for takes the place of the oldest. */
export class PointColumns {
  readonly #capacity: number;
  /** Row by row; NaN: null. */
  readonly #cells: Float64Array;
  #first = 0;
  #length = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
    this.#cells = new Float64Array(capacity * COLUMNS.length);
  }

  get length(): number {
    return this.#length;
  }

  push(point: HistoryPoint): void {
    if (this.#length === this.#capacity) this.shift();
    const row = this.#rowOf(this.#length);
    for (const [column, name] of COLUMNS.entries()) this.#cells[row + column] = point[name] ?? NaN;
    this.#length += 1;
  }

  /** Takes the oldest away. */
  shift(): HistoryPoint | null {
    const point = this.at(0);
    if (point === null) return null;
    this.#first = (this.#first + 1) % this.#capacity;
    this.#length -= 1;
    return point;
  }

  /** 0: the oldest. */
  at(index: number): HistoryPoint | null {
    if (index < 0 || index >= this.#length) return null;
    const row = this.#rowOf(index);
    return {
      atMs: this.#cells[row] ?? 0,
      inPerSecond: this.#cell(row + 1),
      outPerSecond: this.#cell(row + 2),
      lag: this.#cell(row + 3),
      waitedMs: this.#cell(row + 4),
      issuedP50Ms: this.#cell(row + 5),
      issuedP99Ms: this.#cell(row + 6),
    };
  }

  #cell(place: number): number | null {
    const value = this.#cells[place] ?? NaN;
    return Number.isNaN(value) ? null : value;
  }

  #rowOf(index: number): number {
    return ((this.#first + index) % this.#capacity) * COLUMNS.length;
  }
}

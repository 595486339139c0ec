/** In a store that is broken throughout, memory must not grow with its rows. */
const MAX_CORRECTIONS = 10_000;

/** Who holds a coupon by the rules, where that differs from what the store's rows say: so many. */
export class Corrections {
  readonly #holds = new Map<string, boolean>();

  /** `byRows`: whether the store's rows say so. */
  holds(couponId: number, userId: number, byRows: boolean): boolean {
    if (this.#holds.size === 0) return byRows;
    return this.#holds.get(keyOf(couponId, userId)) ?? byRows;
  }

  set(couponId: number, userId: number, holds: boolean): void {
    if (this.#holds.size < MAX_CORRECTIONS) this.#holds.set(keyOf(couponId, userId), holds);
  }
}

function keyOf(couponId: number, userId: number): string {
  return `${couponId}/${userId}`;
}

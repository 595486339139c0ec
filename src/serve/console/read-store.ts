import type { Clock } from '../../ports/clock.js';
import type { CouponStore } from '../../ports/coupon-store.js';
import type { StoreAccess } from '../../ports/store-access.js';

/** How often it is looked whether what is open still is the store of that name. */
const CHECK_EVERY_MS = 10_000;

/**
 * The store, open to read for as long as the console runs. It may not be there yet, or be away for a while; and
 * where it was replaced or migrated, it is opened again.
 */
export class ReadStore {
  readonly #access: Pick<StoreAccess, 'open' | 'stand'>;
  readonly #clock: Pick<Clock, 'now'>;
  #opening: Promise<CouponStore> | null = null;
  #checkedMs = -Infinity;

  constructor(access: Pick<StoreAccess, 'open' | 'stand'>, clock: Pick<Clock, 'now'>) {
    this.#access = access;
    this.#clock = clock;
  }

  /** Another one than before is another store, or one that was opened again. Throws UnreachableError. */
  async get(): Promise<CouponStore> {
    await this.#check();
    return (this.#opening ??= this.#open());
  }

  /** After it has failed: the next one who asks opens it again. */
  async drop(): Promise<void> {
    const dropped = this.#opening;
    this.#opening = null;
    await dropped?.then((store) => store.close()).catch(() => undefined);
  }

  #open(): Promise<CouponStore> {
    this.#checkedMs = this.#clock.now();
    const opening = this.#access.open('read-only');
    opening.catch(() => {
      if (this.#opening === opening) this.#opening = null;
    });
    return opening;
  }

  async #check(): Promise<void> {
    if (this.#opening === null || this.#clock.now() - this.#checkedMs < CHECK_EVERY_MS) return;
    this.#checkedMs = this.#clock.now();
    const open = this.#opening;
    const isSame = await Promise.all([this.#access.stand(), open.then((store) => store.identity())])
      .then(([there, here]) => there.id === here.id)
      .catch(() => false);
    if (!isSame && this.#opening === open) await this.drop();
  }
}

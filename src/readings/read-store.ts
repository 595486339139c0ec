import type { Clock } from '../ports/clock.js';
import type { CouponStore, StoredPosition } from '../ports/coupon-store.js';
import type { StoreAccess } from '../ports/store-access.js';

/** How often it is looked whether what is open still is the store of that name. */
const CHECK_EVERY_MS = 10_000;

/**
 * The store, open to read for as long as a console or a watch runs. It may not be there yet, or be away for a while; and
 * where it was replaced or migrated, it is opened again. So it is where a consumer has moved on, and what is open is
 * a copy: of a SQLite file in a directory that this user may not write (docs/store.md).
 */
export class ReadStore {
  readonly #access: Pick<StoreAccess, 'open' | 'stand'>;
  readonly #clock: Pick<Clock, 'now'>;
  #opening: Promise<CouponStore> | null = null;
  #checkedMs = -Infinity;
  #checking: Promise<void> | null = null;

  constructor(access: Pick<StoreAccess, 'open' | 'stand'>, clock: Pick<Clock, 'now'>) {
    this.#access = access;
    this.#clock = clock;
  }

  /** Another one than before is another store, or one that was opened again. Throws UnreachableError. */
  async get(): Promise<CouponStore> {
    // Together with those who ask meanwhile: none of them is given what is about to be dropped.
    await (this.#checking ??= this.#check().finally(() => {
      this.#checking = null;
    }));
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
    if (this.#opening === null) return;
    // Less than none has passed where the clock was set back.
    const passedMs = this.#clock.now() - this.#checkedMs;
    if (passedMs >= 0 && passedMs < CHECK_EVERY_MS) return;
    this.#checkedMs = this.#clock.now();
    const open = this.#opening;
    const isSame = await this.#isStillThere(open).catch(() => false);
    if (!isSame && this.#opening === open) await this.drop();
  }

  async #isStillThere(open: Promise<CouponStore>): Promise<boolean> {
    const there = await this.#access.stand();
    // Looked at later, so that it has come at least as far, unless it is a copy of a file that was at rest.
    const store = await open;
    const [{ id }, positions] = await Promise.all([store.identity(), store.allPositions()]);
    return there.id === id && there.positions.every((each) => hasReached(positions, each));
  }
}

function hasReached(positions: readonly StoredPosition[], each: StoredPosition): boolean {
  return positions.some(
    (other) => keyOf(other) === keyOf(each) && other.nextOffset >= each.nextOffset,
  );
}

function keyOf({ clusterId, group, topic, partition }: StoredPosition): string {
  return JSON.stringify([clusterId, group, topic, partition]);
}

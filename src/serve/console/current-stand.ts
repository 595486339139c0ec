import { CliError } from '../../errors.js';
import type { Clock } from '../../ports/clock.js';
import type { StoreStand } from '../../ports/group-store.js';
import { standOf } from '../../records/store-comparison.js';
import type { ReadStore } from '../../readings/read-store.js';

/** A look at the group does not wait longer for the store than this. */
const MOST_WAIT_MS = 500;

/** How far the store has read now, for whatever compares it with a group. */
export class CurrentStand {
  readonly #readStore: Pick<ReadStore, 'get'>;
  readonly #path: string;
  readonly #clock: Clock;
  #isAsking = false;

  /** `path`: where the store is (StorePlace). */
  constructor(readStore: Pick<ReadStore, 'get'>, path: string, clock: Clock) {
    this.#readStore = readStore;
    this.#path = path;
    this.#clock = clock;
  }

  /** Null where there is no store that can be read, or it takes too long to answer. */
  async read(): Promise<StoreStand | null> {
    if (this.#isAsking) return null;
    this.#isAsking = true;
    const over = new AbortController();
    const late = this.#clock.wait(MOST_WAIT_MS, over.signal).then(() => null);
    const stand = this.#ask().finally(() => {
      this.#isAsking = false;
    });
    try {
      return await Promise.race([stand, late]);
    } finally {
      over.abort();
    }
  }

  async #ask(): Promise<StoreStand | null> {
    try {
      return await standOf(await this.#readStore.get(), this.#path);
    } catch (error) {
      if (error instanceof CliError) return null;
      throw error;
    }
  }
}

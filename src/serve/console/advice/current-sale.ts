import type { SaleFacts } from '../../../advice/facts.js';
import { decidedAround, saleFacts } from '../../../advice/sale.js';
import { CliError } from '../../../errors.js';
import type { Clock } from '../../../ports/clock.js';
import type { OutcomeMinute } from '../../../ports/store-history.js';
import type { ReadStore } from '../../../readings/read-store.js';

/** Advice does not wait longer for the store than this. */
const MOST_WAIT_MS = 500;

interface Look {
  readonly atMs: number;
  readonly decided: readonly OutcomeMinute[];
}

/** What is on sale, and what was decided since the looks of so long ago. */
export class CurrentSale {
  readonly #readStore: Pick<ReadStore, 'get'>;
  readonly #clock: Clock;
  readonly #sinceMs: number;
  #looks: readonly Look[] = [];

  constructor(readStore: Pick<ReadStore, 'get'>, clock: Clock, sinceMs: number) {
    this.#readStore = readStore;
    this.#clock = clock;
    this.#sinceMs = sinceMs;
  }

  /** Null where there is no store that can be read, or it takes too long to answer. */
  async read(): Promise<SaleFacts | null> {
    const over = new AbortController();
    const late = this.#clock.wait(MOST_WAIT_MS, over.signal).then(() => null);
    try {
      return await Promise.race([this.#ask(), late]);
    } finally {
      over.abort();
    }
  }

  async #ask(): Promise<SaleFacts | null> {
    try {
      const store = await this.#readStore.get();
      const atMs = this.#clock.now();
      const decided = await decidedAround(store, atMs - this.#sinceMs, atMs);
      const recent = this.#looks.filter((look) => atMs - look.atMs <= this.#sinceMs);
      this.#looks = [...recent, { atMs, decided }];
      const before = this.#looks[0]?.decided ?? decided;
      return await saleFacts(store, atMs, { before, after: decided });
    } catch (error) {
      if (error instanceof CliError) return null;
      throw error;
    }
  }
}

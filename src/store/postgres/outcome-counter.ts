import { setTimeout as passed } from 'node:timers/promises';
import { StoreUnavailableError } from '../../ports/coupon-store.js';
import type { OutcomeTotals } from '../../ports/store-figures.js';
import type { Query } from './connection/query.js';
import { SettledIds, type TableView } from './settled-ids.js';
import { countRecent, countSettled, toCount, viewTable } from './tables/outcome-figures.js';

/** Reads on one connection, one statement behind the other. */
export type Read = <Row>(query: Query<Row>) => Promise<readonly Row[]>;

/** How long most transactions of consumers take, with some thousand requests in each. */
const TRANSACTION_MS = 30;

/** Counts outcomes, and remembers for it which transactions were running. */
export class OutcomeCounter {
  readonly #read: Read;
  /** As messages name it. */
  readonly #store: string;
  readonly #settledIds = new SettledIds();

  constructor(read: Read, store: string) {
    this.#read = read;
    this.#store = store;
  }

  /** Each statement sees all that the one before it saw. Throws StoreUnavailableError. */
  async totals(afterId: number, maxRows: number): Promise<OutcomeTotals> {
    const upToId = await this.#settledTo(afterId + maxRows);
    const settled = await this.#read(countSettled(afterId, upToId, maxRows));
    const isAll = settled.reduce((sum, [, , rows]) => sum + rows, 0) < maxRows;
    const lastId = settled.reduce((last, [, , , id]) => Math.max(last, id), afterId);
    const settledTo = isAll ? Math.max(afterId, upToId) : lastId;
    const recent = isAll ? await this.#read(countRecent(settledTo)) : [];
    return { settledTo, settled: settled.map(toCount), recent: recent.map(toCount), isAll };
  }

  /**
   * While consumers write, what is visible now is settled a moment later. It waits for that, unless there is enough to
   * count already: else most rows would be counted as recent ones first, and so twice.
   */
  async #settledTo(enoughToId: number): Promise<number> {
    const view = await this.#view();
    const settledTo = this.#settledIds.settledTo(view);
    if (view.writers.length === 0 || settledTo >= enoughToId) return settledTo;
    await passed(TRANSACTION_MS);
    return this.#settledIds.settledTo(await this.#view());
  }

  async #view(): Promise<TableView> {
    const [[isStandby, lastId, writers] = NO_VIEW] = await this.#read(viewTable());
    if (isStandby) throw onStandby(this.#store);
    return { lastId, writers };
  }
}

/** Never given: a SELECT without FROM has a row. */
const NO_VIEW = [false, 0, []] as const;

function onStandby(store: string): StoreUnavailableError {
  return new StoreUnavailableError(
    'STORE_READ_ONLY',
    `Cannot count the outcomes in ${store}: it is a standby, which does not know what its primary is writing.`,
    { hint: 'Name the primary server with --store.' },
  );
}

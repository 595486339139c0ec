/** What one statement saw of the table of outcomes. */
export interface TableView {
  /** The last id that was visible when the statement began; 0 where there was none. */
  readonly lastId: number;
  /** The transactions that held the lock of an INSERT a moment later. */
  readonly writers: readonly string[];
}

/**
 * Finds up to which id all rows are there. A transaction draws its ids before it commits, so a row may become visible
 * after others with higher ids. But before it draws one, its INSERT has locked the table (ROW EXCLUSIVE), and the
 * lock is given back when its rows are visible
 * (https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-TABLES). So once every transaction has
 * ended that held the lock when an id was visible already, nothing comes among the ids up to that one any more.
 *
 * The numbers of transactions (pg_snapshot_xmin and xmax) can't say it: a snapshot's xmax is one above the last that
 * has *ended*, so higher ones may be running; and a transaction of another database would hold all of it up.
 */
export class SettledIds {
  #settledTo = 0;
  /** What waits for transactions to end, the latest last. Each has fewer of them than the next. */
  #views: readonly TableView[] = [];

  /** Up to which id the statements that come after this view see all rows. */
  settledTo(view: TableView): number {
    // It was set back, as by a failover to a standby that lacks commits: ids will be drawn a second time.
    if (view.lastId < this.#settledTo) {
      this.#settledTo = 0;
      this.#views = [];
    }
    const running = new Set(view.writers);
    const views = [...this.#views, view].map(({ lastId, writers }) => ({
      lastId,
      writers: writers.filter((writer) => running.has(writer)),
    }));
    for (const { lastId, writers } of views) {
      if (writers.length === 0) this.#settledTo = Math.max(this.#settledTo, lastId);
    }
    // A view that waits for what the next one waits for is settled with it, at a lower id.
    this.#views = views.filter(
      ({ writers }, index) =>
        writers.length > 0 && writers.length !== views[index + 1]?.writers.length,
    );
    return this.#settledTo;
  }
}

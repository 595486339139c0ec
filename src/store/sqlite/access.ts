import { existsSync } from 'node:fs';
import type { ConsumerStore, CouponStore } from '../../ports/coupon-store.js';
import type { StoreStand } from '../../ports/group-store.js';
import type { NewEvent } from '../../ports/store-history.js';
import type {
  MigrationProgress,
  StoreAccess,
  StoreCondition,
  StoreHealth,
  StoreMigration,
  StoreMode,
  TransactionListener,
} from '../../ports/store-access.js';

/** Each way in is loaded when it is taken: loading SQLite is a tenth of the time of a short command. */
export class SqliteAccess implements StoreAccess {
  readonly name: string;
  readonly #threadScript: URL;

  /** `threadScript`: what thread/main.ts was built to. */
  constructor(path: string, threadScript: URL) {
    this.name = path;
    this.#threadScript = threadScript;
  }

  /** A file without tables is no store: a copy that failed, or that lacks the write-ahead log. */
  async exists(): Promise<boolean> {
    if (!existsSync(this.name)) return false;
    const { isEmptyFile } = await import('./health.js');
    return !isEmptyFile(this.name);
  }

  async open(
    mode: StoreMode,
    onProgress?: (progress: MigrationProgress) => void,
  ): Promise<CouponStore> {
    const { openStore } = await import('./open.js');
    return openStore(this.name, { mode, ...(onProgress === undefined ? {} : { onProgress }) });
  }

  async openForConsumer(onTransaction?: TransactionListener): Promise<ConsumerStore> {
    const { startStoreThread } = await import('./thread/start.js');
    return startStoreThread(this.#threadScript, this.name, onTransaction);
  }

  async recordEvents(events: readonly NewEvent[], limitMs: number): Promise<void> {
    const { recordEvents } = await import('./record-events.js');
    recordEvents(this.name, events, limitMs);
  }

  async stand(): Promise<StoreStand> {
    const { readStand } = await import('./stand.js');
    return readStand(this.name);
  }

  async condition(): Promise<StoreCondition> {
    const { readCondition } = await import('./condition.js');
    return readCondition(this.name);
  }

  async health(): Promise<StoreHealth> {
    const { inspectStore } = await import('./health.js');
    return inspectStore(this.name);
  }

  async pendingMigration(): Promise<StoreMigration> {
    const { inspectMigration } = await import('./migrations/pending-migration.js');
    return inspectMigration(this.name);
  }
}

/** What a command needs of a store before it is open, or instead of opening it. */
import type { ConsumerStore, CouponStore } from './coupon-store.js';
import type { StoreStand } from './group-store.js';
import type { NewEvent } from './store-history.js';

/**
 * `create` makes the store where there is none; `read-write` needs it to be there. Both bring an older schema
 * up to date. `read-only` changes nothing, and needs the schema to be this version's.
 */
export type StoreMode = 'create' | 'read-write' | 'read-only';

/** How far a migration has come, in outcomes. */
export interface MigrationProgress {
  readonly done: number;
  readonly total: number;
}

/** What opening a store to write would do to its schema. */
export interface StoreMigration {
  /** Equals `toVersion` where there is nothing to migrate; 0 where the store is empty. */
  readonly fromVersion: number;
  readonly toVersion: number;
  /** Outcomes to copy; 0 where the schema is up to date. */
  readonly rows: number;
  readonly sizeBytes: number;
}

/** What of a store holds up its consumers, or will. */
export interface StoreCondition {
  /** Another process has held the lock for writing for as long as this one waited for it. */
  readonly isLocked: boolean;
  /** What a file's write-ahead log takes beside it; 0 for a database on a server, which has one of its own. */
  readonly writeAheadLogBytes: number;
}

/** A larger write-ahead log says that a process reads an old state of the store, so that the log can't start again. */
export const LARGE_LOG_BYTES = 64 * 2 ** 20;

export interface StoreHealth extends StoreCondition {
  readonly schemaVersion: number;
  /** To which this version of coupons migrates an older store when it writes. */
  readonly latestSchemaVersion: number;
  /** What a check of its integrity found; empty: no damage. */
  readonly damages: readonly string[];
  readonly sizeBytes: number;
  /** Null: the store is a file. */
  readonly server: ServerHealth | null;
}

/** Of the database server that has the store, as a session of this store sees it. */
export interface ServerHealth {
  /** "18.4" */
  readonly version: string;
  /** 18 */
  readonly majorVersion: number;
  /** It replays another server's log, and takes no writes. */
  readonly isStandby: boolean;
  /** Those that are off, and on which it depends that a crash loses nothing acknowledged: "fsync". */
  readonly unsafeSettings: readonly string[];
  /** What the user may not do with the store's tables, and a consumer does. */
  readonly missingPrivileges: readonly TablePrivilege[];
  readonly connections: number;
  /** For users without reserved connections. */
  readonly connectionLimit: number;
  /** How far its clock is ahead of this machine's; below 0: behind. */
  readonly clockAheadMs: number;
  /** "TLSv1.3"; null: this connection is not encrypted. */
  readonly tls: string | null;
}

/** "INSERT", "coupons.applied_record", "app"; the names in quotes where SQL needs that. */
export interface TablePrivilege {
  readonly privilege: string;
  readonly table: string;
  readonly user: string;
}

/**
 * The password of a store's user, read each time that a server asks for it; null: there is none to be found.
 * Throws UsageError where it can't be read.
 */
export type StorePassword = () => string | null;

/** One transaction of applyBatch that was committed. */
export interface StoreTransaction {
  /** How many batches shared it. */
  readonly batches: number;
  /** From its start, waiting for locks included, to its being durable. */
  readonly elapsedMs: number;
}

export type TransactionListener = (transaction: StoreTransaction) => void;

/**
 * One store that --store names, whatever keeps it. All of it throws UnreachableError where the store can't be
 * used: STORE_NOT_FOUND where there is none, but for `exists` and for `open` to create.
 */
export interface StoreAccess {
  /** As messages name it: the file, or the database's URL without a password. */
  readonly name: string;
  exists(): Promise<boolean>;
  open(mode: StoreMode, onProgress?: (progress: MigrationProgress) => void): Promise<CouponStore>;
  /** An existing store of this version's schema, for what applies batches without a pause. */
  openForConsumer(onTransaction?: TransactionListener): Promise<ConsumerStore>;
  /**
   * Writes events into a store of this version's schema, beside whatever has it open; creates and migrates nothing.
   * Waits for the lock of another process for at most `limitMs`.
   */
  recordEvents(events: readonly NewEvent[], limitMs: number): Promise<void>;
  /** Which store it is, and how far it has read, at little cost. */
  stand(): Promise<StoreStand>;
  /** At little cost; waits half a second for a lock. */
  condition(): Promise<StoreCondition>;
  /** Looks, and changes nothing; so does the next one. */
  health(): Promise<StoreHealth>;
  pendingMigration(): Promise<StoreMigration>;
}

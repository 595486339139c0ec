/** What a command needs of a store before it is open, or instead of opening it. */
import type { ConsumerStore, CouponStore } from './coupon-store.js';
import type { StoreStand } from './group-store.js';

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

export interface StoreHealth {
  readonly schemaVersion: number;
  /** To which this version of coupons migrates an older store when it writes. */
  readonly latestSchemaVersion: number;
  /** What a check of its integrity found; empty: no damage. */
  readonly damages: readonly string[];
  /** Another process has held the lock for writing for as long as this one waited for it. */
  readonly isLocked: boolean;
  readonly sizeBytes: number;
}

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
  openForConsumer(): Promise<ConsumerStore>;
  /** Which store it is, and how far it has read, at little cost. */
  stand(): Promise<StoreStand>;
  /** Looks, and changes nothing; so does the next one. */
  health(): Promise<StoreHealth>;
  pendingMigration(): Promise<StoreMigration>;
}

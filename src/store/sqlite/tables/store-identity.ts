import type { Database } from 'better-sqlite3';
import { StoreUnavailableError, type StoreIdentity } from '../../../ports/coupon-store.js';

/** Prepares the reading of the one row that says which store this is. */
export function prepareStoreIdentity(db: Database, path: string): () => StoreIdentity {
  const row = db.prepare<[], StoreIdentity>('SELECT id FROM store_identity');
  return () => {
    const identity = row.get();
    if (identity !== undefined) return identity;
    throw new StoreUnavailableError(
      'STORE_FAILED',
      `The store ${path} has no identity: another program emptied its table store_identity.`,
    );
  };
}

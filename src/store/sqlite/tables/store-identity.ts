import type { Database } from 'better-sqlite3';
import type { StoreIdentity } from '../../../ports/coupon-store.js';
import { noIdentity } from '../../no-identity.js';

/** Prepares the reading of the one row that says which store this is. */
export function prepareStoreIdentity(db: Database, path: string): () => StoreIdentity {
  const row = db.prepare<[], StoreIdentity>('SELECT id FROM store_identity');
  return () => {
    const identity = row.get();
    if (identity === undefined) throw noIdentity(path);
    return identity;
  };
}

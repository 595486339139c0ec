import type { StoreIdentity } from '../../../ports/coupon-store.js';
import { noIdentity } from '../../no-identity.js';
import { statement } from '../connection/query.js';

type IdentityRow = readonly [id: string, lastIdOf01: number, countedSinceMs: number];

export const readIdentity = statement<[], IdentityRow>(
  'read_identity',
  'SELECT id, last_id_of_0_1, counted_since_ms FROM store_identity',
);

/** `name`: of the store, for people. */
export function toIdentity(row: IdentityRow | undefined, name: string): StoreIdentity {
  if (row === undefined) throw noIdentity(name);
  return { id: row[0] };
}

import { StoreUnavailableError } from '../ports/coupon-store.js';

/** `name`: of the store, for people. */
export function noIdentity(name: string): StoreUnavailableError {
  return new StoreUnavailableError(
    'STORE_FAILED',
    `The store ${name} has no identity: another program emptied its table store_identity.`,
  );
}

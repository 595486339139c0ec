/** The store that a change is planned with. Until the change is confirmed, it is only read. */
import { hasCode } from '../../errors.js';
import type { CouponStore } from '../../ports/coupon-store.js';
import type { Services } from '../services.js';
import type { Consent } from './confirmation.js';

const STORE = { store: true } as const;

/**
 * A store that an older version made can't be read: it is asked about before it is brought up to date. Throws as
 * Services.confirm and Services.readableStore do.
 */
export async function storeToPlan(services: Services, consent: Consent): Promise<CouponStore> {
  try {
    return await services.readableStore();
  } catch (error) {
    if (!hasCode(error, 'STORE_OLDER_VERSION')) throw error;
  }
  const { fromVersion, toVersion } = await (await services.storeAccess()).pendingMigration();
  const question = `Migrate the store from schema ${String(fromVersion)} to ${String(toVersion)}`;
  await services.confirm(question, STORE, consent);
  return services.writableStore();
}

/** Likewise; one that is not there is asked about before it is created. `meaning`: of its being new. */
export async function storeToPlanOrNew(
  services: Services,
  consent: Consent,
  meaning: string,
): Promise<CouponStore> {
  try {
    return await storeToPlan(services, consent);
  } catch (error) {
    if (!hasCode(error, 'STORE_NOT_FOUND')) throw error;
    services.output.warn(`${error.message} ${meaning}`);
  }
  await services.confirm('Create a new store there', STORE, consent);
  return services.newOrExistingStore();
}

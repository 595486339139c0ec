/** Observes the store for `doctor`, and the server of one on PostgreSQL. */
import type { Check } from '../../doctor/check.js';
import { checkStore, checkStoreServer } from '../../doctor/store-checks.js';
import { failureOf, type Failure } from '../../errors.js';
import type { StoreHealth } from '../../ports/store-access.js';
import type { Services } from '../services.js';
import { obstacleTo } from './obstacle.js';

export async function examineStore(services: Services): Promise<readonly Check[]> {
  const { kind, name } = services.options.store;
  const seen = await lookAtStore(services);
  const server = seen === null || 'message' in seen ? null : seen.server;
  return [
    checkStore(name, seen, kind === 'sqlite' ? obstacleTo(name) : null),
    ...(server === null ? [] : [checkStoreServer(server)]),
  ];
}

async function lookAtStore(services: Services): Promise<StoreHealth | Failure | null> {
  try {
    return await (await services.storeAccess()).health();
  } catch (error) {
    const failure = failureOf(error);
    return failure.code === 'STORE_NOT_FOUND' ? null : failure;
  }
}

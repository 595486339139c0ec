/** Which cluster a change reaches: two of them may have one address. */
import { CliError } from '../../errors.js';
import type { Clock } from '../../ports/clock.js';
import type { ClusterLogReader } from '../../ports/log.js';
import type { StoreAccess } from '../../ports/store-access.js';
import type { Target } from './target.js';

/** The cluster and the store of a command. */
export interface Reached {
  reader(): Promise<Pick<ClusterLogReader, 'clusterId'>>;
  storeAccess(): Promise<Pick<StoreAccess, 'stand'>>;
}

/** With the id of the cluster where it is known. Throws CliError where the cluster or the store can't be reached. */
export async function identified(services: Reached, target: Target): Promise<Target> {
  if (target.clusterId !== undefined) return target;
  if (target.topics !== undefined) {
    return { ...target, clusterId: await (await services.reader()).clusterId() };
  }
  return target.store === true ? { ...target, clusterId: await clusterOfStore(services) } : target;
}

/** There is none yet, or it says so only after a migration. */
const UNTOLD: readonly string[] = ['STORE_NOT_FOUND', 'STORE_OLDER_VERSION'];

/** Usually one id; null where the store has read nothing. */
async function clusterOfStore(services: Reached): Promise<string | null> {
  try {
    const { positions } = await (await services.storeAccess()).stand();
    const ids = [...new Set(positions.map(({ clusterId }) => clusterId))];
    return ids.length === 0 ? null : ids.join(', ');
  } catch (error) {
    if (error instanceof CliError && UNTOLD.includes(error.code)) return null;
    throw error;
  }
}

const QUICK_MS = 1000;

/** For a command that also starts without the cluster: null where that has not answered within a second. */
export async function clusterIdIfQuick(
  services: Reached & { readonly clock: Clock },
): Promise<string | null> {
  const over = new AbortController();
  const late = services.clock.wait(QUICK_MS, over.signal).then(() => null);
  const asked = services.reader().then((reader) => reader.clusterId());
  const known = asked.catch((error: unknown) => {
    if (!(error instanceof CliError)) throw error;
    return null;
  });
  const clusterId = await Promise.race([known, late]);
  over.abort();
  return clusterId;
}

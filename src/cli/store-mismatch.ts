/** Compares the store of --store with what a group has committed. */
import { CONSUMER_GROUP, REQUEST_TOPIC } from '../coupon/topics.js';
import { CliError, failureOf, type Failure } from '../errors.js';
import type { StoreMismatch, StoreStand } from '../ports/group-store.js';
import {
  comparedNow,
  standOf,
  storeMismatch,
  type ComparedStore,
} from '../records/store-comparison.js';
import { mismatchText } from '../words/en/store-mismatch.js';
import type { Services } from './services.js';

/** Of the store that there is to compare; null where there is none that can be read. */
export async function comparableStand(services: Services): Promise<StoreStand | null> {
  return services.storeStand().catch((error: unknown) => {
    if (!(error instanceof CliError)) throw error;
    services.output.detail(error.message);
    return null;
  });
}

/** Null where there is no store; a failure where it can't be read. */
export async function standOrFailure(services: Services): Promise<StoreStand | Failure | null> {
  return services.storeStand().catch((error: unknown) => {
    if (!(error instanceof CliError)) throw error;
    return error.code === 'STORE_NOT_FOUND' ? null : failureOf(error);
  });
}

/** How long a command that needs only the store waits for the cluster's word on it. */
const QUICK_MS = 1000;

/**
 * The same after the answer of a command that needs only the store: silent with --quiet, and where the cluster has not
 * answered within a second.
 */
export async function warnOfMismatchIfQuick(
  services: Services,
  store: ComparedStore,
): Promise<void> {
  if (services.output.isQuiet) return;
  const over = new AbortController();
  const late = services.clock.wait(QUICK_MS, over.signal).then(() => null);
  const mismatch = await Promise.race([
    mismatchNow(services, store, CONSUMER_GROUP, REQUEST_TOPIC),
    late,
  ]);
  over.abort();
  if (mismatch !== null) services.output.warn(mismatchText(mismatch, CONSUMER_GROUP));
}

/**
 * Says on stderr where the store does not belong to the group's log, beside the answer of a command that reads
 * both. What can't be compared (a user may not read the group's offsets) is left.
 */
export async function warnOfMismatch(
  services: Services,
  store: ComparedStore,
  group: string,
  topic: string,
): Promise<void> {
  const mismatch = await mismatchNow(services, store, group, topic);
  if (mismatch !== null) services.output.warn(mismatchText(mismatch, group));
}

/** Null where the store is the group's, and where that can't be told. */
async function mismatchNow(
  services: Services,
  store: ComparedStore,
  group: string,
  topic: string,
): Promise<StoreMismatch | null> {
  try {
    const [admin, reader] = [await services.admin(), await services.reader()];
    const compared = await comparedNow(admin, reader, group, topic);
    const stand = await standOf(store, services.storePlace().path);
    return await storeMismatch(stand, reader, compared);
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    services.output.detail(error.message);
    return null;
  }
}

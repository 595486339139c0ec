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
import { mismatchFix, mismatchText } from '../words/en/store-mismatch.js';
import type { Services } from './services.js';

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
 * Says on stderr where the store is not the group's, after the answer of a command that needs only the store: silent with --quiet, and where the cluster has not
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
 * For a command that decides by the store and writes to it: throws CliError, with the mismatch's code, where it is
 * another cluster's or another group's. Offsets alone prove nothing: another program may have read for the group.
 */
export async function refuseOtherStore(
  services: Services,
  store: ComparedStore,
  group: string,
  topic: string,
): Promise<void> {
  const mismatch = await mismatchNow(services, store, group, topic);
  if (mismatch === null) return;
  const text = mismatchText(mismatch, group);
  if (mismatch.code === 'OFFSETS_AHEAD_OF_STORE') {
    services.output.warn(text);
    return;
  }
  const fix = services.pasted(mismatchFix(mismatch, { group, host: services.storePlace().host }));
  throw new CliError(mismatch.code, text, `Nothing was sent. See \`${fix}\`.`);
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

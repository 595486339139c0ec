/** Compares the store of --store with what a group has committed. */
import { CliError } from '../errors.js';
import type { StoreStand } from '../ports/group-store.js';
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
  try {
    const [admin, reader] = [await services.admin(), await services.reader()];
    const compared = await comparedNow(admin, reader, group, topic);
    const stand = await standOf(store, services.storePlace().path);
    const mismatch = await storeMismatch(stand, reader, compared);
    if (mismatch !== null) services.output.warn(mismatchText(mismatch, group));
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    services.output.detail(error.message);
  }
}

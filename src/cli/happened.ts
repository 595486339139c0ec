import { messageOf } from '../errors.js';
import type { EventDetails } from '../ports/store-history.js';
import { actor } from './actor.js';
import type { Services } from './services.js';

/** How long a command waits for its event to be written. */
const LIMIT_MS = 1000;

/**
 * Writes what a command did into the history of the store, where there is a store that takes it. Never rejects, and
 * takes a second at most: what was done is done, whether or not it is remembered.
 */
export async function happened(services: Services, details: EventDetails): Promise<void> {
  const { clock, output } = services;
  const over = new AbortController();
  const late = clock.wait(LIMIT_MS, over.signal).then(() => {
    if (!over.signal.aborted)
      output.detail(
        'The history of the store does not have this: it did not answer within a second.',
      );
  });
  const event = { ...details, atMs: clock.now(), actor: actor() };
  const recorded = services
    .storeAccess()
    .then((access) => access.recordEvents([event], LIMIT_MS))
    .catch((error: unknown) => {
      output.detail(`The history of the store does not have this: ${messageOf(error)}`);
    });
  await Promise.race([recorded, late]);
  over.abort();
}

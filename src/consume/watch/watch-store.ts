import type { Clock } from '../../ports/clock.js';
import type { ConsumerStore } from '../../ports/coupon-store.js';
import { STORE, STORE_AT_REST, type Outages } from '../outages.js';
import type { OnTheWay } from '../partition/on-the-way.js';
import { look, silence } from './look.js';

/** A store that has not been asked for so long is looked at. */
const REST_MS = 10_000;
/** After so long none of the run's partitions has work for it: whatever failed before, a look decides. */
const LONG_REST_MS = 60_000;

/**
 * A run without requests does not use its store: this looks at it then, by one statement that locks nothing, and
 * reports that it does not work, and when it does again. It ends no run: what refuses a look may take a request.
 */
export async function watchStore(
  ports: Clock & { readonly store: Pick<ConsumerStore, 'identity'> },
  outages: Outages,
  onTheWay: OnTheWay,
  signal: AbortSignal,
): Promise<void> {
  const away = (error: Error) => {
    if (!signal.aborted) outages.failed(STORE_AT_REST, error);
  };
  let lookedAtMs = ports.now();
  while (!signal.aborted) {
    const restsMs = ports.now() - onTheWay.usedAtMs;
    const dueMs = REST_MS - Math.min(restsMs, ports.now() - lookedAtMs);
    if (onTheWay.slices > 0 || dueMs > 0) {
      await ports.wait(dueMs > 0 ? dueMs : REST_MS, signal);
      continue;
    }
    const ask = () => ports.store.identity();
    const error = await look(ports, ask, () => {
      away(silence('it has not answered'));
    });
    lookedAtMs = ports.now();
    if (error !== null) away(error);
    else outages.works(restsMs >= LONG_REST_MS ? STORE : STORE_AT_REST);
  }
}

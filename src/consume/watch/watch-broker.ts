import type { Clock } from '../../ports/clock.js';
import type { LogReader } from '../../ports/log.js';
import { BROKER, isWaitedFor, type Outages } from '../outages.js';
import { hasAborted, look, silence } from './look.js';

const CHECK_MS = 2000;

/**
 * Members wait for a broker without a limit: this reports that there is none, and when it is back. Throws what no
 * waiting fixes.
 */
export async function watchBroker(
  ports: Clock & { readonly reader: Pick<LogReader, 'clusterId'> },
  outages: Outages,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const ask = () => ports.reader.clusterId();
    const error = await look(ports, ask, () => {
      if (!signal.aborted) outages.failed(BROKER, silence('no broker has answered'));
    });
    if (hasAborted(signal)) return;
    if (error === null) outages.works(BROKER);
    else if (isWaitedFor(error)) outages.failed(BROKER, error);
    else throw error;
    await ports.wait(CHECK_MS, signal);
  }
}

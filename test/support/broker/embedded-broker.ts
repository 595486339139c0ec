/** An embedded broker within the test's own process, which the test can make misbehave. */
import { startBroker, type RunningBroker } from '../../../src/broker/broker.js';
import type { Clock } from '../../../src/broker/clock.js';
import { BrokerFaults } from './broker-faults.js';
import { temporaryDir } from '../temporary-dir.js';

export interface EmbeddedBroker extends RunningBroker {
  readonly faults: BrokerFaults;
  /** What it has logged so far. */
  readonly logLines: readonly string[];
}

export interface EmbeddedBrokerOptions {
  /** A new, empty one by default. */
  readonly dataDir?: string;
  /** A free one by default. */
  readonly port?: number;
  /** The machine's by default. */
  readonly clock?: Clock;
}

/** The caller stops it: in afterAll(), or in onTestFinished(). */
export async function startEmbeddedBroker(
  options: EmbeddedBrokerOptions = {},
): Promise<EmbeddedBroker> {
  const dataDir = options.dataDir ?? temporaryDir();
  const faults = new BrokerFaults();
  const logLines: string[] = [];
  const broker = await startBroker({
    dataDir,
    port: options.port ?? 0,
    faults,
    ...(options.clock === undefined ? {} : { clock: options.clock }),
    log: (_level, message) => logLines.push(message),
  });
  return { ...broker, faults, logLines };
}

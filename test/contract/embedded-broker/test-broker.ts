import { onTestFinished } from 'vitest';
import { startBroker, type RunningBroker } from '../../../src/broker/broker.js';
import { temporaryDir } from '../../support/temporary-dir.js';

/** A broker that goes with the test, and the lines it logs. */
export async function testBroker(): Promise<RunningBroker & { readonly logLines: string[] }> {
  const logLines: string[] = [];
  const broker = await startBroker({
    dataDir: temporaryDir(),
    port: 0,
    log: (_level, message) => logLines.push(message),
  });
  onTestFinished(() => broker.stop());
  return { ...broker, logLines };
}

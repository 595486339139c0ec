import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { startBroker, type RunningBroker } from '../../../src/broker/broker.js';

/** A folder that goes with the test. */
export async function temporaryDir(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'coupons-broker-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

/** A broker that goes with the test, and the lines it logs. */
export async function testBroker(): Promise<RunningBroker & { readonly logLines: string[] }> {
  const dataDir = await temporaryDir();
  const logLines: string[] = [];
  const broker = await startBroker({
    dataDir,
    port: 0,
    log: (_level, message) => logLines.push(message),
  });
  onTestFinished(() => broker.stop());
  return { ...broker, logLines };
}

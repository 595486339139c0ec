import { startBroker } from '../../broker/broker.js';
import type { Services } from '../services.js';
import { whenAborted } from '../../signals.js';
import type { CommandResult } from '../result.js';
import { brokerDir, showStatus } from './status.js';

interface Options {
  readonly port: number;
}

export async function run(services: Services, { port }: Options): Promise<CommandResult> {
  const signal = services.gracefulStop();
  const { output } = services;
  const dataDir = brokerDir(services);
  const broker = await startBroker({
    dataDir,
    port,
    log: (level, message) => {
      if (output.isQuiet && level === 'info') return;
      output.talk(`${new Date().toISOString()} ${level.toUpperCase().padEnd(5)} ${message}`);
    },
  });
  await showStatus(services, { running: true, pid: process.pid, address: broker.address });
  output.note(
    'The embedded broker is for demos, development and tests on this machine. Stop it with ctrl-C.',
  );
  await whenAborted(signal);
  await broker.stop();
  return undefined;
}

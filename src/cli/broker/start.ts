import { brokerStatus, startDetached } from '../../broker/lifecycle.js';
import type { Services } from '../services.js';
import { liveLine } from '../../output/spinner.js';
import { packageFile } from '../../package-file.js';
import type { CommandResult } from '../result.js';
import { brokerDir, showStatus } from './status.js';

interface Options {
  readonly port: number;
}

export async function run(services: Services, { port }: Options): Promise<CommandResult> {
  const dataDir = brokerDir(services);
  const before = await brokerStatus(dataDir);
  if (before.running) {
    services.output.note('The broker is already running.');
    await showStatus(services, before);
    return undefined;
  }
  const line = await liveLine(services.output, 'starting the embedded broker');
  try {
    const status = await startDetached({
      dataDir,
      command: [
        packageFile('bin/coupons.js'),
        ...['broker', 'run', '--port', String(port), '--data-dir', services.options.dataDir],
        ...['--output', 'json'],
      ],
    });
    line.stop();
    await showStatus(services, status);
  } finally {
    line.stop();
  }
  services.output.note(
    'For demos, development and tests on this machine. Stop it with `coupons broker stop`.',
  );
  return undefined;
}

import { brokerStatus, startDetached } from '../../broker/lifecycle.js';
import type { Context } from '../services.js';
import { liveLine } from '../../output/spinner.js';
import { packageFile } from '../../package-file.js';
import type { CommandResult } from '../result.js';
import { brokerDir, showStatus } from './status.js';

interface Options {
  readonly port: number;
}

export async function run(context: Context, { port }: Options): Promise<CommandResult> {
  const dataDir = brokerDir(context);
  const before = await brokerStatus(dataDir);
  if (before.running) {
    context.output.note('It is running already.');
    showStatus(context, before);
    return undefined;
  }
  const line = await liveLine(context.output, 'starting the embedded broker');
  try {
    const status = await startDetached({
      dataDir,
      command: [
        packageFile('bin/coupons.js'),
        ...['broker', 'run', '--port', String(port), '--data-dir', context.options.dataDir],
        ...['--output', 'json'],
      ],
    });
    line.stop();
    showStatus(context, status);
  } finally {
    line.stop();
  }
  context.output.note(
    'For demos, development and tests on this machine; `coupons broker stop` ends it.',
  );
  return undefined;
}

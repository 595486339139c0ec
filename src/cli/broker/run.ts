import { startBroker } from '../../broker/broker.js';
import type { Context } from '../services.js';
import { whenAborted } from '../../signals.js';
import type { CommandResult } from '../result.js';
import { brokerDir, showStatus } from './status.js';

interface Options {
  readonly port: number;
}

export async function run(context: Context, { port }: Options): Promise<CommandResult> {
  const signal = context.gracefulStop();
  const { output } = context;
  const dataDir = brokerDir(context);
  const broker = await startBroker({
    dataDir,
    port,
    log: (level, message) => {
      output.talk(`${new Date().toISOString()} ${level.toUpperCase().padEnd(5)} ${message}`);
    },
  });
  showStatus(context, { running: true, pid: process.pid, address: broker.address });
  output.note(
    'The embedded broker: for demos, development and tests on this machine. Ctrl-C stops it.',
  );
  await whenAborted(signal);
  await broker.stop();
  return undefined;
}

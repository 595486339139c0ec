import { brokerStatus, stopBroker } from '../../broker/lifecycle.js';
import type { Context } from '../services.js';
import type { CommandResult } from '../result.js';
import { brokerDir, showStatus } from './status.js';

export async function run(context: Context): Promise<CommandResult> {
  const dataDir = brokerDir(context);
  const { running } = await brokerStatus(dataDir);
  if (running) await stopBroker(dataDir);
  else context.output.note('It was not running.');
  showStatus(context, await brokerStatus(dataDir));
  return undefined;
}

import { brokerStatus, stopBroker } from '../../broker/lifecycle.js';
import type { Services } from '../services.js';
import type { CommandResult } from '../result.js';
import { brokerDir, showStatus } from './status.js';

export async function run(services: Services): Promise<CommandResult> {
  const dataDir = brokerDir(services);
  const { running } = await brokerStatus(dataDir);
  if (running) await stopBroker(dataDir);
  else services.output.note('The broker was not running.');
  await showStatus(services, await brokerStatus(dataDir));
  return undefined;
}

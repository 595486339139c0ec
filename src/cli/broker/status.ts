import { join } from 'node:path';
import { brokerStatus, type BrokerStatus } from '../../broker/lifecycle.js';
import type { Services } from '../services.js';
import { pairs } from '../../output/table.js';
import type { CommandResult } from '../result.js';

/** Exit 3 where it does not run. */
export async function run(services: Services): Promise<CommandResult> {
  const status = await brokerStatus(brokerDir(services));
  showStatus(services, status);
  if (status.running) return undefined;
  services.output.note('Start it with `coupons broker start`.');
  return 'check-failed';
}

/** The embedded broker has a folder of the data dir to itself. */
export function brokerDir({ options }: Services): string {
  return join(options.dataDir, 'broker');
}

/** docs/contract.md, "broker". The data dir is the one to give to --data-dir. */
export function showStatus(
  services: Services,
  { running, pid, address }: Pick<BrokerStatus, 'running' | 'pid' | 'address'>,
): void {
  const { paint } = services.output;
  const { dataDir } = services.options;
  services.output.result({ running, pid, address, dataDir }, () =>
    pairs(
      [
        ['broker', running ? paint.green('running') : 'not running'],
        ['address', address],
        ['pid', pid],
        ['data', dataDir],
      ],
      services.output.columns,
    ),
  );
}

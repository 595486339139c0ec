import { join } from 'node:path';
import { brokerStatus, type BrokerStatus } from '../../broker/lifecycle.js';
import type { Context } from '../services.js';
import { pairs } from '../../output/table.js';
import type { CommandResult } from '../result.js';

export async function run(context: Context): Promise<CommandResult> {
  const status = await brokerStatus(brokerDir(context));
  showStatus(context, status);
  if (!status.running) context.output.note('Start it with `coupons broker start`.');
  return undefined;
}

/** The embedded broker has a folder of the data dir to itself. */
export function brokerDir({ options }: Context): string {
  return join(options.dataDir, 'broker');
}

/** docs/contract.md, "broker". The data dir is the one to give to --data-dir. */
export function showStatus(
  context: Context,
  { running, pid, address }: Pick<BrokerStatus, 'running' | 'pid' | 'address'>,
): void {
  const { paint } = context.output;
  const { dataDir } = context.options;
  context.output.result({ running, pid, address, dataDir }, () =>
    pairs(
      [
        ['broker', running ? paint.green('running') : 'not running'],
        ['address', address],
        ['pid', pid],
        ['data', dataDir],
      ],
      context.output.columns,
    ),
  );
}

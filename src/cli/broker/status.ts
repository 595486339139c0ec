import type { ChalkInstance } from 'chalk';
import { join } from 'node:path';
import { answers } from '../../broker/answers.js';
import { brokerStatus, type BrokerStatus } from '../../broker/lifecycle.js';
import type { Services } from '../services.js';
import { pairs } from '../../output/table.js';
import type { CommandResult } from '../result.js';

/** Exit 3 where it does not run, or does not answer. */
export async function run(services: Services): Promise<CommandResult> {
  const status = await brokerStatus(brokerDir(services));
  const answered = await showStatus(services, status);
  if (answered === true) return undefined;
  services.output.note(
    status.running
      ? 'Its process is there, but it does not answer: it hangs, or is still starting.'
      : 'Start it with `coupons broker start`.',
  );
  return 'check-failed';
}

/** The embedded broker has a folder of the data dir to itself. */
export function brokerDir({ options }: Services): string {
  return join(options.dataDir, 'broker');
}

/** A broker of this machine answers within milliseconds. */
const ANSWER_LIMIT_MS = 2000;

/**
 * docs/contract.md, "broker". The data dir is the one to give to --data-dir. Resolves with whether it answers; null:
 * there is none to ask.
 */
export async function showStatus(
  services: Services,
  { running, pid, address }: Pick<BrokerStatus, 'running' | 'pid' | 'address'>,
): Promise<boolean | null> {
  const answered = address === null ? null : await answers(address, ANSWER_LIMIT_MS);
  const { paint } = services.output;
  const { dataDir } = services.options;
  services.output.result({ running, answers: answered, pid, address, dataDir }, () =>
    pairs(
      [
        ['broker', stateOf(running, answered, paint)],
        ['address', address],
        ['pid', pid],
        ['data', dataDir],
      ],
      services.output.columns,
    ),
  );
  return answered;
}

function stateOf(running: boolean, answered: boolean | null, paint: ChalkInstance): string {
  if (!running) return 'not running';
  return answered === true ? paint.green('running') : paint.yellow('running, does not answer');
}

import { readFileSync } from 'node:fs';
import type { Services } from '../services.js';
import { packageFile } from '../../package-file.js';
import type { CommandResult } from '../result.js';

/**
 * Prints a script of scripts/completion/. Each asks `coupons __complete -- <words up to the cursor>`,
 * whose first line says what follows: `words` (then a line each: value, tab, description), `files`
 * or `directories`.
 */
export function run(services: Services, _options: unknown, shell: string): Promise<CommandResult> {
  const script = readFileSync(packageFile(`scripts/completion/coupons.${shell}`), 'utf8');
  services.output.result({ shell, script }, () => script);
  return Promise.resolve(undefined);
}

import {
  NO_CONTEXT,
  configPath,
  contextNamed,
  readConfig,
  writeConfig,
} from '../../config/config-file.js';
import type { Context } from '../../context.js';
import type { CommandResult } from '../result.js';

export function run(context: Context, _options: unknown, name: string): Promise<CommandResult> {
  const file = configPath(process.env);
  const config = readConfig(file);
  contextNamed(config, name, file);
  const current = name === NO_CONTEXT ? null : name;
  writeConfig(file, { ...config, current });
  const { COUPONS_CONTEXT: byVariable = '' } = process.env;
  if (byVariable !== '' && byVariable !== name) {
    context.output.warn(
      `COUPONS_CONTEXT is set, and "${byVariable}" stays in use until it is not.`,
    );
  }
  context.output.result({ current }, () =>
    current === null ? 'No context in use.' : `Context ${current} is in use.`,
  );
  return Promise.resolve(undefined);
}

import {
  NO_CONTEXT,
  configPath,
  contextNamed,
  readConfig,
  writeConfig,
} from '../../config/config-file.js';
import type { Context } from '../../context.js';
import { UsageError } from '../../errors.js';
import type { CommandResult } from '../result.js';

export function run(context: Context, _options: unknown, name: string): Promise<CommandResult> {
  if (name === NO_CONTEXT) {
    throw new UsageError(`"${NO_CONTEXT}" stands for no context at all and is always there.`);
  }
  const file = configPath(process.env);
  const config = readConfig(file);
  contextNamed(config, name, file);
  const contexts = new Map(config.contexts);
  contexts.delete(name);
  const current = config.current === name ? null : config.current;
  writeConfig(file, { current, contexts });
  context.output.result({ deleted: name, current }, () => `Context ${name} is deleted.`);
  if (config.current === name) context.output.note('It was in use; now none is.');
  return Promise.resolve(undefined);
}

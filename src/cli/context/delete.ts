import {
  NO_CONTEXT,
  changeConfig,
  configPath,
  contextNamed,
  readConfig,
} from '../../config/config-file.js';
import type { Services } from '../services.js';
import { UsageError } from '../../errors.js';
import type { CommandResult } from '../result.js';

export async function run(
  services: Services,
  _options: unknown,
  name: string,
): Promise<CommandResult> {
  if (name === NO_CONTEXT) {
    throw new UsageError(`"${NO_CONTEXT}" means no context, and can't be deleted.`);
  }
  const file = configPath(process.env);
  const wasInUse = readConfig(file).current === name;
  const { current } = await changeConfig(file, (config) => {
    contextNamed(config, name, file);
    const contexts = new Map(config.contexts);
    contexts.delete(name);
    return { current: config.current === name ? null : config.current, contexts };
  });
  services.output.result({ deleted: name, current }, () => `Context ${name} is deleted.`);
  if (wasInUse) services.output.note('It was in use; now no context is in use.');
  return undefined;
}

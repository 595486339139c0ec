import { NO_CONTEXT, changeConfig, configPath, contextNamed } from '../../config/config-file.js';
import type { Services } from '../services.js';
import type { CommandResult } from '../result.js';

export async function run(
  services: Services,
  _options: unknown,
  name: string,
): Promise<CommandResult> {
  const file = configPath(process.env);
  const { current } = await changeConfig(file, (config) => {
    contextNamed(config, name, file);
    return { ...config, current: name === NO_CONTEXT ? null : name };
  });
  const { COUPONS_CONTEXT: byVariable = '' } = process.env;
  if (byVariable !== '' && byVariable !== name) {
    services.output.warn(
      `COUPONS_CONTEXT is set, so "${byVariable}" stays in use. Unset it to use the context chosen here.`,
    );
  }
  services.output.result({ current }, () =>
    current === null ? 'No context in use.' : `Context ${current} is in use.`,
  );
  return undefined;
}

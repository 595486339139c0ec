import { configPath, readConfig } from '../../config/config-file.js';
import type { Services } from '../services.js';
import { table } from '../../output/table.js';
import type { CommandResult } from '../result.js';

export function run(services: Services): Promise<CommandResult> {
  const file = configPath(process.env);
  const config = readConfig(file);
  const inUse = services.options.contextName;
  const contexts = [...config.contexts].map(([name, settings]) => ({
    name,
    inUse: name === inUse,
    settings,
  }));
  if (contexts.length === 0) {
    services.output.note(
      'No contexts yet: `coupons context set staging --brokers kafka.staging:9092`.',
    );
  }
  const { paint, columns } = services.output;
  services.output.result({ current: config.current, file, contexts }, () =>
    contexts.length === 0
      ? ''
      : table(
          [
            { title: 'IN USE' },
            { title: 'CONTEXT', tight: 'fold' },
            { title: 'BROKERS', tight: 'fold' },
            { title: 'LOGIN', tight: 'fold' },
            { title: 'PROTECTED' },
          ],
          contexts.map(({ name, inUse: marked, settings }) => [
            marked ? paint.green('*') : '',
            name,
            String(settings.brokers ?? '-'),
            settings['sasl-mechanism'] === undefined
              ? null
              : `${String(settings['sasl-username'] ?? '-')} (${String(settings['sasl-mechanism'])})`,
            settings.protected === true ? 'yes' : null,
          ]),
          columns,
        ),
  );
  return Promise.resolve(undefined);
}

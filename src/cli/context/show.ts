import { configPath, hasConfigPath } from '../../config/config-file.js';
import type { EffectiveSetting } from '../../config/settings.js';
import type { Services } from '../services.js';
import { table } from '../../output/table.js';
import type { CommandResult } from '../result.js';

export function run(services: Services): Promise<CommandResult> {
  const { contextName, settings } = services.options;
  const file = hasConfigPath(process.env) ? configPath(process.env) : null;
  const document = { context: contextName, file, settings };
  services.output.result(document, () =>
    table(
      [{ title: 'SETTING' }, { title: 'VALUE', tight: 'fold' }, { title: 'FROM', tight: 'fold' }],
      settings.map((setting) => [
        setting.name,
        Array.isArray(setting.value) ? setting.value.join(',') : asCell(setting.value),
        origin(setting),
      ]),
      services.output.columns,
    ),
  );
  return Promise.resolve(undefined);
}

function asCell(value: EffectiveSetting['value']): string | null {
  return value === null ? null : String(value);
}

function origin({ source, from }: EffectiveSetting): string {
  switch (source) {
    case 'flag':
    case 'environment':
    case 'context':
      return `${source} ${from ?? ''}`;
    case 'default':
      return source;
  }
}

import { accessSync, constants, statSync } from 'node:fs';
import { NO_CONTEXT, changeConfig, configPath } from '../../config/config-file.js';
import type { ContextSettings, SettingName, SettingValue } from '../../config/settings.js';
import type { Services } from '../services.js';
import { UsageError, errorOf } from '../../errors.js';
import type { OutputFormat } from '../../output/output.js';
import { pairs } from '../../output/table.js';
import { systemWords } from '../../system-words.js';
import type { CommandResult } from '../result.js';

interface Options {
  readonly defaultOutput?: OutputFormat;
  readonly protected?: boolean;
  readonly unset?: readonly SettingName[];
}

export async function run(
  services: Services,
  options: Options,
  name: string,
): Promise<CommandResult> {
  const { unset = [], defaultOutput, protected: isProtected } = options;
  const flags: ContextSettings = {
    ...services.options.flags,
    ...(defaultOutput === undefined ? {} : { output: defaultOutput }),
    ...(isProtected === undefined ? {} : { protected: isProtected }),
  };
  refuseBadName(name);
  for (const [setting, value] of Object.entries(flags)) refuseMissingFile(setting, value);
  if (Object.keys(flags).length === 0 && unset.length === 0) {
    throw new UsageError(
      `No option to save in context "${name}" was given.`,
      'Give the options to save, such as --brokers, --tls-ca or --store; or --unset.',
    );
  }
  const dropped: ReadonlySet<string> = new Set(unset);
  const { current, contexts } = await changeConfig(configPath(process.env), (config) => {
    const before = Object.entries(config.contexts.get(name) ?? {});
    const settings: ContextSettings = {
      ...Object.fromEntries(before.filter(([setting]) => !dropped.has(setting))),
      ...flags,
    };
    return { ...config, contexts: new Map([...config.contexts, [name, settings]]) };
  });
  const settings = contexts.get(name) ?? {};
  services.output.result({ name, settings }, () =>
    pairs(
      Object.entries(settings).map(([setting, value]) => [setting, String(value)]),
      services.output.columns,
    ),
  );
  if (current !== name) {
    services.output.note(
      `Use it with --context ${name}, or always: \`coupons context use ${name}\`.`,
    );
  }
  return undefined;
}

/** Files that a command would read; the store may be created later. */
const FILES: readonly string[] = [
  ...['tls-ca', 'tls-cert', 'tls-key', 'sasl-password-file', 'store-password-file'],
];

/** A context that can't be used would be noticed at the next command only, maybe at night. */
function refuseMissingFile(setting: string, value: SettingValue): void {
  if (!FILES.includes(setting)) return;
  const path = String(value);
  try {
    accessSync(path, constants.R_OK);
    if (statSync(path).isDirectory()) throw new Error('is a directory');
  } catch (error) {
    throw new UsageError(
      `--${setting} names ${path}, which can't be read: ${systemWords(errorOf(error))}. Nothing was saved.`,
      'Give the path of the file; a relative one is taken from the current directory.',
    );
  }
}

function refuseBadName(name: string): void {
  if (name === NO_CONTEXT) {
    throw new UsageError(`"${NO_CONTEXT}" means no context.`, 'Choose another name.');
  }
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name)) {
    throw new UsageError(
      `"${name}" is not a valid name for a context.`,
      'Use letters, digits, ".", "_" and "-", as in eu-west.staging.',
    );
  }
}

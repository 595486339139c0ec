/** Takes from the context in use the options that neither flag nor environment gave. */
import { dirname, resolve } from 'node:path';
import { InvalidArgumentError, type Command, type Option } from 'commander';
import {
  NO_CONTEXT,
  configPath,
  contextNamed,
  hasConfigPath,
  readConfig,
} from '../../config/config-file.js';
import {
  isPath,
  isSettingName,
  type ContextSettings,
  type SettingName,
  type SettingValue,
} from '../../config/settings.js';
import { storeLocation } from '../../config/store-location.js';
import { UsageError } from '../../errors.js';

export interface NamedContext {
  readonly name: string;
  /** The config file. */
  readonly path: string;
  readonly settings: ContextSettings;
}

/**
 * Sets the options of `program` (the root, already parsed) from the context that --context,
 * COUPONS_CONTEXT or the config file names; returns it, null for none. Throws UsageError where
 * the context, one of its values or the file is not valid; then no option is set.
 */
export function overlayContext(program: Command, env: NodeJS.ProcessEnv): NamedContext | null {
  const context = contextInUse(program, env);
  if (context === null) return null;
  const values = program.options.flatMap((option) => {
    const setting = option.name();
    if (!isSettingName(setting)) return [];
    const key = option.attributeName();
    const source = program.getOptionValueSource(key);
    const value = context.settings[setting];
    if (value === undefined || source === 'cli' || source === 'env') return [];
    return [{ key, value: parseSetting(option, setting, value, context, env) }];
  });
  for (const { key, value } of values) program.setOptionValueWithSource(key, value, 'config');
  return context;
}

function contextInUse(program: Command, env: NodeJS.ProcessEnv): NamedContext | null {
  const given: unknown = program.getOptionValue('context');
  if (given === NO_CONTEXT) return null;
  const isNamed = typeof given === 'string' && given !== '';
  if (!isNamed && !hasConfigPath(env)) return null;
  const path = configPath(env);
  const config = readConfig(path);
  const name = isNamed ? given : config.current;
  if (name === null || name === NO_CONTEXT) return null;
  return { name, path, settings: contextNamed(config, name, path) };
}

/** As the option itself would read it from the command line. */
function parseSetting(
  option: Option,
  setting: SettingName,
  value: SettingValue,
  { name, path }: NamedContext,
  env: NodeJS.ProcessEnv,
): unknown {
  const refuse = (reason: string) =>
    new UsageError(
      `"${setting}" of context "${name}" in ${path} is ${JSON.stringify(value)}. ${reason}`,
      `Fix it with \`coupons context set ${name} --${setting} ...\`.`,
    );
  if (setting === 'tls') {
    if (typeof value !== 'boolean') throw refuse('Give true or false.');
    return value;
  }
  const text = String(value);
  if (text === '') throw refuse('Give a value.');
  if (isPath(setting, text)) return resolve(dirname(path), text);
  try {
    if (setting === 'store') return storeLocation(text, env).name;
    return option.parseArg === undefined ? text : option.parseArg(text, undefined as never);
  } catch (error) {
    if (error instanceof InvalidArgumentError || error instanceof UsageError) {
      throw refuse(error.message);
    }
    throw error;
  }
}

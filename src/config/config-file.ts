/** The file that holds the contexts: reading, checking and replacing it. */
import { existsSync, mkdirSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CliError, UsageError, messageOf } from '../errors.js';
import { readGivenFile } from '../given-file.js';
import { releaseLock, takeLock } from '../lock-file.js';
import { belowHome, homeDirectory } from './home.js';
import { holdsPassword } from './store-location.js';
import { isSettingName, type ContextSettings, type SettingValue } from './settings.js';

export interface Config {
  /** The context in use where none is named; null: none. */
  readonly current: string | null;
  readonly contexts: ReadonlyMap<string, ContextSettings>;
}

/** The name that stands for no context at all; it always exists and holds nothing. */
export const NO_CONTEXT = 'default';

const EMPTY: Config = { current: null, contexts: new Map() };

/**
 * `$XDG_CONFIG_HOME/coupons/config.json`, else `~/.config/coupons/config.json`. Throws UsageError where the user has
 * no home directory.
 */
export function configPath(env: NodeJS.ProcessEnv): string {
  const home = env['XDG_CONFIG_HOME'] ?? '';
  const directory = home === '' ? belowHome('Set HOME or XDG_CONFIG_HOME.', '.config') : home;
  return join(directory, 'coupons', 'config.json');
}

/** Whether there is a place for the file; without one there is no context. */
export function hasConfigPath(env: NodeJS.ProcessEnv): boolean {
  return (env['XDG_CONFIG_HOME'] ?? '') !== '' || homeDirectory() !== null;
}

/** A missing file counts as empty. Throws UsageError for one that can't be read. */
export function readConfig(path: string): Config {
  let text: string;
  try {
    text = readGivenFile(path).toString();
  } catch (error) {
    if (isMissing(error)) return EMPTY;
    throw broken(path, messageOf(error));
  }
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    throw broken(path, messageOf(error));
  }
  return toConfig(path, content);
}

/**
 * Changes the file, one process after the other. Passes on what `change` throws, and then writes
 * nothing. Throws as readConfig and writeConfig do.
 */
export async function changeConfig(
  path: string,
  change: (config: Config) => Config,
): Promise<Config> {
  const lock = `${path}.lock`;
  await takeLock(lock).catch((error: unknown) => {
    throw notWritable(path, error);
  });
  try {
    const config = change(readConfig(path));
    writeConfig(path, config);
    return config;
  } finally {
    releaseLock(lock);
  }
}

/**
 * Replaces the file as a whole, readable by its owner only: a reader sees the old file or the new one. Throws CliError CONFIG_NOT_WRITABLE.
 */
export function writeConfig(path: string, { current, contexts }: Config): void {
  const text = JSON.stringify({ current, contexts: Object.fromEntries(contexts) }, null, 2);
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    // A symbolic link (to a repository of such files, say) stays one.
    replaceFile(existsSync(path) ? realpathSync(path) : path, `${text}\n`);
  } catch (error) {
    throw notWritable(path, error);
  }
}

function notWritable(path: string, error: unknown): CliError {
  return new CliError(
    'CONFIG_NOT_WRITABLE',
    `Cannot write the contexts to ${path}: ${messageOf(error)}`,
    'Check the permissions, or name another directory with XDG_CONFIG_HOME.',
  );
}

function replaceFile(path: string, text: string): void {
  const unfinished = `${path}.${crypto.randomUUID()}`;
  try {
    writeFileSync(unfinished, text, { mode: 0o600, flush: true });
    renameSync(unfinished, path);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw error;
  }
}

/** The settings of a context. Throws UsageError where there is none of this name. */
export function contextNamed(config: Config, name: string, path: string): ContextSettings {
  if (name === NO_CONTEXT) return {};
  const settings = config.contexts.get(name);
  if (settings !== undefined) return settings;
  const known = [...config.contexts.keys()];
  throw new UsageError(
    `There is no context "${name}" in ${path}.`,
    known.length === 0
      ? `Create it with \`coupons context set ${name} --brokers <host:port>\`.`
      : `There is ${known.join(', ')}; see \`coupons context list\`.`,
  );
}

function isMissing(error: unknown): boolean {
  const { code } = ((error as Error).cause ?? {}) as NodeJS.ErrnoException;
  return code === 'ENOENT';
}

function toConfig(path: string, content: unknown): Config {
  if (!isObject(content)) throw broken(path, 'it is not a JSON object');
  const { current = null, contexts = {}, ...unknown } = content;
  for (const name of Object.keys(unknown)) {
    throw broken(path, `it has "${name}", which this version does not know and would delete`);
  }
  if (current !== null && typeof current !== 'string') {
    throw broken(path, '"current" is not the name of a context');
  }
  if (!isObject(contexts)) throw broken(path, '"contexts" is not an object');
  return {
    current,
    contexts: new Map(
      Object.entries(contexts).map(([name, settings]) => [name, toSettings(path, name, settings)]),
    ),
  };
}

function toSettings(path: string, context: string, content: unknown): ContextSettings {
  if (!isObject(content)) throw broken(path, `context "${context}" is not an object`);
  for (const [name, value] of Object.entries(content)) {
    const owner = ownerOfPassword(name, value);
    if (owner !== null) {
      throw broken(
        path,
        `context "${context}" holds a password, which must not be in this file`,
        `Remove it, and name a variable or a file: ${owner}-password-env, ${owner}-password-file.`,
      );
    }
    if (!isSettingName(name)) throw broken(path, `context "${context}" has no setting "${name}"`);
    if (name === 'protected' && typeof value !== 'boolean') {
      throw broken(path, `"protected" of context "${context}" is neither true nor false`);
    }
    if (!isSettingValue(value)) {
      throw broken(path, `"${name}" of context "${context}" is neither text nor a number`);
    }
  }
  return content;
}

/** Of a setting that is, or has in it, a password. */
function ownerOfPassword(name: string, value: unknown): 'sasl' | 'store' | null {
  if (name === 'sasl-password') return 'sasl';
  const isInUrl = name === 'store' && typeof value === 'string' && holdsPassword(value);
  return isInUrl || name === 'store-password' ? 'store' : null;
}

function broken(
  path: string,
  reason: string,
  hint = 'Fix the file, or move it away and create its contexts again with `coupons context set`.',
): UsageError {
  return new UsageError(`Cannot use the config file ${path}: ${reason}.`, hint);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSettingValue(value: unknown): value is SettingValue {
  return ['string', 'number', 'boolean'].includes(typeof value);
}

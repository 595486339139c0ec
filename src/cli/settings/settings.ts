/** Resolves the options of every command: flag beats environment beats context beats default. */
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import type { OneSecret } from '../../config/secret.js';
import {
  SETTING_NAMES,
  isPath,
  type ContextSettings,
  type EffectiveSetting,
  type SettingName,
  type SettingValue,
} from '../../config/settings.js';
import { STORE_FILE, storeFileOf } from '../../config/store-file.js';
import { storeLocation } from '../../config/store-location.js';
import { UsageError } from '../../errors.js';
import type { TlsFiles } from '../../ports/cluster-access.js';
import type { OutputFormat } from '../../output/output.js';
import { shellWord } from '../../text/shell-word.js';
import { overlayContext, type NamedContext } from './context-overlay.js';
import { defaultDataDir, type GlobalOptions, type SaslOptions } from './options.js';
import { LEVELS, Origins } from './origins.js';
import { passwordSetting, saslPassword, storePassword, type PasswordOptions } from './passwords.js';

/** What commander read, by the names it gives them. */
interface RawOptions extends PasswordOptions {
  readonly brokers: readonly string[];
  readonly dataDir?: string;
  readonly store?: string;
  readonly output: OutputFormat;
  readonly timeout: number;
  readonly tls?: boolean;
  readonly tlsCa?: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly saslMechanism?: SaslOptions['mechanism'];
  readonly saslUsername?: string;
  readonly color: boolean;
  readonly quiet?: true;
  readonly verbose?: true;
  readonly confirmContext?: string;
}

/** lenient: a context that can't be used is ignored, so that it can be fixed. */
export type ContextUse = 'strict' | 'lenient';

/**
 * The options of one call, after commander has parsed them into `program` (the root). Throws
 * UsageError for a context that is not there or is broken, and for options that need each other.
 */
export function resolveOptions(
  program: Command,
  env: NodeJS.ProcessEnv,
  use: ContextUse = 'strict',
): GlobalOptions {
  readTlsVariable(program, env);
  const context = contextOf(program, env, use);
  const contextName = context?.name ?? null;
  const given = program.opts<RawOptions>();
  const origins = new Origins(program, contextName);
  const tlsSwitch = switchTls(given, origins);
  const dataDir = given.dataDir ?? defaultDataDir(env);
  const store = storeLocation(given.store ?? join(dataDir, storeFileOf(contextName)), env);
  const passwords = {
    sasl: saslPassword(given, origins, env),
    store: storePassword(given, origins, env),
  };
  const resolved = {
    brokers: given.brokers,
    dataDir,
    store,
    storePassword: passwords.store?.reference ?? null,
    sharedStorePath:
      given.store === undefined && contextName !== null ? join(dataDir, STORE_FILE) : null,
    format: given.output,
    timeoutMs: given.timeout * 1000,
    tls: tlsSwitch.on ? tlsFiles(given) : null,
    sasl: saslOptions(given, passwords.sasl?.reference ?? null),
    color: given.color && !isSet(env['NO_COLOR']) && env['TERM'] !== 'dumb',
    quiet: given.quiet ?? false,
    verbose: given.verbose ?? false,
    contextName,
    confirmedContext: given.confirmContext ?? null,
  };
  const entry = (name: SettingName, value: EffectiveSetting['value'] | undefined) => ({
    name,
    value: value ?? null,
    ...origins.of(name),
  });
  const settings: readonly EffectiveSetting[] = [
    entry('brokers', given.brokers),
    entry('timeout', given.timeout),
    entry('output', given.output),
    entry('data-dir', dataDir),
    entry('store', store.name),
    passwordSetting('store-password', passwords.store),
    { ...entry('tls', tlsSwitch.on), ...origins.of(tlsSwitch.by) },
    entry('tls-ca', given.tlsCa),
    entry('tls-cert', given.tlsCert),
    entry('tls-key', given.tlsKey),
    entry('sasl-mechanism', given.saslMechanism),
    entry('sasl-username', given.saslUsername),
    passwordSetting('sasl-password', passwords.sasl),
    protection(context),
  ];
  const flags = flagsToKeep(given, origins);
  return { ...resolved, settings, flags, sameFlags: sameFlags(program, flags) };
}

function protection(context: NamedContext | null): EffectiveSetting {
  const isSaved = context?.settings.protected !== undefined;
  return {
    name: 'protected',
    value: context?.settings.protected ?? false,
    source: isSaved ? 'context' : 'default',
    from: isSaved ? context.name : null,
  };
}

/** Without --timeout, which is for this one call. */
function sameFlags(program: Command, flags: ContextSettings): readonly string[] {
  const context: unknown = program.getOptionValue('context');
  const isGiven = program.getOptionValueSource('context') === 'cli';
  const words = Object.entries(flags).flatMap(([name, value]) => {
    if (name === 'timeout') return [];
    if (typeof value === 'boolean') return [value ? `--${name}` : `--no-${name}`];
    return [`--${name} ${shellWord(String(value))}`];
  });
  return isGiven ? [`--context ${shellWord(String(context))}`, ...words] : words;
}

const isSet = (value: string | undefined): value is string => value !== undefined && value !== '';

/** COUPONS_TLS=0 turns TLS off, as --no-tls does. */
function readTlsVariable(program: Command, env: NodeJS.ProcessEnv): void {
  const text = env['COUPONS_TLS'];
  if (!isSet(text) || program.getOptionValueSource('tls') !== undefined) return;
  if (!/^(1|0|true|false|yes|no|on|off)$/i.test(text)) {
    throw new UsageError(`COUPONS_TLS is "${text}".`, 'Set it to 1 or 0.');
  }
  program.setOptionValueWithSource('tls', /^(1|true|yes|on)$/i.test(text), 'env');
}

function contextOf(program: Command, env: NodeJS.ProcessEnv, use: ContextUse): NamedContext | null {
  try {
    return overlayContext(program, env);
  } catch (error) {
    if (use === 'lenient' && error instanceof UsageError) return null;
    throw error;
  }
}

/**
 * Paths become absolute: a context is used from other directories, too. --output is not kept, for it
 * says how the answer to `context set` itself is wanted.
 */
function flagsToKeep(given: RawOptions, origins: Origins): ContextSettings {
  const values: Readonly<Record<SettingName, SettingValue | undefined>> = {
    brokers: given.brokers.join(','),
    'data-dir': given.dataDir,
    store: given.store,
    output: undefined,
    protected: undefined,
    timeout: given.timeout,
    tls: given.tls,
    'tls-ca': given.tlsCa,
    'tls-cert': given.tlsCert,
    'tls-key': given.tlsKey,
    'sasl-mechanism': given.saslMechanism,
    'sasl-username': given.saslUsername,
    'sasl-password-env': given.saslPasswordEnv,
    'sasl-password-file': given.saslPasswordFile,
    'store-password-env': given.storePasswordEnv,
    'store-password-file': given.storePasswordFile,
  };
  const kept = SETTING_NAMES.flatMap((name) => {
    const value = values[name];
    if (value === undefined || !origins.isAt(name, 'cli')) return [];
    return [[name, isPath(name, String(value)) ? resolve(String(value)) : value] as const];
  });
  return Object.fromEntries(kept);
}

/** Naming a CA or a certificate turns TLS on, except where the same level says --no-tls. */
function switchTls(given: RawOptions, origins: Origins): { on: boolean; by: SettingName } {
  const names = ['tls', 'tls-ca', 'tls-cert', 'tls-key'] as const;
  for (const level of LEVELS) {
    const by = names.find((name) => origins.isAt(name, level));
    if (by !== undefined) return { on: by !== 'tls' || given.tls === true, by };
  }
  return { on: false, by: 'tls' };
}

function tlsFiles(given: RawOptions): TlsFiles {
  const files = {
    caFile: given.tlsCa ?? null,
    certFile: given.tlsCert ?? null,
    keyFile: given.tlsKey ?? null,
  };
  if ((files.certFile === null) !== (files.keyFile === null)) {
    throw new UsageError('--tls-cert and --tls-key go together.', 'Give both, or neither.');
  }
  return files;
}

function saslOptions(given: RawOptions, password: OneSecret | null): SaslOptions | null {
  const { saslMechanism: mechanism, saslUsername } = given;
  if (mechanism === undefined) return null;
  return { mechanism, username: isSet(saslUsername) ? saslUsername : null, password };
}

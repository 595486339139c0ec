/** Resolves the options of every command: flag beats environment beats context beats default. */
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { describeSecret, type SecretReference } from '../config/secret.js';
import {
  SETTING_NAMES,
  isPath,
  type ContextSettings,
  type EffectiveSetting,
  type SettingName,
  type SettingValue,
} from '../config/settings.js';
import { STORE_FILE, storeFileOf } from '../config/store-file.js';
import { storeLocation } from '../config/store-location.js';
import { UsageError } from '../errors.js';
import type { TlsFiles } from '../ports/cluster-access.js';
import type { OutputFormat } from '../output/output.js';
import { shellWord } from '../text/shell-word.js';
import { overlayContext } from './context-overlay.js';
import { defaultDataDir, type GlobalOptions, type SaslOptions } from './options.js';

/** What commander read, by the names it gives them. */
interface RawOptions {
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
  readonly saslPasswordEnv?: string;
  readonly saslPasswordFile?: string;
  readonly color: boolean;
  readonly quiet?: true;
  readonly verbose?: true;
}

/** lenient: a context that can't be used is ignored, so that it can be fixed. */
export type ContextUse = 'strict' | 'lenient';

/** By commander's names for where a value is from; the first one that says anything wins. */
const LEVELS = ['cli', 'env', 'config'] as const;

const PASSWORD_VARIABLE = 'COUPONS_SASL_PASSWORD';

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
  const contextName = contextOf(program, env, use);
  const given = program.opts<RawOptions>();
  const origins = new Origins(program, contextName);
  const tlsSwitch = switchTls(given, origins);
  const password = passwordOf(given, origins, env);
  const dataDir = given.dataDir ?? defaultDataDir(env);
  const resolved = {
    brokers: given.brokers,
    dataDir,
    store: storeLocation(given.store ?? join(dataDir, storeFileOf(contextName)), env),
    sharedStorePath:
      given.store === undefined && contextName !== null ? join(dataDir, STORE_FILE) : null,
    format: given.output,
    timeoutMs: given.timeout * 1000,
    tls: tlsSwitch.on ? tlsFiles(given) : null,
    sasl: saslOptions(given, password?.reference ?? null),
    color: given.color && !isSet(env['NO_COLOR']) && env['TERM'] !== 'dumb',
    quiet: given.quiet ?? false,
    verbose: given.verbose ?? false,
    contextName,
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
    entry('store', resolved.store.name),
    { ...entry('tls', tlsSwitch.on), ...origins.of(tlsSwitch.by) },
    entry('tls-ca', given.tlsCa),
    entry('tls-cert', given.tlsCert),
    entry('tls-key', given.tlsKey),
    entry('sasl-mechanism', given.saslMechanism),
    entry('sasl-username', given.saslUsername),
    passwordSetting(password),
  ];
  const flags = flagsToKeep(given, origins);
  return { ...resolved, settings, flags, sameFlags: sameFlags(program, flags) };
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

function contextOf(program: Command, env: NodeJS.ProcessEnv, use: ContextUse): string | null {
  try {
    return overlayContext(program, env);
  } catch (error) {
    if (use === 'lenient' && error instanceof UsageError) return null;
    throw error;
  }
}

type Origin = Pick<EffectiveSetting, 'source' | 'from'>;

/** Where the values of options come from. */
class Origins {
  constructor(
    private readonly program: Command,
    private readonly contextName: string | null,
  ) {}

  isAt(name: SettingName, level: (typeof LEVELS)[number]): boolean {
    return this.#source(name) === level;
  }

  of(name: SettingName): Origin {
    switch (this.#source(name)) {
      case 'cli':
        return { source: 'flag', from: this.#flag(name) };
      case 'env':
        return {
          source: 'environment',
          from: `COUPONS_${name.toUpperCase().replaceAll('-', '_')}`,
        };
      case 'config':
        return { source: 'context', from: this.contextName };
      default:
        return { source: 'default', from: null };
    }
  }

  #flag(name: SettingName): string {
    return this.program.getOptionValue(name) === false ? `--no-${name}` : `--${name}`;
  }

  #source(name: SettingName): string | undefined {
    const option = this.program.options.find((candidate) => candidate.name() === name);
    return option && this.program.getOptionValueSource(option.attributeName());
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
    timeout: given.timeout,
    tls: given.tls,
    'tls-ca': given.tlsCa,
    'tls-cert': given.tlsCert,
    'tls-key': given.tlsKey,
    'sasl-mechanism': given.saslMechanism,
    'sasl-username': given.saslUsername,
    'sasl-password-env': given.saslPasswordEnv,
    'sasl-password-file': given.saslPasswordFile,
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

function saslOptions(given: RawOptions, password: SecretReference | null): SaslOptions | null {
  const { saslMechanism: mechanism, saslUsername } = given;
  if (mechanism === undefined) return null;
  return { mechanism, username: isSet(saslUsername) ? saslUsername : null, password };
}

interface Password extends Origin {
  readonly reference: SecretReference;
}

/** Throws UsageError where one level names both a variable and a file. */
function passwordOf(given: RawOptions, origins: Origins, env: NodeJS.ProcessEnv): Password | null {
  for (const level of LEVELS) {
    const found: Password[] = [];
    const { saslPasswordFile: path, saslPasswordEnv: variable } = given;
    if (isSet(path) && origins.isAt('sasl-password-file', level)) {
      found.push({ reference: { kind: 'file', path }, ...origins.of('sasl-password-file') });
    }
    if (isSet(variable) && origins.isAt('sasl-password-env', level)) {
      const reference = { kind: 'environment', variable } as const;
      found.push({ reference, ...origins.of('sasl-password-env') });
    }
    if (level === 'env' && isSet(env[PASSWORD_VARIABLE])) {
      const reference = { kind: 'environment', variable: PASSWORD_VARIABLE } as const;
      found.push({ reference, source: 'environment', from: PASSWORD_VARIABLE });
    }
    const [first, second] = found;
    if (first !== undefined && second !== undefined) {
      throw new UsageError(
        `The SASL password is in ${describeSecret(first.reference)} and in ${describeSecret(second.reference)}.`,
        'Give only one of the two.',
      );
    }
    if (first !== undefined) return first;
  }
  return null;
}

function passwordSetting(password: Password | null): EffectiveSetting {
  const name = 'sasl-password';
  if (password === null) return { name, value: null, source: 'default', from: null };
  const { reference, source, from } = password;
  return { name, value: describeSecret(reference), source, from };
}

/** What every command gets: flag beats environment beats default (docs/contract.md, "Everywhere"). */
import { homedir } from 'node:os';
import { join } from 'node:path';
import { Option, type Command } from 'commander';
import { UsageError } from '../errors.js';
import type { OutputFormat } from '../output/output.js';
import { brokerList, positiveNumber } from './arguments.js';

export const SASL_MECHANISMS = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;

export interface GlobalOptions {
  readonly brokers: readonly string[];
  readonly dataDir: string;
  readonly storePath: string;
  readonly format: OutputFormat;
  /** How long one command waits for the broker. */
  readonly timeoutMs: number;
  readonly tls: TlsOptions | null;
  readonly sasl: SaslOptions | null;
  readonly color: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
}

export interface TlsOptions {
  readonly caFile: string | null;
  readonly certFile: string | null;
  readonly keyFile: string | null;
}

export interface SaslOptions {
  readonly mechanism: (typeof SASL_MECHANISMS)[number];
  readonly username: string;
  readonly password: string;
}

/** Declares the options that may stand before or after every subcommand. */
export function declareGlobalOptions(program: Command): void {
  const option = (flags: string, description: string) => new Option(flags, description);
  program
    .addOption(
      option('--brokers <host:port,...>', 'the cluster to talk to')
        .env('COUPONS_BROKERS')
        .default(['localhost:9092'], 'localhost:9092')
        .argParser(brokerList),
    )
    .addOption(
      option('--data-dir <dir>', 'where the embedded broker, the store and the log live').env(
        'COUPONS_DATA_DIR',
      ),
    )
    .addOption(option('--store <path>', 'the SQLite store').env('COUPONS_STORE'))
    .addOption(
      option('-o, --output <format>', 'what stdout carries')
        .env('COUPONS_OUTPUT')
        .choices(['table', 'json'])
        .default('table'),
    )
    .addOption(
      option('--timeout <seconds>', "one command's wait on the broker")
        .env('COUPONS_TIMEOUT')
        .default(10)
        .argParser(positiveNumber),
    )
    .addOption(option('--tls', 'connect with TLS'))
    .addOption(option('--tls-ca <file>', 'trust this CA (PEM)').env('COUPONS_TLS_CA'))
    .addOption(option('--tls-cert <file>', 'client certificate (PEM)').env('COUPONS_TLS_CERT'))
    .addOption(option('--tls-key <file>', 'its key (PEM)').env('COUPONS_TLS_KEY'))
    .addOption(
      option('--sasl-mechanism <name>', 'user and password by COUPONS_SASL_USERNAME, _PASSWORD')
        .env('COUPONS_SASL_MECHANISM')
        .choices(SASL_MECHANISMS),
    )
    .addOption(option('--no-color', 'no colour (NO_COLOR and TERM=dumb do the same)'))
    .addOption(option('-q, --quiet', 'say only what is wrong'))
    .addOption(option('-v, --verbose', 'say more on stderr'));
}

/** What commander read, by the names it gives them. */
interface RawOptions {
  readonly brokers: readonly string[];
  readonly dataDir?: string;
  readonly store?: string;
  readonly output: OutputFormat;
  readonly timeout: number;
  readonly tls?: true;
  readonly tlsCa?: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly saslMechanism?: SaslOptions['mechanism'];
  readonly color: boolean;
  readonly quiet?: true;
  readonly verbose?: true;
}

/** Throws UsageError where options that need each other are not all there. */
export function globalOptions(raw: object, env: NodeJS.ProcessEnv): GlobalOptions {
  const given = raw as RawOptions;
  const dataDir = given.dataDir ?? join(dataHome(env), 'coupons');
  return {
    brokers: given.brokers,
    dataDir,
    storePath: given.store ?? join(dataDir, 'coupons.db'),
    format: given.output,
    timeoutMs: given.timeout * 1000,
    tls: tlsOptions(given, env),
    sasl: saslOptions(given, env),
    color: given.color && !isSet(env['NO_COLOR']) && env['TERM'] !== 'dumb',
    quiet: given.quiet ?? false,
    verbose: given.verbose ?? false,
  };
}

/** `COUPONS_BROKERS=` in a script or a compose file means that it is not set. */
export function dropEmptyVariables(env: NodeJS.ProcessEnv): void {
  for (const [name, value] of Object.entries(env)) {
    // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- what undefined would not do
    if (name.startsWith('COUPONS_') && value === '') delete env[name];
  }
}

const isSet = (value: string | undefined): value is string => value !== undefined && value !== '';

function dataHome(env: NodeJS.ProcessEnv): string {
  const home = env['XDG_DATA_HOME'];
  return isSet(home) ? home : join(homedir(), '.local', 'share');
}

function tlsOptions(given: RawOptions, env: NodeJS.ProcessEnv): TlsOptions | null {
  const asked =
    given.tls ?? (isSet(env['COUPONS_TLS']) && !/^(0|false|no|off)$/i.test(env['COUPONS_TLS']));
  const files = {
    caFile: given.tlsCa ?? null,
    certFile: given.tlsCert ?? null,
    keyFile: given.tlsKey ?? null,
  };
  const named = files.caFile !== null || files.certFile !== null || files.keyFile !== null;
  if ((files.certFile === null) !== (files.keyFile === null)) {
    throw new UsageError('--tls-cert and --tls-key go together.', 'Give both, or neither.');
  }
  return asked || named ? files : null;
}

function saslOptions(given: RawOptions, env: NodeJS.ProcessEnv): SaslOptions | null {
  const mechanism = given.saslMechanism;
  if (mechanism === undefined) return null;
  const username = env['COUPONS_SASL_USERNAME'];
  const password = env['COUPONS_SASL_PASSWORD'];
  if (!isSet(username) || !isSet(password)) {
    throw new UsageError(
      `SASL ${mechanism} needs a user name and a password.`,
      'Set COUPONS_SASL_USERNAME and COUPONS_SASL_PASSWORD in the environment.',
    );
  }
  return { mechanism, username, password };
}

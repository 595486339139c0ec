/** The options of every command; docs/contract.md, "Everywhere". */
import { join } from 'node:path';
import { Option, type Command } from 'commander';
import { belowHome } from '../../config/home.js';
import type { OneSecret, SecretReference } from '../../config/secret.js';
import type { ContextSettings, EffectiveSetting } from '../../config/settings.js';
import type { StoreLocation } from '../../config/store-location.js';
import type { TlsFiles } from '../../ports/cluster-access.js';
import type { OutputFormat } from '../../output/output.js';
import { brokerList, choiceOption, duration, variableName } from '../arguments.js';

const SASL_MECHANISMS = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;

export const OUTPUT_FORMATS: readonly OutputFormat[] = ['table', 'json'];

export interface GlobalOptions {
  readonly brokers: readonly string[];
  readonly dataDir: string;
  readonly store: StoreLocation;
  /** Where the password of a store on PostgreSQL is; null: nothing says so. */
  readonly storePassword: SecretReference | null;
  /**
   * The store that contexts without --store shared before version 0.2, where `store` is now the
   * context's own; else null.
   */
  readonly sharedStorePath: string | null;
  readonly format: OutputFormat;
  /** How long one command waits for the broker. */
  readonly timeoutMs: number;
  readonly tls: TlsFiles | null;
  readonly sasl: SaslOptions | null;
  readonly color: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  /** The context in use; null where there is none. */
  readonly contextName: string | null;
  /** The context that --confirm-context names, as a change of a protected one needs it; else null. */
  readonly confirmedContext: string | null;
  /** Where each of the values above comes from. */
  readonly settings: readonly EffectiveSetting[];
  /** Those given by a flag, as a context keeps them. */
  readonly flags: ContextSettings;
  /** Options that a shown command needs to use the same cluster and store: "--brokers a:1". */
  readonly sameFlags: readonly string[];
}

export interface SaslOptions {
  readonly mechanism: (typeof SASL_MECHANISMS)[number];
  readonly username: string | null;
  readonly password: OneSecret | null;
}

/** Declares the options that may stand before or after every subcommand. */
export function declareGlobalOptions(program: Command): void {
  program.optionsGroup('Cluster and login:');
  declareCluster(program);
  program.optionsGroup('Store and files:');
  declareFiles(program);
  program
    .optionsGroup('Options:')
    .addOption(
      choiceOption('-o, --output <format>', 'format of stdout', OUTPUT_FORMATS)
        .env('COUPONS_OUTPUT')
        .default('table'),
    )
    .addOption(
      new Option(
        '--context <name>',
        'use the settings saved under this name; see coupons context',
      ).env('COUPONS_CONTEXT'),
    )
    .option(
      '--confirm-context <name>',
      'the protected context that a change is meant for, where there is no terminal to ask',
    )
    .option('--no-color', 'no colour (NO_COLOR and TERM=dumb do the same)')
    .option('-q, --quiet', 'show only warnings and errors')
    .option('-v, --verbose', 'show more on stderr');
}

function declareCluster(program: Command): void {
  const option = (flags: string, description: string) => new Option(flags, description);
  program
    .addOption(
      option('--brokers <host:port,...>', 'addresses of the cluster')
        .env('COUPONS_BROKERS')
        .default(['localhost:9092'], 'localhost:9092')
        .argParser(brokerList),
    )
    .addOption(
      option(
        '--timeout <duration>',
        'how long a command waits for the broker: seconds, or 90s, 5m, 1h30m',
      )
        .env('COUPONS_TIMEOUT')
        .default(10, '10s')
        .argParser(duration),
    )
    // settings.ts reads its variable: commander takes "0" and "false" for true.
    .addOption(option('--tls', 'connect with TLS (env: COUPONS_TLS)'))
    .addOption(
      option(
        '--no-tls',
        'connect without TLS, also where a variable or the context turns it on',
      ).hideHelp(),
    )
    .addOption(option('--tls-ca <file>', 'trust this CA (PEM)').env('COUPONS_TLS_CA'))
    .addOption(option('--tls-cert <file>', 'client certificate (PEM)').env('COUPONS_TLS_CERT'))
    .addOption(
      option('--tls-key <file>', 'key of the client certificate (PEM)').env('COUPONS_TLS_KEY'),
    )
    .addOption(
      choiceOption(
        '--sasl-mechanism <name>',
        'log in; the password is in COUPONS_SASL_PASSWORD',
        SASL_MECHANISMS,
      ).env('COUPONS_SASL_MECHANISM'),
    )
    .addOption(option('--sasl-username <name>', 'SASL user name').env('COUPONS_SASL_USERNAME'))
    .addOption(
      option('--sasl-password-file <file>', 'read the password from this file').env(
        'COUPONS_SASL_PASSWORD_FILE',
      ),
    )
    .addOption(
      option('--sasl-password-env <variable>', 'read the password from this variable').argParser(
        variableName,
      ),
    );
}

function declareFiles(program: Command): void {
  program
    .addOption(
      new Option(
        '--data-dir <dir>',
        'directory of the embedded broker, the store and the log (default: $XDG_DATA_HOME/coupons, else ~/.local/share/coupons)',
      ).env('COUPONS_DATA_DIR'),
    )
    .addOption(
      new Option(
        '--store <path|url>',
        'the store: a SQLite file (default: <data-dir>/coupons.db, with a context coupons-<context>.db) or postgres://user@host:5432/db',
      ).env('COUPONS_STORE'),
    )
    .addOption(
      new Option(
        '--store-password-file <file>',
        'read the password of a store on PostgreSQL from this file',
      ).env('COUPONS_STORE_PASSWORD_FILE'),
    )
    .addOption(
      new Option(
        '--store-password-env <variable>',
        'read it from this variable (else COUPONS_STORE_PASSWORD, PGPASSWORD or PGPASSFILE has it)',
      ).argParser(variableName),
    );
}

/** `$XDG_DATA_HOME/coupons`, else `~/.local/share/coupons`. Throws UsageError where the user has no home directory. */
export function defaultDataDir(env: NodeJS.ProcessEnv): string {
  const home = env['XDG_DATA_HOME'] ?? '';
  const hint = 'Give --data-dir, or set HOME, XDG_DATA_HOME or COUPONS_DATA_DIR.';
  return join(home === '' ? belowHome(hint, '.local', 'share') : home, 'coupons');
}

/** `COUPONS_BROKERS=` in a script or a compose file means that it is not set. */
export function dropEmptyVariables(env: NodeJS.ProcessEnv): void {
  for (const [name, value] of Object.entries(env)) {
    // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- what undefined would not do
    if (name.startsWith('COUPONS_') && value === '') delete env[name];
  }
}

/** What --store names: a file of SQLite, or a database of PostgreSQL. */
import { userInfo } from 'node:os';
import { UsageError } from '../errors.js';

export type StoreLocation = SqliteLocation | PostgresLocation;

export interface SqliteLocation {
  readonly kind: 'sqlite';
  /** The path as it was given. */
  readonly name: string;
}

/** The parts of a URL as libpq reads it; the password comes from elsewhere. */
export interface PostgresLocation {
  readonly kind: 'postgres';
  /** The URL, which holds no password. */
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  /** Null: the first one of the role's search_path. */
  readonly schema: string | null;
  readonly sslMode: SslMode;
  /** PEM files. */
  readonly sslRootCert: string | null;
  readonly sslCert: string | null;
  readonly sslKey: string | null;
}

/** https://www.postgresql.org/docs/current/libpq-ssl.html */
const SSL_MODES = ['disable', 'prefer', 'require', 'verify-ca', 'verify-full'] as const;
export type SslMode = (typeof SSL_MODES)[number];

const PARAMETERS = ['schema', 'sslmode', 'sslrootcert', 'sslcert', 'sslkey'];

const EXAMPLE = 'postgres://user@host:5432/database?schema=coupons';

export function isStoreUrl(text: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(text);
}

/** Throws UsageError for a URL that can't be used, one with a password among them. */
export function storeLocation(text: string, env: NodeJS.ProcessEnv): StoreLocation {
  return isStoreUrl(text) ? postgresLocation(text, env) : { kind: 'sqlite', name: text };
}

function postgresLocation(text: string, env: NodeJS.ProcessEnv): PostgresLocation {
  const url = parsed(text);
  const user = decoded(url.username, 'user') || (env['PGUSER'] ?? '') || userInfo().username;
  for (const name of url.searchParams.keys()) {
    if (!PARAMETERS.includes(name)) {
      throw new UsageError(
        `--store has the parameter "${name}", which coupons does not know.`,
        `It knows ${PARAMETERS.join(', ')}.`,
      );
    }
  }
  return {
    kind: 'postgres',
    name: url.href,
    host:
      decoded(url.hostname, 'host').replace(/^\[(.*)\]$/, '$1') || (env['PGHOST'] ?? 'localhost'),
    port: Number(url.port || (env['PGPORT'] ?? '') || 5432),
    database: decoded(url.pathname.slice(1), 'database') || (env['PGDATABASE'] ?? '') || user,
    user,
    schema: parameter(url, 'schema'),
    sslMode: sslModeOf(parameter(url, 'sslmode') ?? env['PGSSLMODE'] ?? 'prefer'),
    sslRootCert: parameter(url, 'sslrootcert'),
    sslCert: parameter(url, 'sslcert'),
    sslKey: parameter(url, 'sslkey'),
  };
}

function parsed(text: string): URL {
  // Never the text itself in a message: a password may be in it.
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new UsageError('--store is not a URL that can be read.', `Give ${EXAMPLE}, or a path.`);
  }
  if (!/^postgres(ql)?:$/.test(url.protocol)) {
    throw new UsageError(
      `--store is a URL of ${url.protocol.slice(0, -1)}, which is no store of coupons.`,
      `Give ${EXAMPLE}, or a path.`,
    );
  }
  if (url.password !== '' || url.searchParams.has('password')) {
    throw new UsageError(
      'The URL of --store holds a password, which other users of this machine could see.',
      'Take it out, and set PGPASSWORD, PGPASSFILE, COUPONS_STORE_PASSWORD or COUPONS_STORE_PASSWORD_FILE.',
    );
  }
  return url;
}

function decoded(part: string, what: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new UsageError(
      `The ${what} in the URL of --store is not well encoded.`,
      `Give ${EXAMPLE}.`,
    );
  }
}

function parameter(url: URL, name: string): string | null {
  const value = url.searchParams.get(name);
  return value === '' ? null : value;
}

function sslModeOf(text: string): SslMode {
  const mode = SSL_MODES.find((each) => each === text);
  if (mode !== undefined) return mode;
  throw new UsageError(`sslmode is "${text}".`, `Give one of ${SSL_MODES.join(', ')}.`);
}

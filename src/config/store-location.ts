/** What --store names: a file of SQLite, or a database of PostgreSQL. */
import { userInfo } from 'node:os';
import { isAbsolute, resolve } from 'node:path';
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
  /** The URL, complete, and without a password. */
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

/** Also one that is mistyped, such as JDBC's: a file in a directory "jdbc:postgresql:" is not what was meant. */
export function isStoreUrl(text: string): boolean {
  return /^\s*([a-z][a-z0-9+.:-]*:\/\/|postgres(ql)?:)/i.test(text);
}

/** Throws UsageError for a URL that can't be used, one with a password among them. */
export function storeLocation(text: string, env: NodeJS.ProcessEnv): StoreLocation {
  return isStoreUrl(text) ? postgresLocation(text, env) : { kind: 'sqlite', name: text };
}

/** Whether a URL has a password in it, also one that can't be read as a URL. */
export function holdsPassword(text: string): boolean {
  if (!isStoreUrl(text)) return false;
  try {
    const { password, searchParams } = new URL(text);
    return password !== '' || searchParams.has('password');
  } catch {
    return /:\/\/[^:/@]*:[^]*@|[?&]password=/.test(text);
  }
}

function postgresLocation(text: string, env: NodeJS.ProcessEnv): PostgresLocation {
  const url = parsed(text);
  refuseUnknownParts(url);
  const user = decoded(url.username, 'user') || (env['PGUSER'] ?? '') || systemUser();
  const [sslCert, sslKey] = [file(url, 'sslcert', env), file(url, 'sslkey', env)];
  if ((sslCert === null) !== (sslKey === null)) {
    throw new UsageError('sslcert and sslkey of the store go together.', 'Give both, or neither.');
  }
  const server = {
    host:
      decoded(url.hostname, 'host').replace(/^\[(.*)\]$/, '$1') || (env['PGHOST'] ?? 'localhost'),
    port: portOf(url, env),
    database: decoded(url.pathname.slice(1), 'database') || (env['PGDATABASE'] ?? '') || user,
    user,
  };
  return {
    kind: 'postgres',
    name: completed(url, server),
    ...server,
    schema: parameter(url, 'schema'),
    sslMode: sslModeOf(url, env),
    sslRootCert: file(url, 'sslrootcert', env),
    sslCert,
    sslKey,
  };
}

/** With what the URL leaves out, so that the same database has one name whatever the variables are. */
function completed(
  given: URL,
  { host, port, database, user }: Pick<PostgresLocation, 'host' | 'port' | 'database' | 'user'>,
): string {
  const url = new URL(given);
  url.protocol = 'postgres:';
  url.hostname = host.includes(':') ? `[${host}]` : encodeURIComponent(host);
  url.port = String(port);
  url.pathname = encodeURIComponent(database);
  url.username = encodeURIComponent(user);
  return url.href;
}

function parsed(text: string): URL {
  // Never the text itself in a message: a password may be in it.
  if (holdsPassword(text)) {
    throw new UsageError(
      "The store's URL holds a password, which others could see there.",
      'Take it out, and set PGPASSWORD, PGPASSFILE, COUPONS_STORE_PASSWORD or COUPONS_STORE_PASSWORD_FILE.',
    );
  }
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new UsageError("The store's URL can't be read.", `Give ${EXAMPLE}, or a path.`);
  }
  if (!/^\s*postgres(ql)?:\/\//i.test(text)) {
    throw new UsageError(
      `The store's URL begins with ${url.protocol}, but coupons knows only postgres:// and paths of files.`,
      `Give ${EXAMPLE}, or a path.`,
    );
  }
  return url;
}

function refuseUnknownParts(url: URL): void {
  if (url.hash !== '') {
    // What follows is part of a password, or of a name, and is not repeated.
    throw new UsageError("The store's URL has a # in it.", 'Write it as %23 where a name has one.');
  }
  for (const name of url.searchParams.keys()) {
    if (!PARAMETERS.includes(name)) {
      throw new UsageError(
        `The store's URL has the parameter "${name}", which coupons does not know.`,
        `It knows ${PARAMETERS.join(', ')}.`,
      );
    }
    if (url.searchParams.getAll(name).length > 1) {
      throw new UsageError(`The store's URL has the parameter "${name}" twice.`, 'Give it once.');
    }
  }
}

function portOf({ port }: URL, env: NodeJS.ProcessEnv): number {
  if (port !== '') return Number(port);
  const byVariable = env['PGPORT'] ?? '';
  if (byVariable === '') return 5432;
  if (/^\d{1,5}$/.test(byVariable) && Number(byVariable) <= 65_535) return Number(byVariable);
  throw new UsageError(`PGPORT is "${byVariable}", which is no port.`, 'Give one of 1 to 65535.');
}

function systemUser(): string {
  try {
    return userInfo().username;
  } catch {
    throw new UsageError(
      "The store's URL names no user, and this process has no user name of its own.",
      `Give one in the URL, as in ${EXAMPLE}.`,
    );
  }
}

function decoded(part: string, what: string): string {
  const text = decodedPart(part);
  if (text !== null && !text.includes('\0')) return text;
  throw new UsageError(`The ${what} in the store's URL is not well encoded.`, `Give ${EXAMPLE}.`);
}

function decodedPart(part: string): string | null {
  try {
    return decodeURIComponent(part);
  } catch {
    return null;
  }
}

function parameter(url: URL, name: string): string | null {
  const value = url.searchParams.get(name) ?? '';
  // PostgreSQL ends a text there.
  if (value.includes('\0')) {
    throw new UsageError(`${name} in the store's URL has a NUL in it.`, `Give ${EXAMPLE}.`);
  }
  return value === '' ? null : value;
}

/** By the parameter or by libpq's variable; "system" is what Node trusts anyway. */
function file(url: URL, name: string, env: NodeJS.ProcessEnv): string | null {
  const variable = `PG${name.toUpperCase()}`;
  const byUrl = parameter(url, name);
  const path = byUrl ?? env[variable] ?? '';
  if (path === '' || (name === 'sslrootcert' && path === 'system')) return null;
  if (isAbsolute(path)) return path;
  // A context is used from other directories, too.
  throw new UsageError(
    `${byUrl === null ? variable : `${name} in the store's URL`} is "${path}", which is not an absolute path.`,
    `Give ${resolve(path)}.`,
  );
}

function sslModeOf(url: URL, env: NodeJS.ProcessEnv): SslMode {
  const byUrl = parameter(url, 'sslmode');
  const byVariable = env['PGSSLMODE'] ?? '';
  const text = byUrl ?? (byVariable === '' ? 'prefer' : byVariable);
  const mode = SSL_MODES.find((each) => each === text);
  if (mode !== undefined) return mode;
  throw new UsageError(
    `${byUrl === null ? 'PGSSLMODE' : "sslmode in the store's URL"} is "${text}".`,
    `Give one of ${SSL_MODES.join(', ')}.`,
  );
}

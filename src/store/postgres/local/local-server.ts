/**
 * A PostgreSQL server on this machine, from the binaries of an npm package, whose data live as long as it does: for
 * the demo, for tests and for measurements.
 */
import { randomBytes } from 'node:crypto';
import { chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UnreachableError } from '../../../errors.js';
import {
  installedServer,
  isOpenToAll,
  reachableServer,
  serverAccount,
  type Account,
  type LocalVersion,
} from './binaries.js';
import { freePort } from './free-port.js';
import { GuardedProcess, type GuardedCommand } from './guarded-process.js';

export interface LocalServerOptions {
  /** Its major version: 18 by default. */
  readonly version?: LocalVersion;
  /** False: it waits for no disk. Then its data survive a crash of the server, but none of the machine. */
  readonly fsync?: boolean;
  /** More of its settings, as postgresql.conf names them. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** A superuser. */
const USER = 'coupons';
const START_LIMIT_MS = 60_000;

const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  shared_buffers: '32MB',
  max_connections: '200',
};

/**
 * Creates a database in a temporary directory and starts a server on it, on a free port of 127.0.0.1. Throws
 * UnreachableError: LOCAL_POSTGRES_MISSING where no server is installed, LOCAL_POSTGRES_FAILED with the server's
 * words where it does not start.
 */
export async function startLocalServer(options: LocalServerOptions = {}): Promise<LocalServer> {
  const { version = 18, fsync = true, settings = {} } = options;
  const installed = installedServer(version);
  const account = serverAccount();
  const directory = await mkdtemp(join(directoryFor(account), 'coupons-postgres-'));
  try {
    if (account !== null) await chown(directory, account.uid, account.gid);
    const native = await reachableServer(installed, account, join(directory, 'native'));
    const password = await createDatabase(join(native, 'bin', 'initdb'), directory, account);
    const port = await freePort();
    const all = { ...SETTINGS, port: String(port), fsync: fsync ? 'on' : 'off', ...settings };
    const args = ['-D', dataDirIn(directory), ...Object.entries(all).flatMap(argument)];
    const program = join(native, 'bin', 'postgres');
    const server = new LocalServer({ directory, program, args, account }, port, password);
    await server.start();
    return server;
  } catch (error) {
    await removeDirectory(directory);
    throw error;
  }
}

export class LocalServer {
  #process: GuardedProcess | null = null;

  constructor(
    private readonly command: GuardedCommand,
    readonly port: number,
    readonly password: string,
  ) {}

  /** Without the password. */
  get url(): string {
    return `postgres://${USER}@127.0.0.1:${String(this.port)}/postgres`;
  }

  /** Holds the password and nothing else. */
  get passwordFile(): string {
    return passwordFileIn(this.command.directory);
  }

  get dataDir(): string {
    return dataDirIn(this.command.directory);
  }

  /** The processes of its last start; null before. */
  get process(): GuardedProcess | null {
    return this.#process;
  }

  /** On the same port and data as before; resolves when it takes connections. It must not run. */
  async start(): Promise<void> {
    const started = await GuardedProcess.start(this.command);
    this.#process = started;
    const limit = AbortSignal.timeout(START_LIMIT_MS);
    // A standby's are "read-only connections".
    const isReady = await started.says('ready to accept', limit).catch(() => false);
    if (isReady) return;
    await this.stop('immediate');
    throw failed('did not start', started.output);
  }

  /** `fast` breaks off what runs and writes everything to disk; `immediate` leaves what a crash leaves. */
  async stop(how: 'fast' | 'immediate' = 'fast'): Promise<void> {
    this.#process?.signal(how === 'fast' ? 'SIGINT' : 'SIGQUIT');
    await this.#process?.ended;
  }

  /** Ends it and removes its data. */
  async remove(): Promise<void> {
    await this.stop('immediate');
    await removeDirectory(this.command.directory);
  }
}

/** What `initdb` does; gives the password of the superuser. */
async function createDatabase(
  initdb: string,
  directory: string,
  account: Account | null,
): Promise<string> {
  const password = randomBytes(16).toString('hex');
  await writeFile(passwordFileIn(directory), password);
  const files = ['-D', dataDirIn(directory), '--pwfile', passwordFileIn(directory)];
  const options = ['--auth', 'scram-sha-256', '--encoding', 'UTF8', '--locale', 'C', '--no-sync'];
  const args = [...files, '--username', USER, ...options];
  const running = await GuardedProcess.start({ directory, program: initdb, args, account });
  if ((await running.ended) !== 0) throw failed('could not create its database', running.output);
  return password;
}

function passwordFileIn(directory: string): string {
  return join(directory, 'password');
}

function dataDirIn(directory: string): string {
  return join(directory, 'data');
}

function argument([name, value]: [string, string]): readonly string[] {
  return ['-c', `${name}=${value}`];
}

async function removeDirectory(directory: string): Promise<void> {
  await rm(directory, { recursive: true, force: true, maxRetries: 10 });
}

function failed(what: string, output: string): UnreachableError {
  return new UnreachableError(
    'LOCAL_POSTGRES_FAILED',
    `The PostgreSQL server that was started on this machine ${what}:\n${output.trimEnd()}`,
    'Its own words say why; or give the URL of a server that runs: --store postgres://user@host:5432/database.',
  );
}

/** Root may have a temporary directory that the server's account can't enter. */
function directoryFor(account: Account | null): string {
  const found = [tmpdir(), '/tmp'].find((path) => account === null || isOpenToAll(path));
  if (found !== undefined) return found;
  throw new UnreachableError(
    'LOCAL_POSTGRES_FAILED',
    `PostgreSQL does not run as root but as the user nobody, who can't enter the temporary directory ${tmpdir()}.`,
    'Set TMPDIR to a directory that every user may enter, or run the command as another user.',
  );
}

/** PostgreSQL for a test file: a server of its own, or the one that COUPONS_TEST_POSTGRES names. */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { afterAll, beforeAll } from 'vitest';
import {
  startLocalServer,
  type LocalServer,
  type LocalServerOptions,
} from '../../../src/store/postgres/local/local-server.js';
import type { GuardedProcess } from '../../../src/store/postgres/local/guarded-process.js';

/** Made by usePostgres(). Each schema of it may hold a store. */
export class TestPostgres {
  readonly #clients: Client[] = [];
  readonly #schemas: string[] = [];

  /** `location`: the connection string, once the server is there. */
  constructor(private readonly location: () => string) {}

  /** With the password: what pg's clients take. */
  get connectionString(): string {
    return this.location();
  }

  /** Decoded. */
  get password(): string {
    return decodeURIComponent(new URL(this.location()).password);
  }

  /** With it in their environment, commands can log in. */
  get env(): Readonly<Record<string, string>> {
    return { COUPONS_STORE_PASSWORD: this.password };
  }

  /** A schema that does not exist yet; it is dropped when the test file ends. */
  newSchema(): string {
    const schema = `coupons_test_${randomBytes(6).toString('hex')}`;
    this.#schemas.push(schema);
    return schema;
  }

  /** What --store takes: without the password. */
  storeUrl(schema: string = this.newSchema()): string {
    const url = new URL(this.location());
    url.password = '';
    url.searchParams.set('schema', schema);
    return url.href;
  }

  /** Another program's connection, to the tables of this schema; closed when the test file ends. */
  async client(schema = 'public'): Promise<Client> {
    const { connectionString } = this;
    const client = new Client({ connectionString, options: `-c search_path=${schema}` });
    // A server that a test kills takes its connections with it.
    client.on('error', () => undefined);
    this.#clients.push(client);
    await client.connect();
    return client;
  }

  async closeClients(): Promise<void> {
    await Promise.all(this.#clients.splice(0).map((client) => client.end()));
  }

  async dropSchemas(): Promise<void> {
    const client = await this.client();
    for (const schema of this.#schemas.splice(0)) {
      await client.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
    }
  }
}

/** A server that a test may stop, kill, freeze and set back to what it held before. */
export class OwnPostgres extends TestPostgres {
  #server: LocalServer | null = null;
  #frozen: readonly number[] = [];

  constructor() {
    super(() => connectionStringOf(this.server));
  }

  get server(): LocalServer {
    if (this.#server === null) throw new Error('The server is started before the first test only.');
    return this.#server;
  }

  async open(options: LocalServerOptions): Promise<void> {
    this.#server = await startLocalServer({ fsync: false, ...options });
  }

  async remove(): Promise<void> {
    this.thaw();
    await this.#server?.remove();
    await this.closeClients();
  }

  /** kill -9 of the postmaster, with which its children end; resolves when none is left. */
  async kill(): Promise<void> {
    this.#running.signal('SIGKILL');
    await this.#running.ended;
  }

  /** `fast` ends as an administrator's restart does, `immediate` as a crash. */
  async restart(how: 'fast' | 'immediate' = 'fast'): Promise<void> {
    await this.server.stop(how);
    await this.server.start();
  }

  /** SIGSTOP to all of its processes: connections stay open, and nothing answers. */
  async freeze(): Promise<void> {
    const client = await this.client();
    const postmaster = this.#running.pid;
    // First the postmaster, which would start more of them.
    process.kill(postmaster, 'SIGSTOP');
    const { rows } = await client.query<{ pid: number }>('SELECT pid FROM pg_stat_activity');
    this.#frozen = [...rows.map(({ pid }) => pid), postmaster];
    for (const pid of this.#frozen) process.kill(pid, 'SIGSTOP');
  }

  thaw(): void {
    for (const pid of this.#frozen) process.kill(pid, 'SIGCONT');
    this.#frozen = [];
  }

  /** What it holds now, for `failOver`. Restarts it. */
  async keepCopy(): Promise<void> {
    await this.server.stop();
    await replaceDirectory(this.server.dataDir, this.#copy);
    await this.server.start();
  }

  /** It crashes, and a standby takes over which has not got the commits since `keepCopy`. */
  async failOver(): Promise<void> {
    await this.server.stop('immediate');
    await replaceDirectory(this.#copy, this.server.dataDir);
    await this.server.start();
  }

  get #copy(): string {
    return `${this.server.dataDir}-copy`;
  }

  get #running(): GuardedProcess {
    const { process: running } = this.server;
    if (running === null) throw new Error('The server does not run.');
    return running;
  }
}

/** The PostgreSQL of this test file: there before its first test, gone after its last. */
export function usePostgres(options: Pick<LocalServerOptions, 'version'> = {}): TestPostgres {
  const given = process.env['COUPONS_TEST_POSTGRES'] ?? '';
  if (given === '') return useOwnPostgres(options);
  const postgres = new TestPostgres(() => given);
  afterAll(async () => {
    await postgres.dropSchemas();
    await postgres.closeClients();
  });
  return postgres;
}

/** Always a server of the file's own. */
export function useOwnPostgres(options: LocalServerOptions = {}): OwnPostgres {
  const postgres = new OwnPostgres();
  beforeAll(() => postgres.open(options));
  afterAll(() => postgres.remove());
  return postgres;
}

function connectionStringOf({ url, password }: LocalServer): string {
  const withPassword = new URL(url);
  withPassword.password = password;
  return withPassword.href;
}

/** With owners and modes as they are. */
async function replaceDirectory(from: string, to: string): Promise<void> {
  await rm(to, { recursive: true, force: true });
  await promisify(execFile)('cp', ['-a', from, to]);
}

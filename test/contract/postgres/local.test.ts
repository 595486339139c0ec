import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import {
  installedServer,
  reachableServer,
  serverAccount,
} from '../../../src/store/postgres/local/binaries.js';
import { startLocalServer } from '../../../src/store/postgres/local/local-server.js';
import { eventually } from '../../support/eventually.js';
import { useOwnPostgres } from '../../support/postgres/postgres.js';
import { temporaryDir } from '../../support/temporary-dir.js';
import { buildProgram } from '../store/child-process.js';

describe('a server', () => {
  const postgres = useOwnPostgres({ version: 15, settings: { work_mem: '5MB' } });

  const numbers = async () => {
    const client = await postgres.client();
    const { rows } = await client.query<{ n: number }>('SELECT n FROM number ORDER BY n');
    return rows.map(({ n }) => n);
  };

  test('has the version and the settings that were asked for', async () => {
    const client = await postgres.client();
    const { rows: versions } = await client.query('SHOW server_version');
    expect(versions).toEqual([{ server_version: expect.stringMatching(/^15\./) as string }]);
    const { rows: settings } = await client.query('SHOW work_mem');
    expect(settings).toEqual([{ work_mem: '5MB' }]);
  });

  test('refuses a wrong password', async () => {
    const server = new URL(postgres.connectionString);
    server.password = 'wrong';
    const { Client } = await import('pg');
    const client = new Client({ connectionString: server.href });
    await expect(client.connect()).rejects.toMatchObject({ code: '28P01' });
  });

  test('keeps what was committed, killed or restarted', async () => {
    const client = await postgres.client();
    await client.query('CREATE TABLE number (n integer)');
    await client.query('INSERT INTO number VALUES (1)');
    await postgres.kill();
    await postgres.server.start();
    expect(await numbers()).toEqual([1]);
    await postgres.restart();
    expect(await numbers()).toEqual([1]);
  });

  test('after a failover has what was there when it was copied', async () => {
    await postgres.keepCopy();
    const client = await postgres.client();
    await client.query('INSERT INTO number VALUES (2)');
    await postgres.failOver();
    expect(await numbers()).toEqual([1]);
  });

  test('answers, once it is thawed', async () => {
    const client = await postgres.client();
    await postgres.freeze();
    const answer = client.query('SELECT 1 AS one');
    postgres.thaw();
    expect((await answer).rows).toEqual([{ one: 1 }]);
  });
});

test('what keeps a server from starting is said in its own words', async () => {
  const starting = startLocalServer({ settings: { shared_buffers: 'plenty' } });
  await expect(starting).rejects.toMatchObject({
    code: 'LOCAL_POSTGRES_FAILED',
    message: expect.stringContaining('invalid value for parameter "shared_buffers"') as string,
    exitCode: 4,
  });
});

describe('when the process that started a server is killed', () => {
  const program = buildProgram('serving-process');
  afterAll(() => {
    program.killAll();
  });

  test.each(['runs', 'hangs'])('a server that %s ends, and its data are removed', async (state) => {
    const child = program.start();
    const [{ pid, dataDir }] = (await once(child, 'message')) as [{ pid: number; dataDir: string }];
    expect(existsSync(dataDir)).toBe(true);
    if (state === 'hangs') process.kill(pid, 'SIGSTOP');
    child.kill('SIGKILL');
    await eventually(() => !existsSync(dirname(dataDir)));
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });
});

describe('the binaries', () => {
  test('are those of the npm package, and an error says what to do without it', () => {
    expect(existsSync(join(installedServer(18), 'bin', 'initdb'))).toBe(true);
    const elsewhere = join(temporaryDir(), 'program.js');
    expect(() => installedServer(18, elsewhere)).toThrow(
      expect.objectContaining({ code: 'LOCAL_POSTGRES_MISSING', exitCode: 4 }) as Error,
    );
  });

  test('are copied where the account that runs them could not reach them', async () => {
    const home = temporaryDir();
    const server = join(home, 'native');
    mkdirSync(join(server, 'bin'), { recursive: true });
    writeFileSync(join(server, 'bin', 'postgres'), 'a program', { mode: 0o700 });
    chmodSync(home, 0o700);
    const copy = join(temporaryDir(), 'copy');
    const { uid, gid } = serverAccount() ?? statSync(home);
    expect(await reachableServer(server, { uid, gid }, copy)).toBe(copy);
    // Who owns all of it may run it, and remove it.
    expect(statSync(join(copy, 'bin')).uid).toBe(uid);
    expect(statSync(join(copy, 'bin', 'postgres'))).toMatchObject({ uid, mode: 0o100_700 });
    expect(await reachableServer(server, null, copy)).toBe(server);
  });
});

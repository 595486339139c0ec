/** A broker or a store that is not there, or is not what it should be: exit code 4, and what to do. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as contract from '../../support/json-contract/contract.js';
import { Operator } from '../../support/command-line/operator.js';
import { temporaryDir } from '../../support/temporary-dir.js';

/** Nothing listens on port 1. */
const NO_BROKER = '127.0.0.1:1';

/** Far above what any of them needs, and far below kafkajs's own 30 s for a request. */
const AT_ONCE = { timeoutMs: 20_000 };

/** Every command that asks the cluster for something. */
const asking: readonly (readonly string[])[] = [
  ['topics', 'create'],
  ['topics', 'list'],
  ['topics', 'describe'],
  ['topics', 'alter', 'coupon-issue-requests', '--partitions', '6', '--yes'],
  ['produce', '--coupon', '1'],
  ['consume', '--until-drained'],
  ['lag'],
  ['dlq', 'count'],
  ['dlq', 'peek'],
  ['issued', 'show', '--coupon', '1', '--user', '1'],
  ['audit'],
];

function operator(): { readonly user: Operator; readonly dataDir: string } {
  const dataDir = temporaryDir();
  const env = { COUPONS_DATA_DIR: dataDir, COUPONS_BROKERS: NO_BROKER };
  return { user: new Operator(() => env), dataDir };
}

/** One who has a store already. */
async function operatorWithStore(): Promise<Operator> {
  const { user } = operator();
  await user.json(contract.campaign, ['campaigns', 'create', '1', '--stock', '1']);
  return user;
}

describe('a broker that is not there', () => {
  it.each(asking.map((args) => ({ args, line: args.join(' ') })))(
    'is told at once by `coupons $line`',
    async ({ args }) => {
      const user = await operatorWithStore();
      const failure = await user.failure(args, AT_ONCE);
      expect(failure).toMatchObject({ exitCode: 4, code: 'BROKER_UNREACHABLE' });
      expect(failure.message).toContain(NO_BROKER);
      expect(failure.hint).toContain('coupons broker start');
      expect(failure.hint).toContain('docker compose up -d');
    },
  );

  it('leaves checks of `coupons doctor` undone, which are no warnings', async () => {
    const { user } = operator();
    const { stdout } = await user.run(['doctor'], AT_ONCE);
    expect(stdout).toMatch(/^- {5}group +not checked/m);
    // The store is the warning.
    expect(stdout).toMatch(/^FAIL {2}1 failure {2}1 warning {2}\d+ not checked$/m);
  });

  it('is told to people in words on stderr, and nothing stands on stdout', async () => {
    const { user } = operator();
    const run = await user.run(['lag']);
    expect([run.code, run.stdout]).toEqual([4, '']);
    expect(run.stderr).toMatch(/^error: No broker answers at 127\.0\.0\.1:1 .*\n {2}hint: .*\n$/);
  });
});

describe('a broker that does not answer', () => {
  const silent = createServer();
  let address = '';

  beforeAll(async () => {
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const bound = silent.address();
    address = `127.0.0.1:${typeof bound === 'object' ? String(bound?.port) : ''}`;
  });
  afterAll(() => {
    silent.close();
  });

  it('is waited for as long as --timeout says, by every command', async () => {
    const user = await operatorWithStore();
    const failures = await Promise.all(
      asking.map((args) =>
        user.failure([...args, '--timeout', '1', '--brokers', address], AT_ONCE),
      ),
    );
    for (const failure of failures) {
      expect(failure).toMatchObject({ exitCode: 4, code: 'BROKER_TIMEOUT' });
      expect(failure.message).toContain('within 1 s');
      expect(failure.hint).toContain('--timeout');
    }
  });
});

describe('a broker whose certificate is for another name', () => {
  const file = (name: string) =>
    fileURLToPath(new URL(`../../support/certificates/${name}`, import.meta.url));

  it('is told with the names that the certificate has', async () => {
    const server = createTlsServer({
      key: await readFile(file('server.key')),
      cert: await readFile(file('server.pem')),
    });
    server.on('tlsClientError', () => undefined).listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      const { port } = server.address() as AddressInfo;
      const { user } = operator();
      const given = ['--brokers', `127.0.0.1:${String(port)}`, '--tls-ca', file('ca.pem')];
      const failure = await user.failure(['lag', ...given], AT_ONCE);
      expect(failure).toMatchObject({ exitCode: 4, code: 'TLS_FAILED' });
      expect(failure.message).toContain('is for localhost, not for 127.0.0.1');
      expect(failure.hint).toMatch(/^Give one of these names with --brokers/);
    } finally {
      server.close();
    }
  });
});

describe('a store that cannot be opened', () => {
  const list = ['campaigns', 'list'];

  it('is a directory', async () => {
    const { user, dataDir } = operator();
    await mkdir(join(dataDir, 'coupons.db'));
    const failure = await user.failure(list);
    expect(failure).toMatchObject({ exitCode: 4, code: 'STORE_CANNOT_OPEN' });
    expect(failure.message).toContain(join(dataDir, 'coupons.db'));
  });

  it('lies below a file', async () => {
    const { user, dataDir } = operator();
    const file = join(dataDir, 'file');
    await writeFile(file, 'mine');
    expect(await user.failure([...list, '--store', join(file, 'coupons.db')])).toMatchObject({
      exitCode: 4,
      code: 'STORE_CANNOT_OPEN',
    });
    expect(await user.failure([...list, '--data-dir', file])).toMatchObject({ exitCode: 4 });
    expect(await readFile(file, 'utf8')).toBe('mine');
  });

  it('is no database, and stays what it is', async () => {
    const { user, dataDir } = operator();
    const file = join(dataDir, 'coupons.db');
    const text = 'this is a letter to my aunt\n'.repeat(100);
    await writeFile(file, text);
    expect(await user.failure(list)).toMatchObject({ exitCode: 4, code: 'STORE_NOT_A_DATABASE' });
    expect(await readFile(file, 'utf8')).toBe(text);
  });

  it('belongs to another application, and stays what it is', async () => {
    const { user, dataDir } = operator();
    const file = join(dataDir, 'coupons.db');
    const foreign = new Database(file);
    foreign.exec('CREATE TABLE recipe (name TEXT)');
    foreign.close();
    const before = await readFile(file);
    expect(await user.failure(list)).toMatchObject({ exitCode: 4, code: 'STORE_FOREIGN_DATABASE' });
    expect((await readFile(file)).equals(before)).toBe(true);
  });

  it('was written by a newer version, and stays what it is', async () => {
    const { user, dataDir } = operator();
    await user.json(contract.campaign, ['campaigns', 'create', '1', '--stock', '1']);
    const file = join(dataDir, 'coupons.db');
    const store = new Database(file);
    store.pragma('user_version = 1000');
    store.close();
    const failure = await user.failure(['campaigns', 'update', '1', '--stock', '2']);
    expect(failure).toMatchObject({ exitCode: 4, code: 'STORE_NEWER_VERSION' });
    expect(failure.hint).toBeTruthy();
  });
});

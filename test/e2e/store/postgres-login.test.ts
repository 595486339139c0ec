/** The way to a store on PostgreSQL: where its password is, TLS, and what a server or a role refuses. */
import { chmodSync, writeFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import * as contract from '../../support/json-contract/contract.js';
import { Operator } from '../../support/command-line/operator.js';
import { useOwnPostgres } from '../../support/postgres/postgres.js';
import { certificate, turnTlsOn } from '../../support/postgres/tls.js';
import { temporaryDir } from '../../support/temporary-dir.js';

// fsync is on, as doctor wants it.
const postgres = useOwnPostgres({ fsync: true });
const dir = temporaryDir();
const LIST = ['campaigns', 'list'];
const CREATE = ['campaigns', 'create', '2', '--stock', '1'];
const ROLE_PASSWORD = 'hunter2';

let schema: string;

/** --store for a role, or for another place. */
function storeUrl(change: Readonly<Partial<Pick<URL, 'username' | 'port' | 'pathname'>>> = {}) {
  return Object.assign(new URL(postgres.storeUrl(schema)), change).href;
}

/** Who has no password yet. */
const stranger = new Operator(() => ({ COUPONS_STORE: storeUrl() }));
const owner = new Operator(() => ({ COUPONS_STORE: storeUrl(), ...postgres.env }));
const role = (username: string) =>
  new Operator(() => ({
    COUPONS_STORE: storeUrl({ username }),
    COUPONS_STORE_PASSWORD: ROLE_PASSWORD,
  }));

interface Checks {
  readonly checks: readonly { readonly name: string; readonly [field: string]: unknown }[];
}

/** What doctor says of the store and its server; there is no broker, which fails other checks. */
async function storeChecks(operator: Operator): Promise<Checks['checks']> {
  const run = await operator.run(['doctor', '-o', 'json', '--brokers', '127.0.0.1:1']);
  expect(run.code).toBe(3);
  return run.json<Checks>().checks.filter(({ name }) => /^store(-server)?$/.test(name));
}

/** With a file of PostgreSQL's own form, which only its owner may read. */
function passwordFile(text: string): string {
  const path = join(temporaryDir(), '.pgpass');
  writeFileSync(path, text, { mode: 0o600 });
  return path;
}

beforeAll(async () => {
  schema = postgres.newSchema();
  await owner.json(contract.campaign, ['campaigns', 'create', '1', '--stock', '1']);
  const client = await postgres.client(schema);
  for (const name of ['reader', 'outsider']) {
    await client.query(`CREATE ROLE ${name} LOGIN PASSWORD '${ROLE_PASSWORD}'`);
  }
  await client.query(`GRANT USAGE ON SCHEMA ${schema} TO reader`);
  await client.query(`GRANT SELECT ON ALL TABLES IN SCHEMA ${schema} TO reader`);
});

describe('the password', () => {
  const entry = () => `*:*:*:coupons:${postgres.password}\n`;
  const alone = () => {
    const path = join(dir, 'password');
    writeFileSync(path, `${postgres.password}\n`);
    return path;
  };

  it.each([
    ['COUPONS_STORE_PASSWORD', () => postgres.env],
    ['COUPONS_STORE_PASSWORD_FILE', () => ({ COUPONS_STORE_PASSWORD_FILE: alone() })],
    ['PGPASSWORD', () => ({ PGPASSWORD: postgres.password })],
    ['PGPASSFILE', () => ({ PGPASSFILE: passwordFile(entry()) })],
    ['~/.pgpass', () => ({ HOME: join(passwordFile(entry()), '..') })],
  ])('may be in %s', async (_where, env) => {
    expect((await stranger.run(LIST, { env: env() })).code).toBe(0);
  });

  it('may be in a file or a variable that a flag or a context names', async () => {
    const byFile = ['--store-password-file', alone()];
    expect((await stranger.run([...LIST, ...byFile])).code).toBe(0);
    const env = { XDG_CONFIG_HOME: temporaryDir(), SALE_PASSWORD: postgres.password };
    const inContext = ['--store', storeUrl(), '--store-password-env', 'SALE_PASSWORD'];
    const set = await stranger.run(['context', 'set', 'sale', ...inContext], { env });
    expect([set.code, set.stdout + set.stderr]).toEqual([
      0,
      expect.not.stringContaining(postgres.password) as string,
    ]);
    expect((await stranger.run([...LIST, '--context', 'sale'], { env })).code).toBe(0);
    const shown = await stranger.run(['context', 'show', 'sale', '-o', 'json'], { env });
    expect(shown.stdout).toContain('environment variable SALE_PASSWORD');
    expect(shown.stdout).not.toContain(postgres.password);
  });

  it('that is wrong or missing is a refused login, and is not shown', async () => {
    const code = 'STORE_LOGIN_REFUSED';
    expect(await stranger.failure(LIST)).toMatchObject({ exitCode: 4, code });
    const env = { COUPONS_STORE_PASSWORD: 'wrong-one', COUPONS_DEBUG: '1' };
    const run = await stranger.run([...LIST, '--verbose'], { env });
    expect(run.code).toBe(4);
    expect(run.stdout + run.stderr).not.toContain('wrong-one');
  });

  it('in a file that others may read is not used', async () => {
    const path = passwordFile(entry());
    chmodSync(path, 0o644);
    const refused = await stranger.failure(LIST, { env: { PGPASSFILE: path } });
    expect(refused).toMatchObject({ exitCode: 2 });
    expect(refused.message).toContain('Other users may read');
  });

  it.each([
    ['the URL', (url: string) => [...LIST, '--store', url]],
    ['a URL behind a mistyped option', (url: string) => [...LIST, `--stor=${url}`]],
    ['a URL in the place of a command', (url: string) => [url]],
    ['a context', (url: string) => ['context', 'set', 'x', '--store', url]],
  ])('in %s is wrong usage, and is not repeated', async (_where, args) => {
    const run = await stranger.run(args('postgres://u:do-not-tell@h/d'));
    expect(run.code).toBe(2);
    expect(run.stdout + run.stderr).not.toContain('do-not-tell');
  });
});

describe('the server', () => {
  it.each([
    ['that is not there', { port: '1' }, 'STORE_UNREACHABLE'],
    ['without the database', { pathname: '/nothing' }, 'STORE_CANNOT_OPEN'],
  ])('%s is named', async (_what, change, code) => {
    const args = [...LIST, '--store', storeUrl(change)];
    const failed = await owner.failure(args);
    expect(failed).toMatchObject({ exitCode: 4, code });
    expect(failed.message).toContain(storeUrl(change));
  });

  it('has no store in a schema of another name', async () => {
    const url = postgres.storeUrl();
    const failed = await owner.failure([...LIST, '--store', url]);
    expect(failed).toMatchObject({ exitCode: 4, code: 'STORE_NOT_FOUND' });
    expect(failed.message).toBe(`There is no store at ${url}.`);
  });

  it('shows its certificate, which verify-full compares with the host that was dialled', async () => {
    await turnTlsOn(postgres);
    const verified = (hostname: string) => {
      const url = new URL(`${storeUrl()}&sslmode=verify-full&sslrootcert=${certificate('ca.pem')}`);
      return Object.assign(url, { hostname }).href;
    };
    const secure = new Operator(() => ({
      COUPONS_STORE: verified('localhost'),
      ...postgres.env,
    }));
    const [, server] = await storeChecks(secure);
    expect(server?.['detail']).toContain('TLSv1.3');
    const failed = await owner.failure([...LIST, '--store', verified('127.0.0.1')]);
    expect(failed).toMatchObject({ exitCode: 4, code: 'STORE_TLS_FAILED' });
    expect(failed.message).toContain('is for localhost, not for 127.0.0.1');
  });
});

describe('a role', () => {
  it('that may only read the tables reads them, writes nothing, and hears from doctor what it lacks', async () => {
    const list = await role('reader').json(contract.campaignList, LIST);
    expect(list.campaigns).toHaveLength(1);
    expect(await role('reader').failure(CREATE)).toMatchObject({
      exitCode: 4,
      code: 'STORE_CANNOT_OPEN',
    });
    const [store] = await storeChecks(role('reader'));
    expect(store).toMatchObject({
      status: 'fail',
      code: 'STORE_PRIVILEGES_MISSING',
      fix: expect.stringContaining(
        `GRANT INSERT, UPDATE ON ${schema}.campaign TO reader`,
      ) as string,
    });
  });

  it('that may not use the schema is told so, not that there is no store', async () => {
    for (const args of [LIST, CREATE]) {
      const failed = await role('outsider').failure(args);
      expect(failed).toMatchObject({ exitCode: 4, code: 'STORE_CANNOT_OPEN' });
      expect(failed.message).toContain(`may not use the schema ${schema}`);
    }
  });
});

it('a store of a newer version is refused', async () => {
  const newer = postgres.newSchema();
  const store = ['--store', postgres.storeUrl(newer)];
  await owner.json(contract.campaign, ['campaigns', 'create', '1', '--stock', '1', ...store]);
  const client = await postgres.client(newer);
  await client.query('UPDATE coupons_schema SET version = 1000');
  for (const args of [LIST, CREATE]) {
    expect(await owner.failure([...args, ...store])).toMatchObject({
      exitCode: 4,
      code: 'STORE_NEWER_VERSION',
    });
  }
});

it('a standby is read, not written, and fails doctor', async () => {
  const signal = join(postgres.server.dataDir, 'standby.signal');
  await postgres.server.stop();
  await writeFile(signal, '');
  await postgres.server.start();

  const list = await owner.json(contract.campaignList, LIST);
  expect(list.campaigns).toHaveLength(1);
  expect(await owner.failure(CREATE)).toMatchObject({ exitCode: 4, code: 'STORE_READ_ONLY' });
  const [store, server] = await storeChecks(owner);
  expect(store).toMatchObject({ status: 'pass' });
  expect(server).toMatchObject({ status: 'fail', code: 'SERVER_IS_STANDBY' });

  await postgres.server.stop();
  await rm(signal);
  await postgres.server.start();
});

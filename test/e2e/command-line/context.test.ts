import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { coupons, type RunOptions } from '../../support/command-line/cli.js';
import { testCluster, type TestCluster } from '../../support/broker/cluster.js';
import { temporaryDir } from '../../support/temporary-dir.js';

let cluster: TestCluster;
const home = temporaryDir();

beforeAll(async () => {
  cluster = await testCluster();
});

afterAll(() => cluster.stop());

const run = (args: string, { env = {} }: RunOptions = {}) =>
  coupons(args.split(' '), { env: { XDG_CONFIG_HOME: home, ...env } });

interface Shown {
  readonly context: string | null;
  readonly settings: readonly {
    readonly name: string;
    readonly value: unknown;
    readonly source: string;
    readonly from: string | null;
  }[];
}

test('a file that can not be read is refused when a context is set, and nothing is saved', async () => {
  const there = fileURLToPath(import.meta.url);
  for (const [setting, more] of [
    ['tls-ca', ''],
    ['tls-cert', ` --tls-key ${there}`],
    ['tls-key', ` --tls-cert ${there}`],
    ['sasl-password-file', ''],
  ] as const) {
    const missing = await run(`context set typo --${setting} /nowhere/file${more}`);
    expect(missing).toMatchObject({ code: 2 });
    expect(missing.stderr).toContain(
      `--${setting} names /nowhere/file, which can't be read: no such file or directory.`,
    );
  }
  expect((await run('context set typo --store-password-file /')).stderr).toContain(
    'is a directory',
  );
  expect((await run('context list')).stdout).not.toContain('typo');
});

test('a context is set, used by every command, and beaten by environment and flag', async () => {
  const nowhere = '127.0.0.1:1';
  expect((await run(`context set here --brokers ${cluster.brokers}`)).code).toBe(0);
  expect((await run(`context set nowhere --brokers ${nowhere} --timeout 5`)).code).toBe(0);
  expect((await run('context use nowhere')).stdout).toBe('Context nowhere is in use.\n');

  expect((await run('topics list')).code).toBe(4);
  expect((await run('topics list --context here')).code).toBe(0);
  expect((await run('topics list', { env: { COUPONS_CONTEXT: 'here' } })).code).toBe(0);
  expect((await run('topics list', { env: { COUPONS_BROKERS: cluster.brokers } })).code).toBe(0);
  expect((await run(`topics list --brokers ${cluster.brokers}`)).code).toBe(0);

  const list = await run('context list -o json');
  expect(list.json()).toMatchObject({
    current: 'nowhere',
    contexts: [
      { name: 'here', inUse: false, settings: { brokers: cluster.brokers } },
      { name: 'nowhere', inUse: true, settings: { brokers: nowhere, timeout: 5 } },
    ],
  });
});

test('context show says where each value comes from', async () => {
  await run('context set shown --brokers kafka:9093 --timeout 7 --default-output json');
  const env = { COUPONS_TIMEOUT: '8', COUPONS_CONTEXT: 'shown' };
  const { context, settings } = (await run('context show --store /s.db', { env })).json<Shown>();
  expect(context).toBe('shown');
  expect(settings).toEqual(
    expect.arrayContaining([
      { name: 'brokers', value: ['kafka:9093'], source: 'context', from: 'shown' },
      { name: 'timeout', value: 8, source: 'environment', from: 'COUPONS_TIMEOUT' },
      { name: 'store', value: '/s.db', source: 'flag', from: '--store' },
      { name: 'output', value: 'json', source: 'context', from: 'shown' },
      { name: 'sasl-mechanism', value: null, source: 'default', from: null },
    ]),
  );
  const table = (await run('context show shown -o table')).stdout;
  expect(table).toMatch(/^brokers +kafka:9093 +context shown$/m);
  expect(table).toMatch(/^output +table +flag --output$/m);
});

test('a setting can be forgotten, and a context deleted', async () => {
  await run('context set gone --brokers a:1 --timeout 3');
  const changed = await run('context set gone --unset timeout -o json');
  expect(changed.json()).toEqual({ name: 'gone', settings: { brokers: 'a:1' } });
  await run('context use gone');
  const deleted = await run('context delete gone -o json');
  expect(deleted.json()).toEqual({ deleted: 'gone', current: null });
  const missing = await run('topics list --context gone -o json');
  expect(missing.code).toBe(2);
  expect(missing.json()).toMatchObject({ error: { code: 'USAGE' } });
});

test('errors keep to the output of the context', async () => {
  await run('context set machine --brokers 127.0.0.1:1 --default-output json');
  const failed = await run('topics list --context machine');
  expect(failed.code).toBe(4);
  expect(failed.json()).toMatchObject({ error: { code: 'BROKER_UNREACHABLE' } });
});

test('a password is never shown or stored, and is looked for only when the broker is asked', async () => {
  await run(
    'context set login --brokers 127.0.0.1:1 --sasl-mechanism plain --sasl-username ops --sasl-password-env OPS_PASSWORD',
  );
  const env = { OPS_PASSWORD: 'do-not-tell' };
  const shown = await run('context show login -o json', { env });
  expect(shown.stdout).not.toContain('do-not-tell');
  expect(shown.stdout).toContain('environment variable OPS_PASSWORD');
  expect((await run('campaigns create 1 --stock 1 --context login')).code).toBe(0);
  const asked = await run('topics list --context login');
  expect(asked.code).toBe(2);
  expect(asked.stderr).toContain('The password is empty: environment variable OPS_PASSWORD.');
});

test('a login without user name or password is wrong usage', async () => {
  const refused = await run(`topics list --brokers ${cluster.brokers} --sasl-mechanism plain`);
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain('SASL plain needs a user name and a password.');
});

test('a broken config file is named, and stops every command but those that mend it', async () => {
  const broken = temporaryDir();
  const env = { XDG_CONFIG_HOME: broken };
  await run('context set a --brokers b:1', { env });
  await run('context use a', { env });
  const file = join(broken, 'coupons', 'config.json');
  writeFileSync(file, '{"current":"a","contexts":{"a":{"timeout":"-3"}}}');
  const refused = await run('campaigns create 2 --stock 1', { env });
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain(file);
  expect((await run('context set a --timeout 3', { env })).code).toBe(0);
  expect((await run('campaigns create 2 --stock 1', { env })).code).toBe(0);
});

import { describe, expect, it, test } from 'vitest';
import { readSecret } from '../../../../src/config/secret.js';
import type { ContextSettings } from '../../../../src/config/settings.js';
import type { GlobalOptions } from '../../../../src/cli/settings/options.js';
import { originOf, parsed } from '../parsed.js';

interface Precedence {
  readonly setting: string;
  readonly flag: readonly string[];
  readonly variable: Readonly<Record<string, string>>;
  readonly context: ContextSettings;
  readonly read: (options: GlobalOptions) => unknown;
  /** By flag, by variable, by context, by default. */
  readonly values: readonly [unknown, unknown, unknown, unknown];
}

const data = { XDG_DATA_HOME: '/data' };

const cases: readonly Precedence[] = [
  {
    setting: 'brokers',
    flag: ['--brokers', 'flag'],
    variable: { COUPONS_BROKERS: 'variable:1' },
    context: { brokers: 'context:2,other:3' },
    read: ({ brokers }) => brokers,
    values: [['flag:9092'], ['variable:1'], ['context:2', 'other:3'], ['localhost:9092']],
  },
  {
    setting: 'timeout',
    flag: ['--timeout', '1'],
    variable: { COUPONS_TIMEOUT: '2' },
    context: { timeout: 3 },
    read: ({ timeoutMs }) => timeoutMs,
    values: [1000, 2000, 3000, 10_000],
  },
  {
    setting: 'output',
    flag: ['-o', 'table'],
    variable: { COUPONS_OUTPUT: 'json' },
    context: { output: 'json' },
    read: ({ format }) => format,
    values: ['table', 'json', 'json', 'table'],
  },
  {
    setting: 'data-dir',
    flag: ['--data-dir', '/flag'],
    variable: { COUPONS_DATA_DIR: '/variable' },
    context: { 'data-dir': '/context' },
    read: ({ dataDir }) => dataDir,
    values: ['/flag', '/variable', '/context', '/data/coupons'],
  },
  {
    setting: 'store',
    flag: ['--store', '/flag.db'],
    variable: { COUPONS_STORE: '/variable.db' },
    context: { store: '/context.db' },
    read: ({ store }) => store.name,
    values: ['/flag.db', '/variable.db', '/context.db', '/data/coupons/coupons.db'],
  },
  {
    setting: 'tls',
    flag: ['--no-tls'],
    variable: { COUPONS_TLS: '1' },
    context: { tls: true },
    read: ({ tls }) => tls !== null,
    values: [false, true, true, false],
  },
  {
    setting: 'tls-ca',
    flag: ['--tls-ca', '/flag.pem'],
    variable: { COUPONS_TLS_CA: '/variable.pem' },
    context: { 'tls-ca': '/context.pem' },
    read: ({ tls }) => tls?.caFile,
    values: ['/flag.pem', '/variable.pem', '/context.pem', undefined],
  },
  {
    setting: 'sasl-mechanism',
    flag: ['--sasl-mechanism', 'plain'],
    variable: { COUPONS_SASL_MECHANISM: 'scram-sha-256' },
    context: { 'sasl-mechanism': 'scram-sha-512' },
    read: ({ sasl }) => sasl?.mechanism,
    values: ['plain', 'scram-sha-256', 'scram-sha-512', undefined],
  },
  {
    setting: 'sasl-username',
    flag: ['--sasl-username', 'flag', '--sasl-mechanism', 'plain'],
    variable: { COUPONS_SASL_USERNAME: 'variable', COUPONS_SASL_MECHANISM: 'plain' },
    context: { 'sasl-username': 'context', 'sasl-mechanism': 'plain' },
    read: ({ sasl }) => sasl?.username,
    values: ['flag', 'variable', 'context', undefined],
  },
  {
    setting: 'sasl-password',
    flag: ['--sasl-password-file', '/flag', '--sasl-mechanism', 'plain'],
    variable: { COUPONS_SASL_PASSWORD: 'secret', COUPONS_SASL_MECHANISM: 'plain' },
    context: { 'sasl-password-env': 'OURS', 'sasl-mechanism': 'plain' },
    read: ({ sasl }) => sasl?.password,
    values: [
      { kind: 'file', path: '/flag' },
      { kind: 'environment', variable: 'COUPONS_SASL_PASSWORD' },
      { kind: 'environment', variable: 'OURS' },
      undefined,
    ],
  },
  {
    setting: 'store-password',
    flag: ['--store-password-env', 'MINE'],
    variable: { COUPONS_STORE_PASSWORD_FILE: '/variable' },
    context: { 'store-password-file': '/context' },
    read: ({ storePassword }) => storePassword,
    values: [
      { kind: 'environment', variable: 'MINE' },
      { kind: 'file', path: '/variable' },
      { kind: 'file', path: '/context' },
      null,
    ],
  },
];

test.each(cases)(
  '$setting: flag beats environment beats context beats default',
  ({ setting, flag, variable, context, read, values }) => {
    const named = { contexts: { here: context }, current: 'here' };
    const [byFlag, byVariable, byContext, byDefault] = values;

    const all = parsed({ args: flag, env: { ...data, ...variable }, ...named });
    expect(read(all)).toEqual(byFlag);
    expect(originOf(all, setting)).toMatch(/^flag --/);

    const two = parsed({ env: { ...data, ...variable }, ...named });
    expect(read(two)).toEqual(byVariable);
    expect(originOf(two, setting)).toMatch(/^environment COUPONS_/);

    const one = parsed({ env: data, ...named });
    expect(read(one)).toEqual(byContext);
    expect(originOf(one, setting)).toBe('context here');

    const none = parsed({ env: data });
    expect(read(none)).toEqual(byDefault);
    expect(originOf(none, setting)).toBe('default');
  },
);

test('naming a CA turns TLS on, and says so', () => {
  const options = parsed({ args: ['--tls-ca', '/ca.pem'] });
  expect(options.tls).toEqual({ caFile: '/ca.pem', certFile: null, keyFile: null });
  expect(originOf(options, 'tls')).toBe('flag --tls-ca');
});

test('--no-tls beats a CA that the context names', () => {
  const contexts = { here: { 'tls-ca': '/ca.pem' } };
  const options = parsed({ args: ['--no-tls'], contexts, current: 'here' });
  expect(options.tls).toBeNull();
  expect(originOf(options, 'tls')).toBe('flag --no-tls');
});

test('a password given for the name of its variable is refused, and not kept', () => {
  for (const text of ['p@ss word', '', '0day']) {
    expect(() => parsed({ args: ['--sasl-password-env', text] })).toThrow(
      'not the password itself',
    );
  }
});

test('COUPONS_TLS takes yes and no, and nothing else', () => {
  expect(parsed({ env: { COUPONS_TLS: '0' } }).tls).toBeNull();
  expect(parsed({ env: { COUPONS_TLS: 'true' } }).tls).not.toBeNull();
  expect(() => parsed({ env: { COUPONS_TLS: 'maybe' } })).toThrow('COUPONS_TLS is "maybe".');
});

test('a client certificate without its key is refused', () => {
  expect(() => parsed({ args: ['--tls-cert', '/c.pem'] })).toThrow('go together');
});

test('two places for one password are refused, on the same level only', () => {
  const env = { COUPONS_SASL_PASSWORD: 'a', COUPONS_SASL_PASSWORD_FILE: '/p' };
  expect(() => parsed({ env })).toThrow(
    'The SASL password is in file /p and in environment variable COUPONS_SASL_PASSWORD.',
  );
  const args = ['--sasl-password-env', 'MINE', '--sasl-mechanism', 'plain'];
  expect(parsed({ args, env: { COUPONS_SASL_PASSWORD: 'a' } }).sasl?.password).toEqual({
    kind: 'environment',
    variable: 'MINE',
  });
});

test.each(['--sasl-password', '--store-password'])('there is no option %s', (option) => {
  expect(() => parsed({ args: [option, 'secret'] })).toThrow(`unknown option '${option}'`);
});

describe("a store's password", () => {
  const args = ['--store', 'postgres://u@h/d'];
  const libpq = { PGPASSWORD: 'secret', PGPASSFILE: '/pgpass' };

  it('is where libpq looks, unless a variable of coupons or a context says where', () => {
    const byVariable = { kind: 'environment', variable: 'PGPASSWORD' };
    const options = parsed({ args, env: libpq });
    expect(options.storePassword).toEqual(byVariable);
    expect(originOf(options, 'store-password')).toBe('environment PGPASSWORD');
    expect(parsed({ args, env: { PGPASSFILE: '/pgpass' } }).storePassword).toEqual({
      kind: 'password-file',
      path: '/pgpass',
    });
    const ours = { kind: 'environment', variable: 'COUPONS_STORE_PASSWORD' };
    const env = { ...libpq, COUPONS_STORE_PASSWORD: 'secret' };
    expect(parsed({ args, env }).storePassword).toEqual(ours);
    const contexts = { here: { 'store-password-file': '/context' } };
    expect(parsed({ args, env: libpq, contexts, current: 'here' }).storePassword).toEqual({
      kind: 'file',
      path: '/context',
    });
  });

  it('in two variables is wrong usage', () => {
    const env = { COUPONS_STORE_PASSWORD: 'a', COUPONS_STORE_PASSWORD_FILE: '/p' };
    expect(() => parsed({ args, env })).toThrow(
      "The store's password is in file /p and in environment variable COUPONS_STORE_PASSWORD.",
    );
  });

  it('in a URL is refused wherever the URL is, and not repeated', () => {
    const url = 'postgres://u:hunter2@h/d';
    for (const call of [{ args: ['--store', url] }, { env: { COUPONS_STORE: url } }]) {
      expect(() => parsed(call)).toThrow("The store's URL holds a password");
      expect(() => parsed(call)).not.toThrow('hunter2');
    }
  });
});

test('an empty password is refused before the broker is asked', () => {
  expect(() => readSecret({ kind: 'environment', variable: 'NOT_SET' }, {})).toThrow(
    'The password is empty: environment variable NOT_SET.',
  );
});

test('a context without a store has its own, whose name is a file in the data directory', () => {
  const contexts = { here: { 'data-dir': '/data' }, '../up': { 'data-dir': '/data' } };
  const here = parsed({ contexts, current: 'here' });
  expect(here).toMatchObject({
    store: { name: '/data/coupons-here.db' },
    sharedStorePath: '/data/coupons.db',
  });
  expect(here.settings).toContainEqual({
    name: 'store',
    value: '/data/coupons-here.db',
    source: 'default',
    from: null,
  });
  expect(parsed({ contexts, current: '../up' }).store.name).toBe('/data/coupons-..%2Fup.db');
  const named = parsed({ contexts, current: 'here', args: ['--store', '/own.db'] });
  expect(named).toMatchObject({ store: { name: '/own.db' }, sharedStorePath: null });
  const none = parsed({ contexts, current: 'here', args: ['--context', 'default'] });
  expect(none.sharedStorePath).toBeNull();
});

test('a command that is shown speaks of the cluster and store that this one was told of', () => {
  const { sameFlags } = parsed({
    args: [
      '--brokers',
      'a:1,b:2',
      '--store',
      "/it's/a.db",
      '--no-tls',
      '--timeout',
      '3',
      '-o',
      'json',
    ],
    env: { COUPONS_DATA_DIR: '/data' },
  });
  expect(sameFlags).toEqual(['--brokers a:1,b:2', "--store '/it'\\''s/a.db'", '--no-tls']);
  const url = 'postgres://u@h/d?schema=s&sslmode=require';
  expect(parsed({ args: ['--store', url] }).sameFlags).toEqual([`--store '${url}'`]);
});

test.each([
  ['a flag', { args: ['--timeout', '1m30s'] }],
  ['a variable', { env: { COUPONS_TIMEOUT: '1m30s' } }],
  ['a context written by hand', { contexts: { here: { timeout: '1m30s' } }, current: 'here' }],
])('a duration with units is read from %s', (_where, call) => {
  expect(parsed(call).timeoutMs).toBe(90_000);
});

test('a choice is read in any case from a variable and a context', () => {
  expect(parsed({ env: { COUPONS_OUTPUT: 'JSON' } }).format).toBe('json');
  const contexts = { here: { 'sasl-mechanism': 'SCRAM_SHA_512' } };
  expect(parsed({ contexts, current: 'here' }).sasl?.mechanism).toBe('scram-sha-512');
});

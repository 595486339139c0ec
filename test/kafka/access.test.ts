import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { coupons } from '../support/command-line/cli.js';
import { temporaryDir } from '../support/temporary-dir.js';
import { startSecuredKafka, type SecuredKafka } from './secured-kafka.js';

let kafka: SecuredKafka;
const dir = temporaryDir();

beforeAll(async () => {
  kafka = await startSecuredKafka();
});

afterAll(() => kafka.stop());

/** A way in, or what should be none. */
interface Access {
  readonly brokers: string;
  readonly flags?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

const run = (args: string, { brokers, flags = [], env = {} }: Access) =>
  coupons([...args.split(' '), '--brokers', brokers, ...flags, '-o', 'json'], {
    env: { COUPONS_DATA_DIR: dir, ...env },
  });

const login = (password = kafka.password) => ({
  COUPONS_SASL_USERNAME: kafka.username,
  COUPONS_SASL_PASSWORD: password,
});

const withCa = (file = kafka.caFile) => ['--tls-ca', file];

const mechanism = (name: string) => ['--sasl-mechanism', name];

describe.each([
  ['TLS', () => ({ brokers: kafka.tls, flags: withCa() })],
  [
    'TLS with a client certificate',
    () => ({
      brokers: kafka.mutualTls,
      flags: [...withCa(), '--tls-cert', kafka.clientCertFile, '--tls-key', kafka.clientKeyFile],
    }),
  ],
  ...['plain', 'scram-sha-256', 'scram-sha-512'].flatMap((name) => [
    [
      `${name} over TLS`,
      () => ({
        brokers: kafka.saslTls,
        flags: [...withCa(), ...mechanism(name)],
        env: login(),
      }),
    ] as const,
    [
      `${name} without TLS`,
      () => ({ brokers: kafka.sasl, flags: mechanism(name), env: login() }),
    ] as const,
  ]),
] as readonly (readonly [string, () => Access])[])('by %s', (_name, access) => {
  test('topics, requests, issuing, lag and dead letters all work', async () => {
    const way = access();
    expect((await run('topics create', way)).code).toBe(0);
    await run('campaigns create 1 --stock 100000', way);
    const produced = await run('produce --coupon 1 --count 20 --poison 10 --seed 1', way);
    expect(produced.json()).toMatchObject({ acknowledged: 20, failed: 0 });
    const consumed = await run('consume --until-drained', way);
    expect(consumed.json()).toMatchObject({ records: 20, deadLettered: 2 });
    expect((await run('lag --fail-above 0', way)).json()).toMatchObject({ totalLag: 0 });
    const { messages } = (await run('dlq peek --max-messages 2', way)).json<{
      readonly messages: readonly unknown[];
    }>();
    expect(messages).toHaveLength(2);
  });
});

interface Refusal {
  readonly what: string;
  readonly access: () => Access;
  readonly code: string;
  readonly message: RegExp;
}

const refusals: readonly Refusal[] = [
  ...['plain', 'scram-sha-256', 'scram-sha-512'].map((name) => ({
    what: `a wrong password by ${name}`,
    access: () => ({
      brokers: kafka.saslTls,
      flags: [...withCa(), ...mechanism(name)],
      env: login('wrong-secret'),
    }),
    code: 'AUTHENTICATION_FAILED',
    message: /refused the login/,
  })),
  {
    what: 'an unknown user',
    access: () => ({
      brokers: kafka.sasl,
      flags: mechanism('scram-sha-512'),
      env: { ...login(), COUPONS_SASL_USERNAME: 'nobody' },
    }),
    code: 'AUTHENTICATION_FAILED',
    message: /refused the login/,
  },
  {
    what: 'the wrong CA',
    access: () => ({ brokers: kafka.tls, flags: withCa(kafka.otherCaFile) }),
    code: 'TLS_FAILED',
    message: /No TLS connection .* certificate/,
  },
  {
    what: 'no CA',
    access: () => ({ brokers: kafka.tls, flags: ['--tls'] }),
    code: 'TLS_FAILED',
    message: /No TLS connection .* certificate/,
  },
  {
    what: 'no client certificate',
    access: () => ({ brokers: kafka.mutualTls, flags: withCa() }),
    code: 'TLS_FAILED',
    message: /requires a client certificate, or does not accept this one/,
  },
  {
    what: 'plain text to a TLS port',
    access: () => ({ brokers: kafka.tls }),
    code: 'CONNECTION_CLOSED',
    message: /closed the connection/,
  },
  {
    what: 'no login to a port that wants one',
    access: () => ({ brokers: kafka.sasl }),
    code: 'CONNECTION_CLOSED',
    message: /closed the connection/,
  },
  {
    what: 'TLS to a plain port',
    access: () => ({ brokers: kafka.plain, flags: withCa() }),
    code: 'TLS_NOT_OFFERED',
    message: /does not use TLS on that port/,
  },
  {
    what: 'a login to a port that takes none',
    access: () => ({ brokers: kafka.plain, flags: mechanism('plain'), env: login() }),
    code: 'AUTHENTICATION_FAILED',
    message: /does not accept a SASL login on that port/,
  },
];

describe.each(refusals)('with $what', ({ access, code, message }) => {
  // What reads, what writes and what joins a group each open connections of their own.
  test.each(['topics list', 'produce --coupon 1', 'consume --until-drained', 'dlq count'])(
    '%s says so and exits 4',
    async (command) => {
      const refused = await run(command, access());
      expect(refused.code).toBe(4);
      expect(refused.json()).toMatchObject({
        error: { code, message: expect.stringMatching(message) as string },
      });
      expect(refused.stdout + refused.stderr).not.toMatch(/wrong-secret|ops-secret|^\s+at /m);
    },
  );
});

test('the password may be in a file, and the whole login in a context', async () => {
  const passwordFile = join(dir, 'password');
  writeFileSync(passwordFile, `${kafka.password}\n`, { mode: 0o600 });
  const env = { XDG_CONFIG_HOME: join(dir, 'config') };
  const flags = [
    ...withCa(),
    ...mechanism('scram-sha-512'),
    ...['--sasl-username', kafka.username, '--sasl-password-file', passwordFile],
  ];
  expect((await run('context set secured', { brokers: kafka.saslTls, flags, env })).code).toBe(0);
  const listed = await coupons(['topics', 'list', '--context', 'secured'], { env });
  expect(listed.stderr).toBe('');
  expect(listed.code).toBe(0);
});

test('a file that is no certificate is named before the broker is asked', async () => {
  const noCertificate = join(dir, 'no.pem');
  writeFileSync(noCertificate, 'hello');
  const ca = await run('topics list', { brokers: kafka.tls, flags: withCa(noCertificate) });
  expect(ca.code).toBe(2);
  expect(ca.stdout).toContain(`--tls-ca ${noCertificate} does not contain a certificate`);
  const pair = await run('topics list', {
    brokers: kafka.mutualTls,
    flags: [...withCa(), '--tls-cert', kafka.clientCertFile, '--tls-key', kafka.caFile],
  });
  expect(pair.code).toBe(2);
  expect(pair.stdout).toContain('are not a certificate and its key');
});

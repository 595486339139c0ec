/** sslmode and its files, as libpq means them, against a server that has TLS and one that has not. */
import { beforeAll, describe, expect, it } from 'vitest';
import { storeLocation } from '../../../src/config/store-location.js';
import { PostgresAccess } from '../../../src/store/postgres/access.js';
import { useOwnPostgres, type OwnPostgres } from '../../support/postgres/postgres.js';
import { CERTIFIED, certificate, turnTlsOn } from '../../support/postgres/tls.js';

interface Dialled {
  readonly host?: string;
  readonly user?: string;
}

function storeOf(postgres: OwnPostgres, parameters: string, { host, user }: Dialled = {}) {
  const url = new URL(`${postgres.storeUrl('public')}&${parameters}`);
  url.hostname = host ?? 'localhost';
  url.username = user ?? url.username;
  const location = storeLocation(url.href, {});
  if (location.kind !== 'postgres') throw new Error(url.href);
  return new PostgresAccess({ ...location, password: () => postgres.password });
}

/** The version of TLS that a store's connection uses; null: none. */
async function tlsOf(postgres: OwnPostgres, parameters: string, dialled?: Dialled) {
  return (await storeOf(postgres, parameters, dialled).health()).server?.tls;
}

describe('on a server with TLS', () => {
  const postgres = useOwnPostgres();
  const [ca, otherCa] = ['ca.pem', 'other-ca.pem'].map(
    (name) => `sslrootcert=${certificate(name)}`,
  );

  beforeAll(async () => {
    await (await storeOf(postgres, 'sslmode=disable').open('create')).close();
    await turnTlsOn(postgres);
  });

  it.each([
    ['sslmode=prefer', '127.0.0.1'],
    ['sslmode=require', '127.0.0.1'],
    [`sslmode=require&${ca ?? ''}`, '127.0.0.1'],
    [`sslmode=verify-ca&${ca ?? ''}`, '127.0.0.1'],
    [`sslmode=verify-full&${ca ?? ''}`, 'localhost'],
  ])('%s to %s is encrypted', async (parameters, host) => {
    expect(await tlsOf(postgres, parameters, { host })).toBe('TLSv1.3');
  });

  it('sslmode=disable is not', async () => {
    expect(await tlsOf(postgres, 'sslmode=disable')).toBeNull();
  });

  it('another name than that of the certificate is refused, and both are said', async () => {
    const dialled = tlsOf(postgres, `sslmode=verify-full&${ca ?? ''}`, { host: '127.0.0.1' });
    await expect(dialled).rejects.toMatchObject({
      code: 'STORE_TLS_FAILED',
      message: expect.stringMatching(/is for localhost, not for 127\.0\.0\.1/) as string,
    });
  });

  it.each([
    `sslmode=require&${otherCa ?? ''}`,
    `sslmode=verify-ca&${otherCa ?? ''}`,
    `sslmode=verify-full&${otherCa ?? ''}`,
    'sslmode=verify-full',
  ])('%s: a certificate of a CA that is not trusted is refused', async (parameters) => {
    await expect(tlsOf(postgres, parameters)).rejects.toMatchObject({
      code: 'STORE_TLS_FAILED',
      hint: expect.stringContaining('sslrootcert') as string,
    });
  });

  it('a client logs in with its certificate, and not without', async () => {
    const pair = `sslcert=${certificate('client.pem')}&sslkey=${certificate('client.key')}`;
    const user = CERTIFIED;
    expect(await tlsOf(postgres, `sslmode=require&${pair}`, { user })).toBe('TLSv1.3');
    await expect(tlsOf(postgres, 'sslmode=require', { user })).rejects.toMatchObject({
      code: 'STORE_LOGIN_REFUSED',
    });
  });

  it('a file that is no certificate is wrong usage, and is named', async () => {
    const key = certificate('client.key');
    const dialled = tlsOf(postgres, `sslmode=verify-ca&sslrootcert=${key}`);
    await expect(dialled).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining(
        `sslrootcert ${key} does not contain a certificate`,
      ) as string,
    });
  });
});

describe('on a server without TLS', () => {
  const postgres = useOwnPostgres();

  beforeAll(async () => {
    await (await storeOf(postgres, 'sslmode=prefer').open('create')).close();
  });

  it('sslmode=prefer goes without', async () => {
    expect(await tlsOf(postgres, 'sslmode=prefer')).toBeNull();
  });

  it.each(['require', 'verify-ca', 'verify-full'])('sslmode=%s is refused', async (mode) => {
    await expect(tlsOf(postgres, `sslmode=${mode}`)).rejects.toMatchObject({
      code: 'STORE_TLS_NOT_OFFERED',
    });
  });
});

/** sslmode and its files, as libpq means them, against a server that has TLS and one that has not. */
import { appendFile, chmod, chown, copyFile, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { storeLocation } from '../../src/config/store-location.js';
import { PostgresAccess } from '../../src/store/postgres/access.js';
import { eventually } from '../support/eventually.js';
import { useOwnPostgres, type OwnPostgres } from '../support/postgres.js';

const certificate = (name: string) =>
  fileURLToPath(new URL(`../support/certificates/${name}`, import.meta.url));

/** A login with a certificate alone. */
const CERTIFIED = 'issuer';

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

async function turnTlsOn(postgres: OwnPostgres): Promise<void> {
  const { dataDir } = postgres.server;
  const { uid, gid } = await stat(dataDir);
  for (const [name, file] of Object.entries({
    'server.crt': 'server.pem',
    'server.key': 'server.key',
  })) {
    const target = join(dataDir, name);
    await copyFile(certificate(file), target);
    await chown(target, uid, gid);
    // A key that others may read is refused, and git keeps no such mode.
    await chmod(target, 0o600);
  }
  await copyFile(certificate('ca.pem'), join(dataDir, 'ca.crt'));
  const hba = join(dataDir, 'pg_hba.conf');
  const rules = await readFile(hba, 'utf8');
  await writeFile(hba, `hostssl all ${CERTIFIED} all cert\n${rules}`);
  await appendFile(join(dataDir, 'postgresql.conf'), "ssl = on\nssl_ca_file = 'ca.crt'\n");
  const client = await postgres.client();
  await client.query(`CREATE ROLE ${CERTIFIED} SUPERUSER LOGIN`);
  await client.query('SELECT pg_reload_conf()');
  // The postmaster reads them when it gets to it.
  await eventually(async () => {
    expect(await tlsOf(postgres, 'sslmode=require')).not.toBeNull();
  });
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

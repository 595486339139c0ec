/** TLS for a server of a test, with the certificates of test/support/certificates. */
import { appendFile, chmod, chown, copyFile, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from 'pg';
import { eventually } from '../eventually.js';
import type { OwnPostgres } from './postgres.js';

/** The path of one: ca.pem, other-ca.pem, server.pem (of localhost), client.pem (of CERTIFIED), and their keys. */
export function certificate(name: string): string {
  return fileURLToPath(new URL(`../certificates/${name}`, import.meta.url));
}

/** Logs in with a certificate alone. */
export const CERTIFIED = 'issuer';

export async function turnTlsOn(postgres: OwnPostgres): Promise<void> {
  const { dataDir } = postgres.server;
  await giveTo(dataDir, { 'server.crt': 'server.pem', 'server.key': 'server.key' });
  await copyFile(certificate('ca.pem'), join(dataDir, 'ca.crt'));
  const hba = join(dataDir, 'pg_hba.conf');
  const rules = await readFile(hba, 'utf8');
  await writeFile(hba, `hostssl all ${CERTIFIED} all cert\n${rules}`);
  await appendFile(join(dataDir, 'postgresql.conf'), "ssl = on\nssl_ca_file = 'ca.crt'\n");
  const client = await postgres.client();
  await client.query(`CREATE ROLE ${CERTIFIED} SUPERUSER LOGIN`);
  await client.query('SELECT pg_reload_conf()');
  // The postmaster reads them when it gets to it.
  await eventually(() => takesTls(postgres.connectionString));
}

/** The server refuses a key that is not its own user's, or that others may read; git keeps no such mode. */
async function giveTo(dataDir: string, files: Readonly<Record<string, string>>): Promise<void> {
  const { uid, gid } = await stat(dataDir);
  for (const [name, source] of Object.entries(files)) {
    const target = join(dataDir, name);
    await copyFile(certificate(source), target);
    await chown(target, uid, gid);
    await chmod(target, 0o600);
  }
}

async function takesTls(connectionString: string): Promise<boolean> {
  const client = new Client({ connectionString, ssl: { rejectUnauthorized: false } });
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end();
  }
}

import { Client } from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { eventually } from '../../support/eventually.js';
import { usePostgresProxy } from '../../support/postgres/proxy.js';
import { usePostgres } from '../../support/postgres/postgres.js';

const postgres = usePostgres();
const proxy = usePostgresProxy(postgres);

let direct: Client;
let schema: string;
const clients: Client[] = [];

beforeEach(async () => {
  schema = postgres.newSchema();
  direct = await postgres.client(schema);
  await direct.query(`CREATE SCHEMA ${schema}`);
  await direct.query('CREATE TABLE number (n integer)');
});

afterEach(async () => {
  await proxy.heal();
  await Promise.allSettled(clients.splice(0).map((client) => client.end()));
});

async function proxied(options: { readonly ssl?: boolean } = {}): Promise<Client> {
  const client = new Client({
    connectionString: proxy.url(postgres.connectionString),
    options: `-c search_path=${schema}`,
    application_name: schema,
    pipeline: true,
    ...options,
  });
  client.on('error', () => undefined);
  clients.push(client);
  await client.connect();
  return client;
}

const INSERT = { name: 'insert', text: 'INSERT INTO number VALUES ($1)' };

/** Four statements in one go; resolves to how many were answered before the connection failed. */
async function transaction(client: Client): Promise<number> {
  const answers = await Promise.allSettled([
    client.query('BEGIN'),
    client.query({ ...INSERT, values: [1] }),
    client.query({ ...INSERT, values: [2] }),
    client.query('COMMIT'),
  ]);
  return answers.filter(({ status }) => status === 'fulfilled').length;
}

async function committed(): Promise<readonly number[]> {
  const { rows } = await direct.query<{ n: number }>('SELECT n FROM number ORDER BY n');
  return rows.map(({ n }) => n);
}

test('without a fault everything passes, and is seen', async () => {
  expect(await transaction(await proxied())).toBe(4);
  expect(await committed()).toEqual([1, 2]);
  expect(proxy.statements).toEqual(['BEGIN', INSERT.text, INSERT.text, 'COMMIT']);
});

test.each([0, 1, 2, 3])(
  'cut before statement %i of a transaction, none of it is there',
  async (after) => {
    const fault = proxy.add({ when: 'before', does: 'cut', after });
    expect(await transaction(await proxied())).toBeLessThanOrEqual(after);
    expect(fault.hits).toBe(1);
    await sessionEnded();
    expect(await committed()).toEqual([]);
    expect(await transaction(await proxied())).toBe(4);
  },
);

test('cut with the answer to COMMIT, it is committed, and the client does not know', async () => {
  const fault = proxy.add({ statement: /^COMMIT/, when: 'answered', does: 'cut' });
  expect(await transaction(await proxied())).toBe(3);
  expect(fault.hits).toBe(1);
  expect(await committed()).toEqual([1, 2]);
});

test('cut once COMMIT was sent, it is committed some time', async () => {
  const fault = proxy.add({ statement: /^COMMIT/, when: 'sent', does: 'cut' });
  // Its answer may be there before the cut.
  await transaction(await proxied());
  expect(fault.hits).toBe(1);
  await sessionEnded();
  expect(await committed()).toEqual([1, 2]);
});

test('a prepared statement is known by its text', async () => {
  const client = await proxied();
  await transaction(client);
  const fault = proxy.add({ statement: /^INSERT/, when: 'before', does: 'cut', after: 1 });
  await transaction(client);
  expect(fault.hits).toBe(1);
  await sessionEnded();
  expect(await committed()).toEqual([1, 2]);
});

test('frozen at a statement, all that was held passes when it is thawed', async () => {
  const client = await proxied();
  const fault = proxy.add({ statement: /^COMMIT/, when: 'before', does: 'freeze' });
  const answered = transaction(client);
  await eventually(() => fault.hits === 1);
  expect(await committed()).toEqual([]);
  proxy.thaw();
  expect(await answered).toBe(4);
});

test('a delayed statement stays in its order', async () => {
  const fault = proxy.add({ statement: /^INSERT/, when: 'before', delayMs: 20, count: 2 });
  expect(await transaction(await proxied())).toBe(4);
  expect(fault.hits).toBe(2);
});

test('connections are cut, refused and accepted again', async () => {
  const client = await proxied();
  proxy.refuse();
  await expect(proxied()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  expect(await transaction(client)).toBe(4);
  proxy.cut();
  await expect(client.query('SELECT 1')).rejects.toThrow();
  await proxy.accept();
  expect(await transaction(await proxied())).toBe(4);
});

test('a client that asks for TLS hears that there is none', async () => {
  await expect(proxied({ ssl: true })).rejects.toThrow('does not support SSL');
});

/** The server has noticed that the client is gone, and rolled back what was open. */
async function sessionEnded(): Promise<void> {
  await eventually(async () => {
    const { rows } = await direct.query(
      'SELECT FROM pg_stat_activity WHERE application_name = $1',
      [schema],
    );
    return rows.length === 0;
  });
}

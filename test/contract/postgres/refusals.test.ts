/** A server that answers and refuses: no record is to blame, nothing is written, and the store goes on when it is over. */
import { randomUUID } from 'node:crypto';
import type { Client } from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PostgresStore } from '../../../src/store/postgres/postgres-store.js';
import type { PostgresTarget } from '../../../src/store/postgres/connection/target.js';
import { usePostgres } from '../../support/postgres/postgres.js';
import { contentsOf } from '../../support/stores/store-contents.js';
import { NOW_MS, PartitionLog, request, TERMS } from '../store/log.js';
import { postgresSchemas } from '../store/postgres-schemas.js';

const postgres = usePostgres();
const schemas = postgresSchemas(postgres);

let admin: Client;
/** A user of its own for each test, with few rights. */
let role: string;
let target: PostgresTarget;
let store: PostgresStore;
let log: PartitionLog;

beforeEach(async () => {
  role = `coupons_${randomUUID().replaceAll('-', '')}`;
  const direct = schemas.target();
  target = { ...direct, user: role, password: () => 'first' };
  admin = await postgres.client(direct.schema ?? 'public');
  await admin.query(`CREATE ROLE ${role} LOGIN PASSWORD 'first';
    GRANT CREATE ON DATABASE ${target.database} TO ${role}`);
  store = await schemas.open(target, { clock: () => NOW_MS });
  await store.createCampaign(1, TERMS);
  log = new PartitionLog(store);
  await log.apply(request(1, 1));
});

afterEach(async () => {
  await endSessions();
  await admin.query(`DROP OWNED BY ${role} CASCADE; DROP ROLE ${role}`);
});

/** As a restart of the server does: the store has to connect anew. */
async function endSessions(): Promise<void> {
  await admin.query(
    'SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = $1',
    [role],
  );
}

interface Refusal {
  readonly begin: () => Promise<unknown>;
  readonly end: () => Promise<unknown>;
}

/** Nothing is written meanwhile, with this code; what was refused is applied afterwards. */
async function expectRefused(code: string, { begin, end }: Refusal): Promise<void> {
  const entries = [request(1, 2), request(1, 3)];
  const before = await contentsOf(store);
  await begin();
  await expect(log.apply(...entries)).rejects.toMatchObject({
    name: 'StoreUnavailableError',
    code,
    message: expect.stringContaining(target.name) as string,
  });
  await end();
  expect(await contentsOf(store)).toEqual(before);
  expect(await log.outcomes(...entries)).toEqual(['ISSUED', 'ISSUED']);
}

describe('an error that says', () => {
  it.each([
    ['serialization_failure', 'STORE_BUSY'],
    ['deadlock_detected', 'STORE_BUSY'],
    ['lock_not_available', 'STORE_BUSY'],
    ['query_canceled', 'STORE_BUSY'],
    ['disk_full', 'STORE_FULL'],
    ['out_of_memory', 'STORE_OUT_OF_MEMORY'],
    ['read_only_sql_transaction', 'STORE_READ_ONLY'],
    ['insufficient_privilege', 'STORE_CANNOT_OPEN'],
    ['io_error', 'STORE_IO_ERROR'],
    ['data_corrupted', 'STORE_CORRUPT'],
    ['internal_error', 'STORE_FAILED'],
    ['undefined_table', 'STORE_FAILED'],
  ])('%s is the store’s: %s', async (condition, code) => {
    await expectRefused(code, {
      begin: () =>
        admin.query(`CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$
          BEGIN RAISE EXCEPTION USING ERRCODE = '${condition}'; END $$;
        CREATE TRIGGER fail BEFORE INSERT ON applied_record EXECUTE FUNCTION fail()`),
      end: () => admin.query('DROP TRIGGER fail ON applied_record'),
    });
  });
});

it('a campaign that another program keeps locked is given up after a while', async () => {
  await expectRefused('STORE_BUSY', {
    begin: () => admin.query('BEGIN; SELECT FROM campaign FOR UPDATE'),
    end: () => admin.query('ROLLBACK'),
  });
});

it.each([
  ['no connection left', 'CONNECTION LIMIT 0', 'CONNECTION LIMIT -1', 'STORE_TOO_MANY_CONNECTIONS'],
  ['another password', `PASSWORD 'second'`, `PASSWORD 'first'`, 'STORE_LOGIN_REFUSED'],
  ['no login', 'NOLOGIN', 'LOGIN', 'STORE_LOGIN_REFUSED'],
  [
    'a standby in place of the primary',
    'SET default_transaction_read_only = on',
    'RESET default_transaction_read_only',
    'STORE_READ_ONLY',
  ],
])('%s, for a store that has to connect anew', async (_, refuse, allow, code) => {
  await expectRefused(code, {
    begin: async () => {
      await admin.query(`ALTER ROLE ${role} ${refuse}`);
      await endSessions();
    },
    end: () => admin.query(`ALTER ROLE ${role} ${allow}`),
  });
});

it('ids that were given before are no record’s fault', async () => {
  // More of them than its attempts would use up.
  await log.apply(...Array.from({ length: 40 }, (_unused, index) => request(1, 100 + index)));
  const sequence = `pg_get_serial_sequence('applied_record', 'id')`;
  await expectRefused('STORE_FAILED', {
    begin: () => admin.query(`SELECT setval(${sequence}, 1, false)`),
    end: () => admin.query(`SELECT setval(${sequence}, 100)`),
  });
});

import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { copyStore } from '../../../src/copy/copy-store.js';
import { PostgresCopyEnd } from '../../../src/store/postgres/copy/copy-end.js';
import { openPostgresStore } from '../../../src/store/postgres/open.js';
import type { PostgresTarget } from '../../../src/store/postgres/connection/target.js';
import { SqliteCopyEnd } from '../../../src/store/sqlite/copy/copy-end.js';
import { wholeOf } from '../../support/memory/copy-end.js';
import { useOwnPostgres } from '../../support/postgres/postgres.js';
import { buildProgram, type Program } from '../store/child-process.js';
import { fill } from '../store/filled.js';
import { PartitionLog, request, TERMS } from '../store/log.js';
import { postgresSchemas } from '../store/postgres-schemas.js';
import { sqliteFiles } from '../store/sqlite-file.js';

// Its sessions are ended, whoever they are.
const postgres = useOwnPostgres();
const schemas = postgresSchemas(postgres);
const files = sqliteFiles();
const silent = () => undefined;

async function filledFile(): Promise<SqliteCopyEnd> {
  const path = files.path();
  await fill(files.open(path));
  return new SqliteCopyEnd(path);
}

async function filledSchema(): Promise<PostgresCopyEnd> {
  const target = schemas.target();
  await fill(await schemas.open(target));
  return new PostgresCopyEnd(target);
}

function newPlace(): { to: PostgresCopyEnd; target: PostgresTarget } {
  const target = schemas.target();
  return { to: new PostgresCopyEnd(target), target };
}

/** Ends the connections of commands that are in a transaction, as a server that is restarted does. */
const endTransactions = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
  WHERE application_name = 'coupons' AND state LIKE 'idle in transaction%'`;

describe('a process that is killed while it copies into PostgreSQL', () => {
  /** Pages of 1,000 outcomes when copying, of 5,000 when verifying. */
  const OUTCOMES = 5000;

  let program: Program;
  beforeAll(() => void (program = buildProgram('copying-process')));
  afterAll(() => program.killAll());

  it.each([1, 5, 6])('leaves nothing (at report %i)', async (reports) => {
    const from = await manyOutcomes();
    const { to, target } = newPlace();

    await killed(from, to, reports);

    expect(await to.exists()).toBe(false);
    await copyStore(from, to, silent);
    expect(await wholeOf(to)).toEqual(await wholeOf(from));
    expect(await schemas.sql(target, 'SELECT count(*)::integer FROM applied_record')).toEqual([
      { count: OUTCOMES },
    ]);
  });

  it('once all is done leaves the copy, and the same command finds it', async () => {
    const from = await manyOutcomes();
    const { to } = newPlace();

    await killed(from, to, 0);

    expect(await copyStore(from, to, silent)).toMatchObject({ isCopied: false });
  });

  async function manyOutcomes(): Promise<SqliteCopyEnd> {
    const path = files.path();
    const store = files.open(path);
    await store.createCampaign(1, { ...TERMS, totalQuantity: OUTCOMES / 2 });
    const users = Array.from({ length: OUTCOMES }, (_, index) => request(1, index + 1));
    await new PartitionLog(store).apply(...users);
    return new SqliteCopyEnd(path);
  }

  async function killed(from: SqliteCopyEnd, to: PostgresCopyEnd, reports: number) {
    const child = program.start(from.name, to.name, reports, postgres.password);
    await once(child, 'close');
    expect(child.signalCode).toBe('SIGKILL');
  }
});

describe('while a copy is written', () => {
  it('no other process sees a store', async () => {
    const from = await filledFile();
    const { to, target } = newPlace();

    await to.create(async (store) => {
      await store.putHead((await wholeOf(from)).head);
      await expect(openPostgresStore(target, { mode: 'read-write' })).rejects.toMatchObject({
        code: 'STORE_NOT_FOUND',
      });
      expect(await to.exists()).toBe(false);
    });

    expect(await to.exists()).toBe(true);
  });

  it('a host that would create a store there waits, and finds the copy', async () => {
    const from = await filledFile();
    const { to, target } = newPlace();
    let opening: Promise<unknown> = Promise.reject(new Error('nobody opened it'));
    opening.catch(() => undefined);

    const { summary } = await copyStore(from, to, ({ phase }) => {
      if (phase === 'copying') opening = schemas.open(target).then((store) => store.identity());
    });

    expect(await opening).toEqual({ id: summary.id });
  });

  it('of two copies to one place one is kept, and the other says so', async () => {
    const from = await filledFile();
    const { to } = newPlace();

    const results = await Promise.allSettled([1, 2].map(() => copyStore(from, to, silent)));

    const failures = results.filter((result) => result.status === 'rejected');
    expect(failures).toMatchObject([{ reason: { code: 'STORE_EXISTS' } }]);
    expect(await wholeOf(to)).toEqual(await wholeOf(from));
  });
});

describe('where a server goes away', () => {
  it('the one that is copied to is named, and has nothing of it', async () => {
    const from = await filledFile();
    const { to } = newPlace();
    const client = await postgres.client();

    const copying = to.create(async (store) => {
      const { head, records } = await wholeOf(from);
      await store.putHead(head);
      // What was sent is done: the server ends transactions that are idle.
      await store.contents().head();
      await client.query(endTransactions);
      await store.addRecords(records);
      await store.contents().head();
    });

    await expect(copying).rejects.toMatchObject({
      ...{ code: 'STORE_UNREACHABLE', exitCode: 4 },
      message: expect.stringContaining(to.name) as unknown,
    });
    expect(await to.exists()).toBe(false);
  });

  it('the one that is copied from is named', async () => {
    const from = await filledSchema();
    const to = new SqliteCopyEnd(files.path());
    const client = await postgres.client();

    const copying = from.read((contents) =>
      to.create(async (store) => {
        await store.putHead(await contents.head());
        await client.query(endTransactions);
        await contents.size();
      }),
    );

    await expect(copying).rejects.toMatchObject({
      ...{ code: 'STORE_UNREACHABLE', exitCode: 4 },
      message: expect.stringContaining(from.name) as unknown,
    });
    expect(await to.exists()).toBe(false);
  });
});

it('tables of another program that are in the way stay as they are', async () => {
  const from = await filledFile();
  const { to, target } = newPlace();
  await schemas.sql(target, `CREATE SCHEMA ${target.schema ?? ''}`);
  await schemas.sql(target, `CREATE TABLE campaign (note text)`);

  await expect(copyStore(from, to, silent)).rejects.toMatchObject({ exitCode: 4 });

  const tables = await schemas.sql(
    target,
    'SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()',
  );
  expect(tables).toEqual([{ table_name: 'campaign' }]);
});

it('a source whose rows break the rules of a store is not copied', async () => {
  const from = await filledFile();
  files.client(from.name).exec(`
    DROP INDEX applied_record_claim;
    INSERT INTO applied_record (coupon_id, user_id, event_id, outcome, log_id, "offset", timestamp_ms)
    SELECT coupon_id, user_id, event_id, outcome, log_id, "offset", timestamp_ms
    FROM applied_record WHERE outcome = 6`);
  const { to } = newPlace();

  await expect(copyStore(from, to, silent)).rejects.toMatchObject({ code: 'STORE_INCONSISTENT' });

  expect(await to.exists()).toBe(false);
});

it('the copy has the indexes that a new store has', async () => {
  const from = await filledSchema();
  const copied = newPlace();
  const created = newPlace();
  await copyStore(from, copied.to, silent);
  await schemas.open(created.target);

  const indexesOf = async (target: PostgresTarget) => {
    const rows = await schemas.sql(
      target,
      `SELECT replace(indexdef, current_schema() || '.', '') AS definition FROM pg_indexes
       WHERE schemaname = current_schema() ORDER BY indexname`,
    );
    return rows.map(({ definition }) => definition);
  };

  expect(await indexesOf(copied.target)).toEqual(await indexesOf(created.target));
});

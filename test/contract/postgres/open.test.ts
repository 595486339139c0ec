import { describe, expect, it } from 'vitest';
import { PostgresAccess } from '../../../src/store/postgres/access.js';
import { usePostgres } from '../../support/postgres/postgres.js';
import { PartitionLog, request, TERMS } from '../store/log.js';
import { postgresSchemas } from '../store/postgres-schemas.js';

const postgres = usePostgres();
const { target: newTarget, open, sql } = postgresSchemas(postgres);

describe('opening a store on PostgreSQL', () => {
  it('makes its schema and tables where they are missing', async () => {
    const target = newTarget();
    const access = new PostgresAccess(target);
    expect(await access.exists()).toBe(false);

    await open(target);

    expect(await access.exists()).toBe(true);
  });

  it('makes its tables in a schema that is there', async () => {
    const target = newTarget();
    await sql(target, `CREATE SCHEMA "${target.schema ?? ''}"`);

    const store = await open(target);

    expect(await store.campaigns()).toEqual([]);
  });

  it('makes one store where several hosts open it at once', async () => {
    const target = newTarget();

    const stores = await Promise.all([1, 2, 3, 4, 5].map(() => open(target)));

    const identities = await Promise.all(stores.map((store) => store.identity()));
    expect(new Set(identities.map(({ id }) => id)).size).toBe(1);
  });

  it('finds what was there before', async () => {
    const target = newTarget();
    const before = await open(target);
    await before.createCampaign(1, TERMS);
    await new PartitionLog(before).apply(request(1, 42));
    await before.close();

    const store = await open(target);

    expect(await store.identity()).toEqual(await (await open(target)).identity());
    expect(await store.campaigns()).toMatchObject([{ couponId: 1, issuedQuantity: 1 }]);
  });

  it('finds it in a schema that was renamed, and issues from it', async () => {
    const [before, after] = [newTarget(), newTarget()];
    const store = await open(before);
    await store.createCampaign(1, TERMS);
    await sql(before, `ALTER SCHEMA "${before.schema ?? ''}" RENAME TO "${after.schema ?? ''}"`);

    const log = new PartitionLog(await open(after));

    expect(await log.outcomes(request(1, 42))).toEqual(['ISSUED']);
  });

  it.each(['read-only', 'read-write'] as const)('makes none to be %s', async (mode) => {
    const target = newTarget();

    await expect(open(target, { mode })).rejects.toMatchObject({
      code: 'STORE_NOT_FOUND',
      exitCode: 4,
    });

    expect(await new PostgresAccess(target).exists()).toBe(false);
  });

  it('reads what is there and refuses to write', async () => {
    const target = newTarget();
    await open(target);

    const store = await open(target, { mode: 'read-only' });

    expect(await store.campaigns()).toEqual([]);
    await expect(store.createCampaign(1, TERMS)).rejects.toMatchObject({ code: 'STORE_READ_ONLY' });
  });

  it.each(['create', 'read-write', 'read-only'] as const)(
    'leaves a store of a newer version alone (%s)',
    async (mode) => {
      const target = newTarget();
      await open(target);
      await sql(target, 'UPDATE coupons_schema SET version = version + 1');

      await expect(open(target, { mode })).rejects.toMatchObject({ code: 'STORE_NEWER_VERSION' });
    },
  );

  it('leaves the tables of another program alone', async () => {
    for (const table of ['campaign (id integer)', 'coupons_schema (id integer)']) {
      const target = newTarget();
      const schema = `"${target.schema ?? ''}"`;
      await sql(target, `CREATE SCHEMA ${schema}; CREATE TABLE ${schema}.${table}`);

      await expect(open(target)).rejects.toMatchObject({ code: 'STORE_FOREIGN_DATABASE' });
      await expect(open(target, { mode: 'read-only' })).rejects.toMatchObject({
        code: 'STORE_NOT_FOUND',
      });
    }
  });

  it('ends where a connection can not even be begun', async () => {
    await expect(open({ ...newTarget(), port: 65_536 })).rejects.toMatchObject({ exitCode: 4 });
  });

  it('refuses a schema that would be one of PostgreSQL', async () => {
    await expect(open({ ...newTarget(), schema: 'pg_coupons' })).rejects.toMatchObject({
      code: 'STORE_CANNOT_OPEN',
    });
  });

  it('says which server does not answer', async () => {
    const target = { ...newTarget(), port: 1 };

    const opening = open(target);

    await expect(opening).rejects.toMatchObject({ code: 'STORE_UNREACHABLE', exitCode: 4 });
    await expect(opening).rejects.toThrow(target.name);
  });

  it('says that the database is not there', async () => {
    const target = { ...newTarget(), database: 'no such database' };

    await expect(open(target)).rejects.toMatchObject({ code: 'STORE_CANNOT_OPEN' });
  });

  it('refuses a login, and shows no password', async () => {
    const target = { ...newTarget(), user: 'nobody', password: () => 'not a secret' };

    const refused: unknown = await open(target).catch((error: unknown) => error);

    expect(refused).toMatchObject({ code: 'STORE_LOGIN_REFUSED' });
    expect(JSON.stringify(refused, Object.getOwnPropertyNames(refused))).not.toContain('not a');
  });

  it('says where the password comes from when none is given', async () => {
    const target = { ...newTarget(), password: () => null };

    await expect(open(target)).rejects.toMatchObject({
      code: 'STORE_LOGIN_REFUSED',
      hint: expect.stringContaining('PGPASSWORD') as string,
    });
  });
});

describe('a store on PostgreSQL, seen from outside', () => {
  it('says which one it is and how far it has read', async () => {
    const target = newTarget();
    const store = await open(target);
    await new PartitionLog(store).apply(request(1, 42));

    const stand = await new PostgresAccess(target).stand();

    expect(stand).toEqual({
      ...(await store.identity()),
      path: target.name,
      positions: await store.allPositions(),
    });
  });

  it('says how its server is', async () => {
    const target = newTarget();
    await open(target);

    const { server, sizeBytes } = await new PostgresAccess(target).health();

    expect(server).toMatchObject({ isStandby: false, missingPrivileges: [], tls: null });
    expect(server?.version).toMatch(new RegExp(`^${String(server?.majorVersion)}\\b`));
    expect(server?.connections).toBeGreaterThan(0);
    expect(sizeBytes).toBeGreaterThan(0);
  });

  it('says what its user may not do', async () => {
    const target = newTarget();
    await open(target);
    const schema = target.schema ?? '';
    const reader = `reader_of_${schema}`;
    await sql(target, `CREATE ROLE ${reader} LOGIN PASSWORD 'reader'`);
    const access = new PostgresAccess({ ...target, user: reader, password: () => 'reader' });
    const closed = {
      code: 'STORE_CANNOT_OPEN',
      message: expect.stringContaining('schema') as string,
    };
    await expect(access.exists()).rejects.toMatchObject(closed);
    await expect(access.open('read-only')).rejects.toMatchObject(closed);
    await expect(access.open('create')).rejects.toMatchObject(closed);
    await sql(
      target,
      `GRANT USAGE ON SCHEMA "${schema}" TO ${reader};
       GRANT SELECT ON ALL TABLES IN SCHEMA "${schema}" TO ${reader}`,
    );

    const { server } = await access.health();

    const table = `${schema}.applied_record`;
    const missing = server?.missingPrivileges.filter((each) => each.table === table);
    expect(missing).toEqual([{ privilege: 'INSERT', table, user: reader }]);
    await expect((await access.open('read-only')).campaigns()).resolves.toEqual([]);
    await sql(target, `DROP OWNED BY ${reader}; DROP ROLE ${reader}`);
  });
});

import { describe, expect, it } from 'vitest';
import type { CouponStore } from '../../../src/ports/coupon-store.js';
import type { StoreMode } from '../../../src/ports/store-access.js';
import { copiesOutcomes } from '../../../src/store/sqlite/migrations/migrations.js';
import { inspectMigration } from '../../../src/store/sqlite/migrations/pending-migration.js';
import { usePostgres } from '../../support/postgres/postgres.js';
import { withoutHistory, withoutHistoryOn } from '../../support/stores/schema-before-history.js';
import { contentsOf, EVER } from '../../support/stores/store-contents.js';
import { fill } from './filled.js';
import { event } from './history.js';
import { PartitionLog, request } from './log.js';
import { postgresSchemas } from './postgres-schemas.js';
import { sqliteFiles } from './sqlite-file.js';

const files = sqliteFiles();
const postgres = usePostgres();
const schemas = postgresSchemas(postgres);

/** A place of a store, and how it is taken back to the schema before. */
interface Old {
  readonly open: (mode?: StoreMode) => CouponStore | Promise<CouponStore>;
  readonly takeBack: () => void | Promise<void>;
}

function inSqlite(): Old {
  const path = files.path();
  return {
    open: (mode = 'create') => files.open(path, { mode }),
    takeBack: () => {
      withoutHistory(path);
    },
  };
}

function onPostgres(): Old {
  const target = schemas.target();
  return {
    open: (mode = 'create') => schemas.open(target, { mode }),
    takeBack: async () => withoutHistoryOn(await postgres.client(target.schema ?? 'public')),
  };
}

describe.each([
  ['SQLite', inSqlite],
  ['PostgreSQL', onPostgres],
] as const)('a store of the schema before it had a history, on %s', (_, place) => {
  const start = async () => {
    const old = place();
    const store = await old.open();
    await fill(store);
    const before = await contentsOf(store);
    await store.close();
    await old.takeBack();
    return { ...old, before };
  };

  it('holds the same after its migration, and does not know who gave its terms', async () => {
    const { open, before } = await start();

    const { counted, versions, ...after } = await contentsOf(await open());

    expect(after).toEqual({
      ...{ positions: before.positions, campaigns: before.campaigns },
      ...{ outcomes: before.outcomes, issued: before.issued },
    });
    expect(versions).toEqual(before.versions.map((each) => ({ ...each, changedBy: null })));
    expect(counted).toEqual({});
  });

  it('counts what is applied since, and says since when', async () => {
    const { open } = await start();
    const migratedMs = Date.now();

    const store = await open();
    await new PartitionLog(store, { partition: 7 }).apply(request(1, 1234), request(3, 1));
    await store.recordEvents([event(1)]);

    expect((await contentsOf(store)).counted).toEqual({
      '[1,"SOLD_OUT",null]': 1,
      '[3,"SOLD_OUT",null]': 1,
    });
    expect(await store.countedSinceMs()).toBeGreaterThanOrEqual(migratedMs);
    expect(await store.events(EVER, 10)).toMatchObject([{ atMs: 1 }]);
  });

  it('is not read before, and the way out is named', async () => {
    const { open } = await start();

    await expect((async () => open('read-only'))()).rejects.toMatchObject({
      code: 'STORE_OLDER_VERSION',
      exitCode: 4,
      hint: expect.stringContaining('coupons store migrate') as string,
    });
  });
});

it('a migration that adds tables copies no outcomes, however many there are', async () => {
  const path = files.path();
  const store = files.open(path);
  await fill(store);
  await store.close();
  withoutHistory(path);

  expect(inspectMigration(path)).toMatchObject({ fromVersion: 4, rows: 0 });
  expect([0, 3, 4].map(copiesOutcomes)).toEqual([false, true, false]);
});

/** Events that commands leave in a store which they have not opened themselves (StoreAccess). */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { NewEvent } from '../../src/ports/store-history.js';
import { PostgresAccess } from '../../src/store/postgres/access.js';
import { SqliteAccess } from '../../src/store/sqlite/access.js';
import { usePostgres } from '../support/postgres/postgres.js';
import { EVER } from '../support/stores/store-contents.js';
import { makeVersion01Store } from '../support/stores/version-0-1.js';
import { event } from './store/history.js';
import { postgresSchemas } from './store/postgres-schemas.js';
import { sqliteFiles } from './store/sqlite-file.js';

const LIMIT_MS = 300;
const EVENTS: readonly NewEvent[] = [event(1000), event(2000)];

const files = sqliteFiles();
const schemas = postgresSchemas(usePostgres());
const accessTo = (path: string) => new SqliteAccess(path, new URL('file:///no-thread-is-started'));

describe('an event of a command', () => {
  it('is written beside whatever has the file open', async () => {
    const path = files.path();
    const store = files.open(path);
    await accessTo(path).recordEvents(EVENTS, LIMIT_MS);
    expect(await store.events(EVER, 10)).toMatchObject(EVENTS);
  });

  it('is written to PostgreSQL', async () => {
    const target = schemas.target();
    const store = await schemas.open(target);
    await new PostgresAccess(target).recordEvents(EVENTS);
    expect(await store.events(EVER, 10)).toMatchObject(EVENTS);
  });

  it('creates no store', async () => {
    const path = files.path();
    const refused = { code: 'STORE_NOT_FOUND' };
    await expect(accessTo(path).recordEvents(EVENTS, LIMIT_MS)).rejects.toMatchObject(refused);
    expect(existsSync(path)).toBe(false);

    const access = new PostgresAccess(schemas.target());
    await expect(access.recordEvents(EVENTS)).rejects.toMatchObject(refused);
    expect(await access.exists()).toBe(false);
  });

  it('migrates no store of an older version', async () => {
    const path = files.path();
    makeVersion01Store(path);
    const before = readFileSync(path);
    const refused = { code: 'STORE_OLDER_VERSION' };
    await expect(accessTo(path).recordEvents(EVENTS, LIMIT_MS)).rejects.toMatchObject(refused);
    expect(readFileSync(path).equals(before)).toBe(true);

    const target = schemas.target();
    await schemas.open(target);
    await schemas.sql(target, 'UPDATE coupons_schema SET version = 1');
    const access = new PostgresAccess(target);
    await expect(access.recordEvents(EVENTS)).rejects.toMatchObject(refused);
  });

  it('is given up where another process keeps the file locked, and written by none later', async () => {
    const path = files.path();
    const store = files.open(path);
    const other = files.client(path);
    other.exec('BEGIN IMMEDIATE');
    const refused = { code: 'STORE_BUSY' };
    await expect(accessTo(path).recordEvents(EVENTS, LIMIT_MS)).rejects.toMatchObject(refused);
    other.exec('COMMIT');
    expect(await store.events(EVER, 10)).toEqual([]);
  });
});

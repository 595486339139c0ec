import { afterEach } from 'vitest';
import { storeLocation } from '../../../src/config/store-location.js';
import { openPostgresStore, type OpenPostgresOptions } from '../../../src/store/postgres/open.js';
import type { PostgresStore } from '../../../src/store/postgres/postgres-store.js';
import type { PostgresTarget } from '../../../src/store/postgres/connection/target.js';
import type { TestPostgres } from '../../support/postgres/postgres.js';

/** Schemas of one server, and the stores in them, closed after each test. Call it once a test file. */
export function postgresSchemas(postgres: TestPostgres) {
  const cleanups: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  });

  /** A schema that is not there yet. */
  function target(): PostgresTarget {
    const location = storeLocation(postgres.storeUrl(), {});
    if (location.kind !== 'postgres') throw new TypeError('a URL is that of a server');
    return { ...location, password: () => postgres.password };
  }

  async function open(
    target: PostgresTarget,
    options: OpenPostgresOptions = {},
  ): Promise<PostgresStore> {
    const store = await openPostgresStore(target, options);
    cleanups.push(() => store.close());
    return store;
  }

  /** Works on the tables as any other client would. */
  async function sql(
    { schema }: PostgresTarget,
    text: string,
  ): Promise<readonly Record<string, unknown>[]> {
    const client = await postgres.client(schema ?? 'public');
    return (await client.query<Record<string, unknown>>(text)).rows;
  }

  async function refuseUser(
    target: PostgresTarget,
    userId: number,
    action?: string,
  ): Promise<void> {
    await sql(target, refusingTrigger(userId, action));
  }

  return { target, open, sql, refuseUser };
}

/** A trigger that an operator might add: it refuses one user's requests, though not their dead letters. */
function refusingTrigger(userId: number, action = `RAISE EXCEPTION 'refused'`): string {
  return `CREATE FUNCTION refuse_${userId}() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN ${action}; RETURN NULL; END $$;
    CREATE TRIGGER refuse_${userId} BEFORE INSERT ON applied_record FOR EACH ROW
      WHEN (NEW.user_id = ${userId} AND NEW.outcome <> 7) EXECUTE FUNCTION refuse_${userId}()`;
}

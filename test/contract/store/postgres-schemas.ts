import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterEach } from 'vitest';
import type { PostgresTarget } from '../../../src/store/postgres/connection.js';
import { openPostgresStore, type OpenPostgresOptions } from '../../../src/store/postgres/open.js';
import type { PostgresStore } from '../../../src/store/postgres/postgres-store.js';

/**
 * Schemas of one server, and the stores in them, closed after each test. Each is for one test: the server
 * serves them all. Call it once a test file.
 */
export function postgresSchemas(connectionString: string) {
  const cleanups: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  });

  /** A schema that is not there yet. */
  function target(): PostgresTarget {
    const schema = `test_${randomUUID()}`;
    return { client: { connectionString }, schema, name: `${connectionString}?schema=${schema}` };
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
  async function sql(target: PostgresTarget, text: string): Promise<readonly unknown[]> {
    const client = new pg.Client({ connectionString });
    await client.connect();
    try {
      await client.query(`SET search_path = ${pg.escapeIdentifier(target.schema ?? 'public')}`);
      return (await client.query<Record<string, unknown>>(text)).rows;
    } finally {
      await client.end();
    }
  }

  return { target, open, sql };
}

export type PostgresSchemas = ReturnType<typeof postgresSchemas>;

/** A trigger that an operator might add: it refuses one user's requests, though not their dead letters. */
export async function refuseUser(
  { sql }: PostgresSchemas,
  target: PostgresTarget,
  userId: number,
  action = `RAISE EXCEPTION 'refused'`,
): Promise<void> {
  await sql(
    target,
    `CREATE FUNCTION refuse_${userId}() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN ${action}; RETURN NULL; END $$;
     CREATE TRIGGER refuse_${userId} BEFORE INSERT ON applied_record FOR EACH ROW
       WHEN (NEW.user_id = ${userId} AND NEW.outcome <> 7) EXECUTE FUNCTION refuse_${userId}()`,
  );
}

import pg from 'pg';
import type { PostgresTarget } from '../connection/target.js';
import { withConnection } from '../connection/with-connection.js';

/** Removes the schema of the target, if it is there, with all that it holds. Throws UnreachableError. */
export async function dropSchema(
  target: PostgresTarget & { readonly schema: string },
): Promise<void> {
  const schema = pg.escapeIdentifier(target.schema);
  await withConnection(target, 'write', (connection) =>
    connection.script(`DROP SCHEMA IF EXISTS ${schema} CASCADE`),
  );
}

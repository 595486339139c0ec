import pg from 'pg';
import { UnreachableError } from '../../../errors.js';
import type { Connection } from '../connection/connection.js';
import type { PostgresTarget } from '../connection/target.js';
import { command, statement } from '../connection/query.js';
import { HISTORY } from './history.js';
import { FIRST_SCHEMA } from './schema.js';

/**
 * The schema, step by step: the table coupons_schema counts the steps that were taken. Steps that
 * were released never change; a change of the schema is one more step.
 */
const MIGRATIONS: readonly string[] = [FIRST_SCHEMA, HISTORY];

export const SCHEMA_VERSION = MIGRATIONS.length;

/** "CPNS", as the application id of our SQLite files. */
const LOCK_CLASS = 0x43504e53;

/** One at a time in one schema; other schemas do not wait. */
const lockMigrations = statement<[schema: string | null]>(
  'lock_migrations',
  `SELECT pg_advisory_xact_lock(${LOCK_CLASS}, hashtext(coalesce($1, current_schema())))`,
);

/**
 * Another program's table of that name is no store. `mayUse`: null where there is no such schema, or where none is named. A
 * schema that may not be used looks empty.
 */
const lookForStore = statement<[schema: string | null], readonly [boolean, mayUse: boolean | null]>(
  'look_for_store',
  `SELECT EXISTS (
       SELECT FROM pg_attribute WHERE attrelid = to_regclass('coupons_schema') AND attname = 'version'),
     (SELECT has_schema_privilege(oid, 'USAGE') FROM pg_namespace WHERE nspname = $1)`,
);
const readVersion = command<readonly [number]>('SELECT version FROM coupons_schema');

/** How many steps the store has taken, 0 where there is none. Throws STORE_NEWER_VERSION and STORE_CANNOT_OPEN. */
export async function schemaVersionOf(
  connection: Connection,
  target: PostgresTarget,
): Promise<number> {
  const { name, schema } = target;
  const [[isThere, mayUse] = [false, null]] = (await connection.run(lookForStore(schema))).rows;
  if (mayUse === false) throw noUsage(target);
  if (!isThere) return 0;
  const [[version] = [0]] = (await connection.run(readVersion)).rows;
  if (version > SCHEMA_VERSION) throw tooNew(name, version);
  return version;
}

/**
 * Takes the steps that are missing, in one transaction. Several hosts may do so at once: one does
 * the work while the others wait for it, up to the lock timeout.
 */
export async function migrate(connection: Connection, target: PostgresTarget): Promise<void> {
  await connection.script('BEGIN');
  try {
    await connection.script(stepsFrom(await lockedVersion(connection, target)));
    await connection.script('COMMIT');
  } catch (error) {
    await connection.script('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

/**
 * The version, which no other host changes before this transaction ends. A schema that `target`
 * names is there from now on. Throws as schemaVersionOf does.
 */
export async function lockedVersion(
  connection: Connection,
  target: PostgresTarget,
): Promise<number> {
  await connection.run(lockMigrations(target.schema));
  if (target.schema !== null) await createSchema(connection, target.schema);
  return schemaVersionOf(connection, target);
}

const hasSchema = statement<[schema: string], readonly [boolean]>(
  'has_schema',
  'SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = $1)',
);

/** CREATE SCHEMA IF NOT EXISTS asks for the right to create one even where it exists. */
async function createSchema(connection: Connection, schema: string): Promise<void> {
  const [[isThere] = [false]] = (await connection.run(hasSchema(schema))).rows;
  if (!isThere) await connection.script(`CREATE SCHEMA ${pg.escapeIdentifier(schema)}`);
}

/** SQL for the steps that a store of this version lacks; 0: all. */
export function stepsFrom(version: number): string {
  const mark =
    version === 0
      ? `CREATE TABLE coupons_schema (
           only_row smallint PRIMARY KEY DEFAULT 1 CHECK (only_row = 1), version integer NOT NULL);
         INSERT INTO coupons_schema (version) VALUES (${SCHEMA_VERSION})`
      : `UPDATE coupons_schema SET version = ${SCHEMA_VERSION}`;
  return [...MIGRATIONS.slice(version), mark].join(';\n');
}

function tooNew(name: string, version: number): UnreachableError {
  return new UnreachableError(
    'STORE_NEWER_VERSION',
    `Cannot open the store ${name}: a newer version of coupons has written it ` +
      `(schema ${version}, this one knows ${SCHEMA_VERSION}).`,
    'Install that version, or name another store with --store. Nothing in this one was changed.',
  );
}

function noUsage({ name, schema, user }: PostgresTarget): UnreachableError {
  return new UnreachableError(
    'STORE_CANNOT_OPEN',
    `Cannot open the store ${name}: user ${user} may not use the schema ${schema ?? ''}.`,
    `As its owner, in psql: GRANT USAGE ON SCHEMA ${schema ?? ''} TO ${user};`,
  );
}

import { UnreachableError } from '../../errors.js';
import type { StoreMode, TransactionListener } from '../../ports/store-access.js';
import { Connection } from './connection/connection.js';
import type { PostgresTarget } from './connection/target.js';
import { whileOpening } from './errors.js';
import { migrate, SCHEMA_VERSION, schemaVersionOf } from './schema/migrations.js';
import { PostgresStore } from './postgres-store.js';

export interface OpenPostgresOptions {
  /** In ms since the epoch; dates what is issued and every change of terms. */
  readonly clock?: () => number;
  /**
   * `create` (the default) makes the schema and its tables where they are missing; `read-write`
   * needs them to be there. Both bring an older schema up to date. `read-only` changes nothing.
   */
  readonly mode?: StoreMode;
  /** Hears of each transaction of applyBatch. */
  readonly onTransaction?: TransactionListener;
}

/** Opens the store on PostgreSQL. Throws UnreachableError. */
export async function openPostgresStore(
  target: PostgresTarget,
  { clock = Date.now, mode = 'create', ...measuring }: OpenPostgresOptions = {},
): Promise<PostgresStore> {
  const isReadOnly = mode === 'read-only';
  let connection: Connection | undefined;
  try {
    connection = await Connection.open(target, isReadOnly ? 'read' : 'write');
    await prepare(connection, target, mode);
    return new PostgresStore(target, { clock, first: connection, isReadOnly, ...measuring });
  } catch (error) {
    await connection?.close();
    throw whileOpening(error, target.name);
  }
}

/** Finds the store's tables, makes them or brings them up to date, as the mode says. */
export async function prepare(
  connection: Connection,
  target: PostgresTarget,
  mode: StoreMode,
): Promise<void> {
  const version = await schemaVersionOf(connection, target);
  if (version === SCHEMA_VERSION) return;
  if (version === 0 && mode !== 'create') throw notFound(target);
  if (mode === 'read-only') throw tooOld(target.name);
  await migrate(connection, target);
}

export function notFound({ name, schema }: PostgresTarget): UnreachableError {
  const where = schema === null ? ", in the schemas of this user's search_path" : '';
  return new UnreachableError(
    'STORE_NOT_FOUND',
    `There is no store at ${name}${where}.`,
    'Name another one with --store; `coupons campaigns create` and `coupons consume` create a new one.',
  );
}

function tooOld(name: string): UnreachableError {
  return new UnreachableError(
    'STORE_OLDER_VERSION',
    `Cannot read the store ${name}: an older version of coupons made it.`,
    '`coupons store migrate` brings it up to date, as does any command that writes to it.',
  );
}

import type { ServerHealth, StoreHealth } from '../../ports/store-access.js';
import type { Connection } from './connection/connection.js';
import { SCHEMA_VERSION } from './schema/migrations.js';
import { command } from './connection/query.js';

/** What each table is used for. */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  coupons_schema: ['SELECT'],
  store_identity: ['SELECT'],
  campaign: ['SELECT', 'INSERT', 'UPDATE'],
  campaign_version: ['SELECT', 'INSERT'],
  log: ['SELECT', 'INSERT'],
  applied_record: ['SELECT', 'INSERT'],
  partition_offset: ['SELECT', 'INSERT', 'UPDATE', 'DELETE'],
  replayed_letter: ['SELECT', 'INSERT', 'UPDATE'],
  event: ['SELECT', 'INSERT', 'DELETE'],
  outcome_minute: ['SELECT', 'INSERT', 'UPDATE'],
};

/**
 * Those that a crash must find on: without them what was acknowledged may be gone, or the database
 * damaged. (The store's own connections turn synchronous_commit on.)
 */
const SAFETY_SETTINGS = ['fsync', 'full_page_writes'];

type ServerRow = readonly [
  version: string,
  versionNumber: number,
  isStandby: boolean,
  unsafe: string,
  connections: number,
  limit: number,
  nowMs: number,
  tls: string | null,
];

const readServer = command<ServerRow>(`
  SELECT current_setting('server_version'), current_setting('server_version_num')::integer,
    pg_is_in_recovery(),
    (SELECT coalesce(string_agg(name, ' ' ORDER BY name), '') FROM pg_settings
     WHERE name IN (${SAFETY_SETTINGS.map((name) => `'${name}'`).join()}) AND setting = 'off'),
    (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'),
    current_setting('max_connections')::integer
      - current_setting('superuser_reserved_connections')::integer,
    (extract(epoch FROM clock_timestamp()) * 1000)::bigint,
    (SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid() AND ssl)`);

/** With names as GRANT takes them, whatever the search_path of the session that runs it. */
const readMissing = command<readonly [privilege: string, table: string, user: string]>(`
  SELECT privilege, format('%I.%I', nspname, relname), quote_ident(current_user)
  FROM (VALUES ${valuesOf(NEEDED)}) AS needed (name, privilege)
    JOIN pg_class ON pg_class.oid = to_regclass(name)
    JOIN pg_namespace ON pg_namespace.oid = relnamespace
  WHERE NOT has_table_privilege(pg_class.oid, privilege)`);

const readSize = command<readonly [number]>(`
  SELECT coalesce(sum(pg_total_relation_size(to_regclass(name))), 0)::bigint
  FROM unnest(ARRAY[${Object.keys(NEEDED)
    .map((name) => `'${name}'`)
    .join()}]) AS name`);

/**
 * `clock`: of this machine, in ms since the epoch. PostgreSQL has no check of its integrity for any
 * user.
 */
export async function inspectStore(
  connection: Connection,
  schemaVersion: number,
  clock: () => number,
): Promise<StoreHealth> {
  const [[sizeBytes] = [0]] = (await connection.run(readSize)).rows;
  return {
    schemaVersion,
    latestSchemaVersion: SCHEMA_VERSION,
    damages: [],
    isLocked: false,
    sizeBytes,
    writeAheadLogBytes: 0,
    server: await inspectServer(connection, clock),
  };
}

async function inspectServer(
  connection: Connection,
  clock: () => number,
): Promise<ServerHealth | null> {
  const missing = (await connection.run(readMissing)).rows;
  const askedMs = clock();
  const [row] = (await connection.run(readServer)).rows;
  if (row === undefined) return null;
  const answeredMs = clock();
  return {
    version: row[0],
    majorVersion: Math.floor(row[1] / 10_000),
    isStandby: row[2],
    unsafeSettings: row[3] === '' ? [] : row[3].split(' '),
    missingPrivileges: missing.map(([privilege, table, user]) => ({ privilege, table, user })),
    connections: row[4],
    connectionLimit: row[5],
    clockAheadMs: Math.round(row[6] - (askedMs + answeredMs) / 2),
    tls: row[7],
  };
}

function valuesOf(needed: Readonly<Record<string, readonly string[]>>): string {
  return Object.entries(needed)
    .flatMap(([name, privileges]) => privileges.map((privilege) => `('${name}', '${privilege}')`))
    .join();
}

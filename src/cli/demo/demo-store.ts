/** Where the story keeps its coupons: a SQLite file, or a schema on a PostgreSQL server. */
import { join } from 'node:path';
import { UsageError } from '../../errors.js';
import { STORE_FILE } from '../../config/store-file.js';
import type { PostgresLocation } from '../../config/store-location.js';
import type { SecretReference } from '../../config/secret.js';
import { shellWord } from '../../text/shell-word.js';
import type { GlobalOptions } from '../settings/options.js';
import { ownSchema, type Variables } from '../temporary/own-schema.js';

export interface DemoStore {
  /** What it is; null: nothing that needs to be said. */
  readonly introduction: string | null;
  /** With these variables the commands of the story find it. */
  readonly env: Variables;
  /** More of them, which are not shown. */
  readonly secrets: Variables;
  /** A line for a shell: any client of the database may read the store. */
  readonly query: string;
  /** Removes it. */
  close(): Promise<void>;
}

/** `--store postgres`: a server that lives as long as the demo. */
const LOCAL_SERVER = 'postgres';

const SELECT = (table: string) =>
  `SELECT sequence, user_id FROM ${table} WHERE coupon_id = 1 ORDER BY sequence LIMIT 5`;

/** Throws UsageError where it could not be kept, and UnreachableError where no server can be started. */
export async function openDemoStore(
  options: GlobalOptions,
  dataDir: string,
  keep: boolean,
): Promise<DemoStore> {
  // What a variable or a context names is a store in use, and nothing that a story may fill.
  const isGiven = options.flags.store !== undefined;
  const { store, storePassword } = options;
  if (isGiven && store.kind === 'postgres') return schemaOn(store, storePassword);
  if (!isGiven || store.name !== LOCAL_SERVER) return fileIn(dataDir);
  if (!keep) return localServer();
  throw new UsageError(
    'The PostgreSQL server that --store postgres starts ends with the demo: --keep cannot keep it.',
    'Give the URL of a server with --keep: --store postgres://user@host:5432/database.',
  );
}

function fileIn(dataDir: string): DemoStore {
  return {
    introduction: null,
    env: {},
    secrets: {},
    query: `sqlite3 -readonly ${shellWord(join(dataDir, STORE_FILE))} ${shellWord(SELECT('issued_coupon'))}`,
    close: () => Promise.resolve(),
  };
}

async function localServer(): Promise<DemoStore> {
  const { startLocalServer } = await import('../../store/postgres/local/local-server.js');
  const server = await startLocalServer();
  const schema = 'coupons';
  const url = `${server.url}?sslmode=disable`;
  const password = shellWord(server.passwordFile);
  return {
    introduction: 'A PostgreSQL server, which lives as long as this demo.',
    env: {
      COUPONS_STORE: `${url}&schema=${schema}`,
      COUPONS_STORE_PASSWORD_FILE: server.passwordFile,
    },
    secrets: {},
    query: `PGPASSWORD=$(cat ${password}) ${psql(url, schema)}`,
    close: () => server.remove(),
  };
}

function schemaOn(store: PostgresLocation, reference: SecretReference | null): DemoStore {
  const { schema, server, env, secrets, drop } = ownSchema(store, reference, 'coupons_demo');
  return {
    introduction: `The store: a new schema, ${schema}, on ${server}.`,
    ...{ env, secrets },
    query: psql(server, schema),
    close: drop,
  };
}

function psql(url: string, schema: string): string {
  return `psql ${shellWord(url)} -c ${shellWord(SELECT(`${schema}.issued_coupon`))}`;
}

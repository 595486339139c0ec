import { CliError } from '../../../errors.js';
import {
  storeExists,
  type NewStore,
  type StoreContents,
  type StoreCopyEnd,
} from '../../../ports/store-copy.js';
import { fillingFails, readingFails } from '../../copy-errors.js';
import { Connection } from '../connection/connection.js';
import { drawIdsBehind } from './copied-rows.js';
import { duringWork, whileOpening } from '../errors.js';
import { lockedVersion, schemaVersionOf, stepsFrom } from '../schema/migrations.js';
import { PostgresNewStore } from './new-store.js';
import { prepare } from '../open.js';
import { command, type Query } from '../connection/query.js';
import type { PostgresTarget } from '../connection/target.js';
import { wholeContents } from './whole-contents.js';
import { withConnection } from '../connection/with-connection.js';

/** A store on PostgreSQL, to be copied from or to. */
export class PostgresCopyEnd implements StoreCopyEnd {
  /** The URL, which holds no password. */
  readonly name: string;
  readonly #target: PostgresTarget;

  constructor(target: PostgresTarget) {
    this.name = target.name;
    this.#target = target;
  }

  exists(): Promise<boolean> {
    return withConnection(
      this.#target,
      'read',
      async (connection) => (await schemaVersionOf(connection, this.#target)) > 0,
    );
  }

  async read<T>(read: (contents: StoreContents) => Promise<T>): Promise<T> {
    const connection = await this.#opened('snapshot', async (opened) => {
      await opened.script('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
      await prepare(opened, this.#target, 'read-only');
    });
    try {
      const contents = wholeContents(connection, this.name);
      return await read(readingFails(contents, (error) => duringWork(error, this.name)));
    } finally {
      await connection.close();
    }
  }

  /**
   * In one transaction, which makes the tables as well: a process that is killed leaves nothing.
   * Whoever creates or migrates a store there waits for it, up to the lock timeout.
   */
  async create<T>(fill: (store: NewStore) => Promise<T>): Promise<T> {
    const connection = await this.#opened('copy', async (opened) => {
      await opened.script('BEGIN');
      if ((await lockedVersion(opened, this.#target)) > 0) throw storeExists(this.name);
      await opened.script(stepsFrom(0));
    });
    try {
      const indexes = await takeIndexes(connection);
      const result = await fill(new PostgresNewStore(connection, this.name));
      await connection.script(indexes.join('; '));
      for (const query of drawIdsBehind) await connection.run(query);
      await commit(connection);
      return result;
    } catch (error) {
      throw fillingFails(duringWork(error, this.name), this.name);
    } finally {
      await connection.close();
    }
  }

  async #opened(
    purpose: 'snapshot' | 'copy',
    begin: (connection: Connection) => Promise<void>,
  ): Promise<Connection> {
    let connection: Connection | undefined;
    try {
      connection = await Connection.open(this.#target, purpose);
      await begin(connection);
      return connection;
    } catch (error) {
      await connection?.close();
      throw error instanceof CliError ? error : whileOpening(error, this.name);
    }
  }
}

const readIndexes: Query<readonly [name: string, definition: string]> = command(
  `SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid)
   FROM pg_index i WHERE i.indrelid = 'applied_record'::regclass AND NOT i.indisprimary`,
);

/**
 * Drops them, and gives the SQL that makes them: over rows that are there, by sorting, is faster
 * than row by row.
 */
async function takeIndexes(connection: Connection): Promise<readonly string[]> {
  const { rows } = await connection.run(readIndexes);
  await connection.script(`DROP INDEX ${rows.map(([name]) => name).join(', ')}`);
  return rows.map(([, definition]) => definition);
}

/** PostgreSQL answers the COMMIT of a transaction that has failed without an error. */
async function commit(connection: Connection): Promise<void> {
  const { command: done } = await connection.run(command('COMMIT'));
  if (done !== 'COMMIT') throw new RangeError('PostgreSQL rolled the copy back without an error');
}

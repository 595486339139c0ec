import { setTimeout as passed } from 'node:timers/promises';
import type { ConnectionOptions } from 'node:tls';
import pg from 'pg';
import { CliError, messageOf } from '../../../errors.js';
import type { Query, Value } from './query.js';
import { TLS_NOT_OFFERED, tlsAttempts } from './tls.js';
import { loginOf, type PostgresTarget } from './target.js';

/** What a connection is for: each has its limits. */
export type Purpose = 'write' | 'read' | 'snapshot' | 'copy';

export interface Answer<Row> {
  readonly rows: readonly Row[];
  /** PostgreSQL's word for what it has done: "COMMIT", or "ROLLBACK" of a COMMIT that could not be. */
  readonly command: string;
  readonly rowCount: number;
}

const CONNECT_TIMEOUT_MS = 5000;
/** How long to wait for the server to say goodbye, which one that hangs never does. */
const CLOSE_TIMEOUT_MS = 1000;
/** How long to wait for a lock that another connection holds: as SQLite's busy timeout. */
const LOCK_TIMEOUT_MS = 5000;
/** How long one statement may take. */
const STATEMENT_TIMEOUT_MS: Readonly<Record<Purpose, number>> = {
  /** A transaction of a group of batches takes milliseconds. */
  write: 10_000,
  read: 20_000,
  /** Sorting the outcomes of a partition takes a minute by some 10^7. */
  snapshot: 30 * 60_000,
  /** So does building an index over them. */
  copy: 30 * 60_000,
};
/** The server gives up a transaction whose client has been silent for so long; 0: it waits. */
const IDLE_TRANSACTION_TIMEOUT_MS: Readonly<Record<Purpose, number>> = {
  write: 30_000,
  read: 30_000,
  snapshot: 0,
  /** The store that is copied may be slow. */
  copy: 10 * 60_000,
};
/**
 * How much longer than the server's own limit to wait for an answer. A server that is frozen, or a
 * network that swallows packets, sends none at all; then the connection is destroyed.
 */
const ANSWER_GRACE_MS = 3000;
/** After so long without traffic the system asks whether the other side is still there. */
const KEEP_ALIVE_MS = 10_000;

type TypeId = Parameters<typeof pg.types.getTypeParser>[0];

/** Of this connection alone: the driver's parsers are shared by the whole process. */
const TYPES: pg.CustomTypesConfig = {
  getTypeParser: ((oid: TypeId): unknown => {
    if (oid === pg.types.builtins.INT8) return Number;
    if (oid === pg.types.builtins.BYTEA) return (digits: string) => digits;
    return pg.types.getTypeParser(oid, 'text');
  }) as pg.CustomTypesConfig['getTypeParser'],
};

/** The connection failed, not what was asked of it. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';
}

/**
 * One connection. What is asked is sent at once, behind what was asked before, and answered in that order:
 * statements that do not wait for one another share a round trip.
 */
export class Connection {
  readonly #client: pg.Client;
  #isLost = false;

  private constructor(client: pg.Client) {
    this.#client = client;
    client.on('error', () => (this.#isLost = true));
    client.on('end', () => (this.#isLost = true));
  }

  /** Throws ConnectionError, or a DatabaseError where the server refuses. */
  static async open(target: PostgresTarget, purpose: Purpose): Promise<Connection> {
    const [ssl, instead] = tlsAttempts(target);
    try {
      return await Connection.#openWith(ssl, target, purpose);
    } catch (error) {
      const isOffered = messageOf(error) !== TLS_NOT_OFFERED;
      if (isOffered || instead === undefined) throw error;
      return Connection.#openWith(instead, target, purpose);
    }
  }

  static async #openWith(
    ssl: ConnectionOptions | false,
    target: PostgresTarget,
    purpose: Purpose,
  ): Promise<Connection> {
    const statementMs = STATEMENT_TIMEOUT_MS[purpose];
    const client = new pg.Client({
      ...loginOf(target),
      ssl,
      types: TYPES,
      pipeline: true,
      application_name: 'coupons',
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      keepAlive: true,
      keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
      query_timeout: statementMs + ANSWER_GRACE_MS,
    });
    const connection = new Connection(client);
    try {
      await client.connect();
      await client.query(settings(target, purpose, statementMs));
      return connection;
    } catch (error) {
      await connection.close();
      throw ofConnection(error);
    }
  }

  /** Whether it can't be used any more. */
  get isLost(): boolean {
    return this.#isLost;
  }

  /** Throws as open does. */
  async run<Row>(query: Query<Row>): Promise<Answer<Row>> {
    const { name, text, values } = query;
    const sent = {
      ...(name === null ? {} : { name }),
      text,
      values: [...values],
      rowMode: 'array' as const,
    };
    const result = await this.#asked(this.#client.query<unknown[], Value[]>(sent));
    const { command, rowCount } = result;
    return { rows: query.rowsOf(result.rows), command, rowCount: rowCount ?? 0 };
  }

  /**
   * In one packet, and so in one round trip: one answer a query. Throws what the first one that
   * fails throws.
   */
  runTogether(queries: readonly Query[]): Promise<readonly Answer<unknown>[]> {
    const { stream } = this.#client.connection;
    stream.cork();
    try {
      return Promise.all(queries.map((query) => this.run(query)));
    } finally {
      stream.uncork();
    }
  }

  /** Several statements in one text, for their effect. Throws as open does. */
  async script(sql: string): Promise<void> {
    await this.#asked(this.#client.query(sql));
  }

  async #asked<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      if (isFatal(error)) this.#isLost = true;
      throw ofConnection(error);
    }
  }

  /**
   * Ends the connection once all that was asked is answered, or has waited too long for it. Never
   * throws.
   */
  async close(): Promise<void> {
    this.#isLost = true;
    const limit = new AbortController();
    // The driver waits for the end of a socket for ever, also of one that was never opened.
    const isLate = passed(CLOSE_TIMEOUT_MS, undefined, limit).catch(() => undefined);
    await Promise.race([this.#client.end().catch(() => undefined), isLate]);
    limit.abort();
    this.#client.connection.stream.destroy();
  }
}

/** The server's last words on this connection. */
function isFatal(error: unknown): boolean {
  return error instanceof pg.DatabaseError && /^(FATAL|PANIC)$/.test(error.severity ?? '');
}

/** The driver's own errors have neither a class nor a code. */
function ofConnection(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof pg.DatabaseError) return error;
  if (error instanceof TypeError || error instanceof RangeError) return error;
  // The password could not be had.
  if (error instanceof CliError) return error;
  const [first] = error instanceof AggregateError ? (error.errors as unknown[]) : [error];
  return new ConnectionError(messageOf(first), { cause: error });
}

function settings({ schema }: PostgresTarget, purpose: Purpose, statementMs: number): string {
  return [
    ...(schema === null ? [] : [`SET search_path = ${pg.escapeIdentifier(schema)}`]),
    `SET statement_timeout = ${statementMs}`,
    `SET lock_timeout = ${LOCK_TIMEOUT_MS}`,
    `SET idle_in_transaction_session_timeout = ${IDLE_TRANSACTION_TIMEOUT_MS[purpose]}`,
    'SET bytea_output = hex',
    ...BY_KEY,
    purpose === 'write' || purpose === 'copy' ? DURABLE : READ_ONLY,
  ].join('; ');
}

/**
 * A statement reads rows by a key that an index has, in the order of that index: one after another,
 * without a sort of what is behind the page. Statistics that are missing or old would have it read
 * a whole table to find a few of its rows, or once for each of them; and a prepared statement keeps
 * the plan of its first use, perhaps of a time when the tables were small. No plan is worth
 * compiling, as those are that PostgreSQL before 18 thinks to be dear for what is switched off.
 */
const BY_KEY = [
  'SET enable_seqscan = off',
  'SET enable_hashjoin = off',
  'SET enable_mergejoin = off',
  'SET enable_bitmapscan = off',
  'SET enable_incremental_sort = off',
  'SET enable_material = off',
  'SET jit = off',
  'SET plan_cache_mode = force_generic_plan',
];

const READ_ONLY = 'SET default_transaction_read_only = on';

/** What was answered is on disk: a server may be set to answer before. What is stricter stays. */
const DURABLE = `SELECT set_config('synchronous_commit', 'on', false)
  WHERE current_setting('synchronous_commit') = 'off'`;

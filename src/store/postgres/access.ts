import type { ConsumerStore, CouponStore } from '../../ports/coupon-store.js';
import type { StoreStand } from '../../ports/group-store.js';
import type { NewEvent } from '../../ports/store-history.js';
import type {
  StoreAccess,
  StoreCondition,
  StoreHealth,
  StoreMigration,
  StoreMode,
  TransactionListener,
} from '../../ports/store-access.js';
import type { Connection } from './connection/connection.js';
import { inspectStore } from './health.js';
import { SCHEMA_VERSION, schemaVersionOf } from './schema/migrations.js';
import { notFound, openPostgresStore, prepare } from './open.js';
import { addEvents } from './tables/events.js';
import { readAllPositions, toPosition } from './tables/partition-offsets.js';
import { command } from './connection/query.js';
import { readIdentity, toIdentity } from './tables/store-identity.js';
import type { PostgresTarget } from './connection/target.js';
import { withConnection } from './connection/with-connection.js';

/** A store on PostgreSQL, as commands reach it. */
export class PostgresAccess implements StoreAccess {
  readonly name: string;
  readonly #target: PostgresTarget;

  constructor(target: PostgresTarget) {
    this.name = target.name;
    this.#target = target;
  }

  exists(): Promise<boolean> {
    return this.#reading(
      async (connection) => (await schemaVersionOf(connection, this.#target)) > 0,
    );
  }

  open(mode: StoreMode): Promise<CouponStore> {
    return openPostgresStore(this.#target, { mode });
  }

  /** On this thread: the work and the waiting for the disk are the server's. */
  openForConsumer(onTransaction?: TransactionListener): Promise<ConsumerStore> {
    const measuring = onTransaction === undefined ? {} : { onTransaction };
    return openPostgresStore(this.#target, { mode: 'read-write', ...measuring });
  }

  async recordEvents(events: readonly NewEvent[]): Promise<void> {
    await withConnection(this.#target, 'write', async (connection) => {
      // An older schema is refused: to read needs this version's as well.
      await prepare(connection, this.#target, 'read-only');
      await connection.run(addEvents(events));
    });
  }

  stand(): Promise<StoreStand> {
    return this.#reading(async (connection) => {
      await prepare(connection, this.#target, 'read-only');
      const [identity, positions] = await Promise.all([
        connection.run(readIdentity()),
        connection.run(readAllPositions()),
      ]);
      const { id } = toIdentity(identity.rows[0], this.name);
      return { id, path: this.name, positions: positions.rows.map(toPosition) };
    });
  }

  /** Locks of rows are waited for a moment, and their holders die with their sessions. */
  condition(): Promise<StoreCondition> {
    return Promise.resolve({ isLocked: false, writeAheadLogBytes: 0 });
  }

  health(): Promise<StoreHealth> {
    return this.#reading(async (connection) =>
      inspectStore(connection, await this.#existingVersion(connection), Date.now),
    );
  }

  pendingMigration(): Promise<StoreMigration> {
    return this.#reading(async (connection) => {
      const fromVersion = await this.#existingVersion(connection);
      const rows = fromVersion < SCHEMA_VERSION ? await countRecords(connection) : 0;
      const { sizeBytes } = await inspectStore(connection, fromVersion, Date.now);
      return { fromVersion, toVersion: SCHEMA_VERSION, rows, sizeBytes };
    });
  }

  async #existingVersion(connection: Connection): Promise<number> {
    const version = await schemaVersionOf(connection, this.#target);
    if (version === 0) throw notFound(this.#target);
    return version;
  }

  #reading<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    return withConnection(this.#target, 'read', work);
  }
}

const readCount = command<readonly [number]>('SELECT count(*) FROM applied_record');

async function countRecords(connection: Connection): Promise<number> {
  const [[rows] = [0]] = (await connection.run(readCount)).rows;
  return rows;
}

import type { Campaign } from '../../coupon/campaign.js';
import type {
  CampaignVersion,
  OutcomeRow,
  RecordIdentity,
  RequestIdentity,
  StoredPosition,
} from '../../ports/coupon-store.js';
import type { AppliedOutcome, StoreSnapshot } from '../../ports/store-snapshot.js';
import type { Position } from '../../ports/log.js';
import { readDeadLettered, readOutcomesOf, toOutcome } from './tables/applied-records.js';
import { readCampaigns, readVersions, toCampaign, toVersion } from './tables/campaigns.js';
import { Connection } from './connection/connection.js';
import type { PostgresTarget } from './connection/target.js';
import { duringWork } from './errors.js';
import { readLogs } from './tables/logs.js';
import {
  declareInLog,
  fetchPage,
  placeOf,
  readApplied,
  readDecisions,
  readPartitions,
  toApplied,
} from './tables/outcome-pages.js';
import { readAllPositions, toPosition } from './tables/partition-offsets.js';
import { command, type Query } from './connection/query.js';
import { readIdentity } from './tables/store-identity.js';

/** REPEATABLE READ: each statement sees the state that the first one saw. */
const BEGIN = 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SELECT 1';

/** Reads one state of the store on a connection of its own, so that the store can be used meanwhile. */
export async function readSnapshot<T>(
  target: PostgresTarget,
  read: (snapshot: StoreSnapshot) => Promise<T>,
): Promise<T> {
  let connection: Connection | undefined;
  try {
    connection = await Connection.open(target, 'snapshot');
    await connection.script(BEGIN);
    return await read(new PostgresSnapshot(connection));
  } catch (error) {
    throw duringWork(error, target.name);
  } finally {
    await connection?.close();
  }
}

class PostgresSnapshot implements StoreSnapshot {
  readonly #connection: Connection;
  #cursors = 0;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async positions(): Promise<readonly StoredPosition[]> {
    return (await this.#rows(readAllPositions())).map(toPosition);
  }

  async campaigns(): Promise<readonly Campaign[]> {
    return (await this.#rows(readCampaigns())).map(toCampaign);
  }

  async versions(): Promise<readonly CampaignVersion[]> {
    return (await this.#rows(readVersions())).map(toVersion);
  }

  async partitionsOf(topic: string): Promise<readonly number[]> {
    return (await this.#rows(readPartitions(topic))).map(([partition]) => partition);
  }

  async *outcomesInLog(topic: string, partition: number): AsyncGenerator<readonly OutcomeRow[]> {
    const [log] = await this.#rows(readLogs([{ topic, partition }]));
    if (log === undefined) return;
    const cursor = `outcomes_${String((this.#cursors += 1))}`;
    await this.#connection.runTogether(declareInLog(cursor, log[2]));
    for (;;) {
      const page = await this.#rows(fetchPage(cursor));
      if (page.length === 0) break;
      yield page.map(toOutcome);
    }
    await this.#rows(command(`CLOSE ${cursor}`));
  }

  async *outcomesApplied(): AsyncGenerator<readonly AppliedOutcome[]> {
    let last: AppliedOutcome | undefined;
    do {
      const page = (await this.#rows(readApplied(last?.id ?? Number.MIN_SAFE_INTEGER))).map(
        toApplied,
      );
      if (page.length > 0) yield page;
      last = page.at(-1);
    } while (last !== undefined);
  }

  async decisionsOf(requests: readonly RequestIdentity[]): Promise<readonly (OutcomeRow | null)[]> {
    const found: (OutcomeRow | null)[] = requests.map(() => null);
    for (const row of await this.#rows(readDecisions(requests)))
      found[placeOf(row)] = toOutcome(row);
    return found;
  }

  async lastIdOf01(): Promise<number> {
    const [identity] = await this.#rows(readIdentity());
    return identity?.[1] ?? 0;
  }

  async outcomesOf(couponId: number, userId: number): Promise<readonly OutcomeRow[]> {
    return (await this.#rows(readOutcomesOf(couponId, userId))).map(toOutcome);
  }

  async deadLettered(
    place: Omit<Position, 'offset'>,
    records: readonly RecordIdentity[],
  ): Promise<ReadonlySet<bigint>> {
    const rows = await this.#rows(readDeadLettered(place, records));
    return new Set(rows.map(([offset]) => BigInt(offset)));
  }

  async #rows<Row>(query: Query<Row>): Promise<readonly Row[]> {
    return (await this.#connection.run(query)).rows;
  }
}

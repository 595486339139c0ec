// SQLite works synchronously: between two pages the signals, timers and sockets get their turn.
import { setImmediate as eventLoopTurn } from 'node:timers/promises';
import type { Database } from 'better-sqlite3';
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
import { prepareAppliedRecords, type AppliedRecords } from './tables/applied-records.js';
import { prepareCampaigns, type Campaigns } from './tables/campaigns.js';
import { openFile } from './file/connection.js';
import { duringWork } from './errors.js';
import { prepareOutcomePages, type OutcomePages } from './tables/outcome-pages.js';
import { preparePartitionOffsets, type PartitionOffsets } from './tables/partition-offsets.js';

/** Rows are read once, in order: more would not be read again. It also limits what a sort keeps in memory. */
const PAGE_CACHE_KIB = 16 * 1024;

/**
 * Reads one state of a file on a connection of its own, so that the store can be used meanwhile. Until
 * `read` has ended, the write-ahead log grows by all that is written.
 */
export async function readSnapshot<T>(
  path: string,
  busyTimeoutMs: number,
  read: (snapshot: StoreSnapshot) => Promise<T>,
): Promise<T> {
  const db = openFile(path, { mode: 'read-only', busyTimeoutMs });
  let snapshot: SqliteSnapshot | undefined;
  try {
    db.pragma(`cache_size = -${PAGE_CACHE_KIB}`);
    snapshot = new SqliteSnapshot(db);
    return await read(snapshot);
  } catch (error) {
    throw duringWork(error, path);
  } finally {
    snapshot?.close();
    db.close();
  }
}

class SqliteSnapshot implements StoreSnapshot {
  readonly #campaigns: Campaigns;
  readonly #partitionOffsets: PartitionOffsets;
  readonly #appliedRecords: AppliedRecords;
  readonly #pages: OutcomePages;
  /** A connection with an open iterator can't be closed. */
  readonly #iterators = new Set<ReturnType<OutcomePages['inLog']>>();

  constructor(db: Database) {
    this.#campaigns = prepareCampaigns(db, Date.now);
    this.#partitionOffsets = preparePartitionOffsets(db);
    this.#appliedRecords = prepareAppliedRecords(db);
    this.#pages = prepareOutcomePages(db);
    // SQLite chooses the state with the first read, not with BEGIN.
    db.exec('BEGIN; SELECT 1 FROM campaign');
  }

  positions(): Promise<readonly StoredPosition[]> {
    return Promise.resolve(this.#partitionOffsets.all());
  }

  campaigns(): Promise<readonly Campaign[]> {
    return Promise.resolve(this.#campaigns.all());
  }

  versions(): Promise<readonly CampaignVersion[]> {
    return Promise.resolve(this.#campaigns.versions());
  }

  partitionsOf(topic: string): Promise<readonly number[]> {
    return Promise.resolve(this.#pages.partitionsOf(topic));
  }

  async *outcomesInLog(topic: string, partition: number): AsyncGenerator<readonly OutcomeRow[]> {
    const pages = this.#pages.inLog(topic, partition);
    this.#iterators.add(pages);
    for (const page of pages) {
      await eventLoopTurn();
      yield page;
    }
    this.#iterators.delete(pages);
  }

  async *outcomesApplied(): AsyncGenerator<readonly AppliedOutcome[]> {
    let last: AppliedOutcome | undefined;
    do {
      const page = this.#pages.applied(last?.id ?? Number.MIN_SAFE_INTEGER);
      await eventLoopTurn();
      if (page.length > 0) yield page;
      last = page.at(-1);
    } while (last !== undefined);
  }

  decisionsOf(requests: readonly RequestIdentity[]): Promise<readonly (OutcomeRow | null)[]> {
    return Promise.resolve(requests.map((request) => this.#pages.decisionOf(request)));
  }

  lastIdOf01(): Promise<number> {
    return Promise.resolve(this.#pages.lastIdOf01());
  }

  outcomesOf(couponId: number, userId: number): Promise<readonly OutcomeRow[]> {
    return Promise.resolve(this.#appliedRecords.of(couponId, userId));
  }

  deadLettered(
    { topic, partition }: Omit<Position, 'offset'>,
    records: readonly RecordIdentity[],
  ): Promise<ReadonlySet<bigint>> {
    const known = records.filter((record) =>
      this.#appliedRecords.isDeadLettered(topic, partition, record),
    );
    return Promise.resolve(new Set(known.map(({ offset }) => offset)));
  }

  close(): void {
    for (const pages of this.#iterators) pages.return(undefined);
  }
}

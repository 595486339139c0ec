/** All that the broker keeps on disk, opened together. */
import type { Clock } from '../clock.js';
import { AppendWatch } from './append-watch.js';
import { Catalog } from './catalog.js';
import { openDatabase, type SqliteDatabase } from './database.js';
import { GroupCommit } from './group-commit.js';
import { GroupOffsets } from './group-offsets.js';
import { Log } from './log.js';

export class Storage {
  readonly clusterId: string;
  readonly catalog: Catalog;
  readonly log: Log;
  readonly groupOffsets: GroupOffsets;
  readonly commits: GroupCommit;
  readonly appendWatch: AppendWatch;
  readonly #db: SqliteDatabase;
  readonly #nextProducerId;

  /** Throws CliError DATA_DIR_NOT_WRITABLE, BROKER_DATA_CORRUPT or BROKER_DATA_NEWER. */
  constructor(dataDir: string, clock: Clock, warn: (message: string) => void) {
    const db = openDatabase(dataDir);
    this.#db = db;
    this.clusterId = String(
      db.prepare(`SELECT value FROM setting WHERE name = 'cluster_id'`).pluck().get(),
    );
    this.#nextProducerId = db
      .prepare<[], bigint>(
        `UPDATE setting SET value = value + 1 WHERE name = 'next_producer_id' RETURNING value`,
      )
      .pluck();
    this.catalog = new Catalog(db);
    this.log = new Log(db);
    this.groupOffsets = new GroupOffsets(db);
    this.appendWatch = new AppendWatch(clock);
    this.commits = new GroupCommit(db, {
      undone: () => {
        this.catalog.forget();
        this.log.sequences.forget();
      },
      refused: (reason) =>
        warn(`The disk refused a transaction: ${reason}. Nothing of it was acknowledged.`),
    });
  }

  /** Within a transaction: an id that no producer ever had. */
  newProducerId(): bigint {
    return this.#nextProducerId.get() ?? 0n;
  }

  /** Deletes what retention no longer keeps; resolves to the count of partitions cut. */
  enforceRetention(nowMs: number): Promise<number> {
    const cut = () => {
      let count = 0;
      for (const { partitions, overrides } of this.catalog.topics.values()) {
        for (const partition of partitions) {
          const from = this.log.retainedFrom(partition, overrides, nowMs);
          if (from > partition.startOffset) count++;
          this.log.deleteBefore(partition, from);
        }
      }
      return count;
    };
    return this.commits.submit(cut, () => 0);
  }

  close(): void {
    this.commits.flush();
    this.#db.close();
  }
}

/** One audit of a store against its log, from the first read to the report. */
import { DLQ_TOPIC, REQUEST_TOPIC } from '../coupon/topics.js';
import { InterruptedError, hasCode } from '../errors.js';
import type { ClusterAdmin } from '../ports/cluster-admin.js';
import type { CouponStore } from '../ports/coupon-store.js';
import type { LogReader, PartitionBounds } from '../ports/log.js';
import { comparedNow, offsetsMismatch, standOf } from '../records/store-comparison.js';
import { readGoneLog } from './gone-log.js';
import { Audit, type AuditInput, type AuditReport } from './audit.js';

/** What an audit reads. */
export interface AuditSources {
  readonly store: CouponStore;
  /** Where the store is (StorePlace). */
  readonly storePath: string;
  readonly admin: Pick<ClusterAdmin, 'committedOffsets'>;
  readonly reader: LogReader;
}

export interface AuditOptions {
  readonly group: string;
  /** Only this campaign is counted and compared; null: all. */
  readonly couponId: number | null;
  /** Hears after each chunk how far it has come. */
  readonly onProgress: (progress: AuditProgress) => void;
  /** Ends the audit at the next chunk. */
  readonly signal?: AbortSignal;
}

/** `records`: of the DLQ and of the log. `outcomes`: of the store, applied again, which comes after them. */
export interface AuditProgress {
  readonly records: number;
  readonly outcomes: number;
}

/** Throws InterruptedError where the signal aborts. */
export async function runAudit(
  { store, storePath, admin, reader }: AuditSources,
  options: AuditOptions,
): Promise<AuditReport> {
  const compared = await comparedNow(admin, reader, options.group, REQUEST_TOPIC);
  const mismatch = await offsetsMismatch(await standOf(store, storePath), reader, compared);
  return store.snapshot((snapshot) => compare({ store, snapshot, mismatch }, reader, options));
}

interface Stored extends Pick<AuditInput, 'snapshot' | 'mismatch'> {
  readonly store: Pick<CouponStore, 'events' | 'latestEvent'>;
}

async function compare(
  { store, snapshot, mismatch }: Stored,
  reader: LogReader,
  { group, couponId, ...options }: AuditOptions,
): Promise<AuditReport> {
  // After the snapshot, so that a running consumer can't make an honest store look wrong: a record is in
  // the log before its outcome is in the store, and a dead letter in the DLQ before its row.
  const bounds = await reader.bounds(REQUEST_TOPIC);
  const dlqBounds = await boundsIfThere(reader, DLQ_TOPIC);
  const clusterId = await reader.clusterId();
  const log = { bounds, clusterId, group, topic: REQUEST_TOPIC };
  const gone = await readGoneLog(store, reader, log);
  const audit = await Audit.start({ snapshot, mismatch, couponId, gone, dlqBounds, ...log });
  const steps = new Steps(options);
  for (const bound of dlqBounds ?? []) {
    const { readable, waiting } = readToBothEnds(reader, DLQ_TOPIC, bound);
    // A letter that waits behind the transaction of another producer is there all the same.
    for await (const letters of readable) audit.addLetters(await steps.read(letters));
    for await (const letters of waiting) audit.addLetters(await steps.read(letters));
  }
  for (const bound of bounds) {
    const { readable, waiting } = readToBothEnds(reader, REQUEST_TOPIC, bound);
    for await (const records of readable) await audit.addRecords(await steps.read(records));
    for await (const records of waiting) audit.addWaitingRecords(await steps.read(records));
  }
  return audit.report((rows) => steps.applied(rows));
}

/** Between two chunks: counts them, ends where it is to end, and lets others on this thread have their turn. */
class Steps {
  readonly #options: Pick<AuditOptions, 'onProgress' | 'signal'>;
  #records = 0;
  #outcomes = 0;

  constructor(options: Pick<AuditOptions, 'onProgress' | 'signal'>) {
    this.#options = options;
  }

  async read<T>(records: readonly T[]): Promise<readonly T[]> {
    this.#records += records.length;
    await this.#next();
    return records;
  }

  async applied(rows: readonly unknown[]): Promise<void> {
    this.#outcomes += rows.length;
    await this.#next();
  }

  async #next(): Promise<void> {
    const { onProgress, signal } = this.#options;
    onProgress({ records: this.#records, outcomes: this.#outcomes });
    // A store's page may be there at once, so that nothing else would ever make it wait.
    await new Promise((resolve) => setImmediate(resolve));
    if (signal?.aborted === true) throw new InterruptedError();
  }
}

/** Records are compared as they come: what is read at once is all that is in memory. */
const CHUNK_BYTES = 1024 * 1024;

/** Up to the last stable offset, and from there to the high watermark. */
function readToBothEnds(
  reader: LogReader,
  topic: string,
  { partition, startOffset, stableEndOffset, endOffset }: PartitionBounds,
) {
  return {
    readable: reader.read(topic, partition, startOffset, stableEndOffset, CHUNK_BYTES),
    waiting: reader.readUncommitted(topic, partition, stableEndOffset, endOffset),
  };
}

async function boundsIfThere(
  reader: LogReader,
  topic: string,
): Promise<readonly PartitionBounds[] | null> {
  try {
    return await reader.bounds(topic);
  } catch (error) {
    if (hasCode(error, 'TOPIC_NOT_FOUND')) return null;
    throw error;
  }
}

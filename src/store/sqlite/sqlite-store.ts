import { statSync } from 'node:fs';
import type { Database } from 'better-sqlite3';
import type { Campaign, CampaignTerms } from '../../coupon/campaign.js';
import {
  StoreUnavailableError,
  type ApplyBatch,
  type ApplyResult,
  type CampaignChange,
  type CouponStore,
  type IssuedCoupon,
  type IssuedFilter,
  type LetterIdentity,
  type LetterRange,
  type OutcomeRow,
  type RecordIdentity,
  type StoredPosition,
  type StoreIdentity,
  type StoreSnapshot,
  type UserOutcomes,
} from '../../ports/coupon-store.js';
import type { Position } from '../../ports/log.js';
import type { TransactionListener } from '../../ports/store-access.js';
import type { CampaignSequence, OutcomeTotals } from '../../ports/store-figures.js';
import type {
  EventKind,
  NewEvent,
  OutcomeMinute,
  Period,
  StoredEvent,
} from '../../ports/store-history.js';
import {
  applyTogether,
  measured,
  type ApplyInOne,
  type Group,
  type GroupAnswer,
} from '../group.js';
import { prepareAppliedRecords } from './tables/applied-records.js';
import { applyBatches, type Tables } from './apply-batches.js';
import { whenFree } from './file/busy.js';
import { prepareCampaigns } from './tables/campaigns.js';
import { prepareCheckpoints, type Checkpoints } from './file/checkpoints.js';
import { duringWork } from './errors.js';
import { prepareEvents, type Events } from './tables/events.js';
import { PAGE_SIZE, prepareIssuedCoupons, type IssuedCoupons } from './tables/issued-coupons.js';
import { prepareLogs } from './tables/logs.js';
import { prepareOutcomeFigures, type OutcomeFigures } from './tables/outcome-figures.js';
import { prepareOutcomeMinutes } from './tables/outcome-minutes.js';
import { preparePartitionOffsets } from './tables/partition-offsets.js';
import { prepareReplayedLetters, type ReplayedLetters } from './tables/replayed-letters.js';
import { readSnapshot } from './snapshot.js';
import { prepareStoreIdentity } from './tables/store-identity.js';
import { prepareTransactions, type Transactions } from './file/transaction.js';

export interface SqliteStoreOptions {
  /** In ms since the epoch. */
  readonly clock: () => number;
  /** How long to wait for the lock that another process holds. */
  readonly busyTimeoutMs: number;
}

/**
 * The store in one SQLite file. better-sqlite3 works synchronously, so that two methods never share
 * a transaction. Nothing is kept in memory between transactions: other processes may write to the
 * file.
 */
export class SqliteStore implements CouponStore {
  readonly #db: Database;
  readonly #path: string;
  readonly #clock: () => number;
  readonly #busyTimeoutMs: number;
  readonly #tables: Tables;
  readonly #events: Events;
  readonly #issuedCoupons: IssuedCoupons;
  readonly #outcomeFigures: OutcomeFigures;
  readonly #replayedLetters: ReplayedLetters;
  readonly #identity: () => StoreIdentity;
  readonly #transactions: Transactions;
  readonly #inode: bigint | undefined;
  /** Settles, without an error, when the write that was asked for last is over. */
  #lastWrite: Promise<unknown> = Promise.resolve();

  /** `db` was opened and prepared (file/connection.ts) and is closed by this store. */
  constructor(db: Database, path: string, options: SqliteStoreOptions) {
    const { clock, busyTimeoutMs } = options;
    // From now on whenFree() does the waiting.
    db.pragma('busy_timeout = 0');
    this.#db = db;
    this.#path = path;
    this.#clock = clock;
    this.#busyTimeoutMs = busyTimeoutMs;
    this.#inode = inodeOf(path);
    this.#tables = {
      campaigns: prepareCampaigns(db, clock),
      logs: prepareLogs(db),
      appliedRecords: prepareAppliedRecords(db),
      outcomeMinutes: prepareOutcomeMinutes(db),
      partitionOffsets: preparePartitionOffsets(db),
    };
    this.#events = prepareEvents(db);
    this.#issuedCoupons = prepareIssuedCoupons(db);
    this.#outcomeFigures = prepareOutcomeFigures(db);
    this.#replayedLetters = prepareReplayedLetters(db, clock);
    this.#identity = prepareStoreIdentity(db, path);
    this.#transactions = prepareTransactions(db);
  }

  identity(): Promise<StoreIdentity> {
    return this.#read(this.#identity);
  }

  async applyBatch(batch: ApplyBatch): Promise<ApplyResult> {
    const { results } = await this.applyGroup({ batches: [batch], events: [] });
    const [result] = results;
    if (result === undefined) throw new RangeError('a batch has no result');
    if (result.kind === 'failed') throw result.error;
    return result;
  }

  /**
   * Applies what arrived together in one transaction: one sync for all. It is durable when this resolves. A batch
   * that a record makes fail is applied to nothing, and takes no other with it (applyTogether).
   */
  applyGroup(group: Group, onTransaction?: TransactionListener): Promise<GroupAnswer> {
    const deadlineMs = this.#deadlineMs();
    const apply: ApplyInOne = ({ batches, events }) =>
      this.#transaction(deadlineMs, () => {
        this.#events.add(events);
        return applyBatches(this.#tables, batches, this.#clock());
      });
    const applied = onTransaction === undefined ? apply : measured(apply, onTransaction);
    return this.#inTurn(() => applyTogether(group, applied));
  }

  recordEvents(events: readonly NewEvent[]): Promise<void> {
    return this.#write(() => {
      this.#events.add(events);
    });
  }

  events(period: Period, limit: number): Promise<readonly StoredEvent[]> {
    return this.#read(() => this.#events.in(period, limit));
  }

  latestEvent(kind: EventKind): Promise<StoredEvent | null> {
    return this.#read(() => this.#events.latest(kind));
  }

  outcomesByMinute(period: Period, couponId?: number): Promise<readonly OutcomeMinute[]> {
    return this.#read(() => this.#tables.outcomeMinutes.in(period, couponId));
  }

  countedSinceMs(): Promise<number> {
    return this.#read(() => this.#tables.outcomeMinutes.countedSinceMs());
  }

  issuedSince(couponIds: readonly number[], sinceMs: number): Promise<readonly number[]> {
    return this.#read(() => couponIds.map((id) => this.#issuedCoupons.since(id, sinceMs)));
  }

  /** From now on the caller says when the write-ahead log is copied into the file, and no commit does. */
  checkpoints(): Checkpoints {
    return prepareCheckpoints(this.#db);
  }

  positions(group: string, topic: string): Promise<readonly StoredPosition[]> {
    return this.#read(() => this.#tables.partitionOffsets.of(group, topic));
  }

  allPositions(): Promise<readonly StoredPosition[]> {
    return this.#read(() => this.#tables.partitionOffsets.all());
  }

  forgetPositions(group: string, topic: string): Promise<number> {
    return this.#write(() => this.#tables.partitionOffsets.forget(group, topic));
  }

  deadLettered(
    { topic, partition }: Omit<Position, 'offset'>,
    records: readonly RecordIdentity[],
  ): Promise<ReadonlySet<bigint>> {
    return this.#read(() => {
      const { appliedRecords } = this.#tables;
      const known = records.filter((r) => appliedRecords.isDeadLettered(topic, partition, r));
      return new Set(known.map(({ offset }) => offset));
    });
  }

  createCampaign(
    couponId: number,
    terms: CampaignTerms,
    changedBy: string | null = null,
  ): Promise<CampaignChange> {
    return this.#write(() => this.#tables.campaigns.create(couponId, terms, changedBy));
  }

  updateCampaign(
    couponId: number,
    terms: Partial<CampaignTerms>,
    changedBy: string | null = null,
  ): Promise<CampaignChange> {
    return this.#write(() => this.#tables.campaigns.update(couponId, terms, changedBy));
  }

  campaign(couponId: number): Promise<Campaign | null> {
    return this.#read(() => this.#tables.campaigns.get(couponId));
  }

  campaigns(): Promise<readonly Campaign[]> {
    return this.#read(() => this.#tables.campaigns.all());
  }

  /** Each page is a read of its own: a slow reader keeps nothing open. */
  async *issued(filter: IssuedFilter): AsyncGenerator<readonly IssuedCoupon[]> {
    let after: IssuedCoupon | undefined;
    do {
      const page = await this.#page(filter, after);
      if (page.length > 0) yield page;
      after = page.length === PAGE_SIZE ? page.at(-1) : undefined;
    } while (after !== undefined);
  }

  countIssued(filter: IssuedFilter): Promise<number> {
    return this.#read(() => this.#issuedCoupons.count(filter));
  }

  outcomesOf(couponId: number, userId: number): Promise<readonly OutcomeRow[]> {
    return this.#read(() => this.#tables.appliedRecords.of(couponId, userId));
  }

  outcomesOfUser(userId: number): Promise<UserOutcomes> {
    return this.#read(() => this.#tables.appliedRecords.ofUser(userId));
  }

  outcomeTotals(afterId: number, maxRows: number): Promise<OutcomeTotals> {
    return this.#read(() => this.#outcomeFigures.totals(afterId, maxRows));
  }

  issuedAfterMs(
    afterId: number,
    every: number,
  ): Promise<readonly (readonly [ms: number, rows: number])[]> {
    return this.#read(() => this.#outcomeFigures.issuedAfterMs(afterId, every));
  }

  winners(wanted: readonly CampaignSequence[]): Promise<readonly (IssuedCoupon | null)[]> {
    return this.#read(() => wanted.map((each) => this.#issuedCoupons.numbered(each)));
  }

  async snapshot<T>(read: (snapshot: StoreSnapshot) => Promise<T>): Promise<T> {
    this.#checkIsOpen();
    return readSnapshot(this.#path, this.#busyTimeoutMs, read);
  }

  rememberReplayed(letters: readonly LetterIdentity[]): Promise<void> {
    return this.#write(() => {
      for (const letter of letters) this.#replayedLetters.add(letter);
    });
  }

  wasReplayed(letter: LetterIdentity): Promise<boolean> {
    return this.#read(() => this.#replayedLetters.replayedAt(letter) !== null);
  }

  replayedAt(letters: readonly LetterIdentity[]): Promise<readonly (number | null)[]> {
    return this.#read(() => letters.map((letter) => this.#replayedLetters.replayedAt(letter)));
  }

  countReplayed(range: LetterRange): Promise<number> {
    return this.#read(() => this.#replayedLetters.count(range));
  }

  countReplayedWithin(topic: string, period: Period): Promise<number> {
    return this.#read(() => this.#replayedLetters.countWithin(topic, period));
  }

  close(): Promise<void> {
    this.#db.close();
    return Promise.resolve();
  }

  #page(filter: IssuedFilter, after?: IssuedCoupon): Promise<readonly IssuedCoupon[]> {
    return this.#read(() => this.#issuedCoupons.page(filter, after));
  }

  #write<T>(work: () => T): Promise<T> {
    const deadlineMs = this.#deadlineMs();
    return this.#inTurn(() => this.#transaction(deadlineMs, work));
  }

  /** Writes come one after another: while one waits for the lock, none made later overtakes it. */
  #inTurn<T>(write: () => Promise<T>): Promise<T> {
    const written = this.#lastWrite.then(write);
    this.#lastWrite = written.catch(() => undefined);
    return written;
  }

  #transaction<T>(deadlineMs: number, work: () => T): Promise<T> {
    return this.#run(deadlineMs, () => {
      this.#checkFileIsThere();
      return this.#transactions.write(work);
    });
  }

  #read<T>(work: () => T): Promise<T> {
    return this.#run(this.#deadlineMs(), () => {
      this.#checkFileIsThere();
      return this.#transactions.read(work);
    });
  }

  #deadlineMs(): number {
    return performance.now() + this.#busyTimeoutMs;
  }

  /** Runs at once unless another process holds the lock; throws the port's errors. */
  async #run<T>(deadlineMs: number, work: () => T): Promise<T> {
    try {
      return await whenFree(() => {
        this.#checkIsOpen();
        return work();
      }, deadlineMs);
    } catch (error) {
      throw duringWork(error, this.#path);
    }
  }

  #checkIsOpen(): void {
    if (this.#db.open) return;
    throw new StoreUnavailableError('STORE_CLOSED', `The store ${this.#path} is closed.`);
  }

  /** A file that was deleted or replaced can still be read and written, and none of it is in the store that is there. */
  #checkFileIsThere(): void {
    if (inodeOf(this.#path) === this.#inode) return;
    throw new StoreUnavailableError(
      'STORE_GONE',
      `The store ${this.#path} was deleted or replaced while it was open.`,
    );
  }
}

function inodeOf(path: string): bigint | undefined {
  return statSync(path, { bigint: true, throwIfNoEntry: false })?.ino;
}

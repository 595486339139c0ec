import type { Database } from 'better-sqlite3';
import type { Campaign, CampaignTerms } from '../../coupon/campaign.js';
import type {
  ApplyBatch,
  ApplyResult,
  CampaignChange,
  CouponStore,
  IssuedCoupon,
  IssuedFilter,
  OutcomeRow,
  RecordIdentity,
  StoredPosition,
  StoreIdentity,
  UserOutcomes,
} from '../../ports/coupon-store.js';
import type { LetterIdentity, LetterRange } from '../../ports/replayed-letters.js';
import type { StoreSnapshot } from '../../ports/store-snapshot.js';
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
import { issuedPages } from '../issued-pages.js';
import { prepareAppliedRecords } from './tables/applied-records.js';
import { applyBatches, type Tables } from './apply-batches.js';
import { prepareCampaigns } from './tables/campaigns.js';
import { prepareCheckpoints, type Checkpoints } from './file/checkpoints.js';
import { prepareEvents, type Events } from './tables/events.js';
import { prepareIssuedCoupons, type IssuedCoupons } from './tables/issued-coupons.js';
import { prepareLogs } from './tables/logs.js';
import { prepareOutcomeFigures, type OutcomeFigures } from './tables/outcome-figures.js';
import { prepareOutcomeMinutes } from './tables/outcome-minutes.js';
import { preparePartitionOffsets } from './tables/partition-offsets.js';
import { prepareReplayedLetters, type ReplayedLetters } from './tables/replayed-letters.js';
import { readSnapshot } from './snapshot.js';
import { prepareStoreIdentity } from './tables/store-identity.js';
import { Session } from './session.js';

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
  readonly #session: Session;

  /** `db` was opened and prepared (file/connection.ts) and is closed by this store. */
  constructor(db: Database, path: string, options: SqliteStoreOptions) {
    const { clock, busyTimeoutMs } = options;
    this.#db = db;
    this.#path = path;
    this.#clock = clock;
    this.#busyTimeoutMs = busyTimeoutMs;
    this.#session = new Session(db, path, busyTimeoutMs);
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
  }

  identity(): Promise<StoreIdentity> {
    return this.#session.read(this.#identity);
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
    const deadlineMs = this.#session.deadlineMs();
    const apply: ApplyInOne = ({ batches, events }) =>
      this.#session.transaction(deadlineMs, () => {
        this.#events.add(events);
        return applyBatches(this.#tables, batches, this.#clock());
      });
    const applied = onTransaction === undefined ? apply : measured(apply, onTransaction);
    return this.#session.inTurn(() => applyTogether(group, applied));
  }

  recordEvents(events: readonly NewEvent[]): Promise<void> {
    return this.#session.write(() => {
      this.#events.add(events);
    });
  }

  events(period: Period, limit: number): Promise<readonly StoredEvent[]> {
    return this.#session.read(() => this.#events.in(period, limit));
  }

  latestEvent(kind: EventKind): Promise<StoredEvent | null> {
    return this.#session.read(() => this.#events.latest(kind));
  }

  outcomesByMinute(
    period: Period,
    couponId?: number | null,
    stepMs?: number,
  ): Promise<readonly OutcomeMinute[]> {
    return this.#session.read(() => this.#tables.outcomeMinutes.in(period, couponId, stepMs));
  }

  countedSinceMs(): Promise<number> {
    return this.#session.read(() => this.#tables.outcomeMinutes.countedSinceMs());
  }

  issuedSince(couponIds: readonly number[], sinceMs: number): Promise<readonly number[]> {
    return this.#session.read(() => couponIds.map((id) => this.#issuedCoupons.since(id, sinceMs)));
  }

  /** From now on the caller says when the write-ahead log is copied into the file, and no commit does. */
  checkpoints(): Checkpoints {
    return prepareCheckpoints(this.#db);
  }

  positions(group: string, topic: string): Promise<readonly StoredPosition[]> {
    return this.#session.read(() => this.#tables.partitionOffsets.of(group, topic));
  }

  allPositions(): Promise<readonly StoredPosition[]> {
    return this.#session.read(() => this.#tables.partitionOffsets.all());
  }

  forgetPositions(group: string, topic: string): Promise<number> {
    return this.#session.write(() => this.#tables.partitionOffsets.forget(group, topic));
  }

  deadLettered(
    { topic, partition }: Omit<Position, 'offset'>,
    records: readonly RecordIdentity[],
  ): Promise<ReadonlySet<bigint>> {
    return this.#session.read(() => {
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
    return this.#session.write(() => this.#tables.campaigns.create(couponId, terms, changedBy));
  }

  updateCampaign(
    couponId: number,
    terms: Partial<CampaignTerms>,
    changedBy: string | null = null,
  ): Promise<CampaignChange> {
    return this.#session.write(() => this.#tables.campaigns.update(couponId, terms, changedBy));
  }

  campaign(couponId: number): Promise<Campaign | null> {
    return this.#session.read(() => this.#tables.campaigns.get(couponId));
  }

  campaigns(): Promise<readonly Campaign[]> {
    return this.#session.read(() => this.#tables.campaigns.all());
  }

  issued(filter: IssuedFilter): AsyncGenerator<readonly IssuedCoupon[]> {
    return issuedPages((after) =>
      this.#session.read(() => this.#issuedCoupons.page(filter, after)),
    );
  }

  countIssued(filter: IssuedFilter): Promise<number> {
    return this.#session.read(() => this.#issuedCoupons.count(filter));
  }

  outcomesOf(couponId: number, userId: number): Promise<readonly OutcomeRow[]> {
    return this.#session.read(() => this.#tables.appliedRecords.of(couponId, userId));
  }

  outcomesOfUser(userId: number): Promise<UserOutcomes> {
    return this.#session.read(() => this.#tables.appliedRecords.ofUser(userId));
  }

  outcomeTotals(afterId: number, maxRows: number): Promise<OutcomeTotals> {
    return this.#session.read(() => this.#outcomeFigures.totals(afterId, maxRows));
  }

  issuedAfterMs(
    afterId: number,
    every: number,
  ): Promise<readonly (readonly [ms: number, rows: number])[]> {
    return this.#session.read(() => this.#outcomeFigures.issuedAfterMs(afterId, every));
  }

  winners(wanted: readonly CampaignSequence[]): Promise<readonly (IssuedCoupon | null)[]> {
    return this.#session.read(() => wanted.map((each) => this.#issuedCoupons.numbered(each)));
  }

  async snapshot<T>(read: (snapshot: StoreSnapshot) => Promise<T>): Promise<T> {
    this.#session.checkIsOpen();
    return readSnapshot(this.#path, this.#busyTimeoutMs, read);
  }

  rememberReplayed(letters: readonly LetterIdentity[]): Promise<void> {
    return this.#session.write(() => {
      for (const letter of letters) this.#replayedLetters.add(letter);
    });
  }

  wasReplayed(letter: LetterIdentity): Promise<boolean> {
    return this.#session.read(() => this.#replayedLetters.replayedAt(letter) !== null);
  }

  replayedAt(letters: readonly LetterIdentity[]): Promise<readonly (number | null)[]> {
    return this.#session.read(() =>
      letters.map((letter) => this.#replayedLetters.replayedAt(letter)),
    );
  }

  countReplayed(range: LetterRange): Promise<number> {
    return this.#session.read(() => this.#replayedLetters.count(range));
  }

  countReplayedWithin(topic: string, period: Period): Promise<number> {
    return this.#session.read(() => this.#replayedLetters.countWithin(topic, period));
  }

  close(): Promise<void> {
    this.#db.close();
    return Promise.resolve();
  }
}

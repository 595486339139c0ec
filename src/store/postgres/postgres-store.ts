import type { Campaign, CampaignTerms } from '../../coupon/campaign.js';
import {
  assertForward,
  MOST_COUPON_IDS,
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
import { creation, update, type PlannedChange } from '../campaign-change.js';
import { applyTogether, measured, type ApplyInOne, type Group } from '../group.js';
import { toOutcomeMinute } from '../outcome-minute.js';
import {
  readCouponIds,
  readDeadLettered,
  readOutcomesOf,
  readOutcomesOfUser,
  toOutcome,
} from './tables/applied-records.js';
import { Attempts } from './connection/attempts.js';
import {
  lockCampaigns,
  lockCreation,
  readCampaign,
  readCampaigns,
  saveCampaign,
  toCampaign,
  type CampaignRow,
} from './tables/campaigns.js';
import type { Connection } from './connection/connection.js';
import type { PostgresTarget } from './connection/target.js';
import { logKey } from './group-work.js';
import { OutcomeCounter } from './outcome-counter.js';
import { addEvents, readEvents, readLatestEvent, toEvent } from './tables/events.js';
import {
  countIssued,
  countIssuedSince,
  PAGE_SIZE,
  placeOf,
  readIssued,
  readNumbered,
  toIssued,
} from './tables/issued-coupons.js';
import { addLogs, readLogs } from './tables/logs.js';
import { readMinutes } from './tables/outcome-minutes.js';
import { countIssuedAfter } from './tables/outcome-figures.js';
import {
  forgetPositions,
  readAllPositions,
  readPositions,
  toPosition,
} from './tables/partition-offsets.js';
import type { Query } from './connection/query.js';
import {
  countReplayed,
  countReplayedWithin,
  readReplayedAt,
  rememberReplayed,
  wasReplayed,
} from './tables/replayed-letters.js';
import { Session } from './connection/session.js';
import { readSnapshot } from './snapshot.js';
import { readIdentity, toIdentity } from './tables/store-identity.js';
import { transaction, type Plan, type Work } from './transaction.js';
import { WriteQueue } from './write-queue.js';

/** How long close() waits for what was asked for before. */
const CLOSE_MS = 2000;

export interface PostgresStoreOptions {
  /** In ms since the epoch. */
  readonly clock: () => number;
  /** The connection that is open already: one to write, or to read where nothing may be written. */
  readonly first: Connection;
  readonly isReadOnly: boolean;
  /** Hears of each transaction of applyBatch. */
  readonly onTransaction?: TransactionListener;
}

/**
 * The store on PostgreSQL: one connection writes, another one reads. Nothing of the tables is kept in memory
 * between transactions: other hosts write to them.
 */
export class PostgresStore implements CouponStore {
  readonly #target: PostgresTarget;
  readonly #clock: () => number;
  readonly #reader: Session;
  readonly #writer: Session;
  readonly #writes: WriteQueue;
  readonly #outcomes: OutcomeCounter;
  #isClosed = false;

  /** The connections are closed by this store. */
  constructor(target: PostgresTarget, options: PostgresStoreOptions) {
    const { clock, first, isReadOnly, onTransaction } = options;
    this.#target = target;
    this.#clock = clock;
    this.#reader = new Session(target, 'read', isReadOnly ? first : null);
    this.#writer = new Session(target, isReadOnly ? 'read' : 'write', isReadOnly ? null : first);
    this.#outcomes = new OutcomeCounter((query) => this.#read(query), target.name);
    const apply: ApplyInOne = (group) => this.#applyGroup(group);
    const applied = onTransaction === undefined ? apply : measured(apply, onTransaction);
    this.#writes = new WriteQueue((group) => applyTogether(group, applied));
  }

  async identity(): Promise<StoreIdentity> {
    const [row] = await this.#read(readIdentity());
    return toIdentity(row, this.#target.name);
  }

  async applyBatch(batch: ApplyBatch): Promise<ApplyResult> {
    this.#checkIsOpen();
    assertForward(batch);
    return this.#writes.apply(batch);
  }

  async positions(group: string, topic: string): Promise<readonly StoredPosition[]> {
    return (await this.#read(readPositions(group, topic))).map(toPosition);
  }

  async allPositions(): Promise<readonly StoredPosition[]> {
    return (await this.#read(readAllPositions())).map(toPosition);
  }

  async forgetPositions(group: string, topic: string): Promise<number> {
    return (await this.#write(forgetPositions(group, topic))).length;
  }

  async deadLettered(
    place: Omit<Position, 'offset'>,
    records: readonly RecordIdentity[],
  ): Promise<ReadonlySet<bigint>> {
    const rows = await this.#read(readDeadLettered(place, records));
    return new Set(rows.map(([offset]) => BigInt(offset)));
  }

  createCampaign(
    couponId: number,
    terms: CampaignTerms,
    changedBy: string | null = null,
  ): Promise<CampaignChange> {
    return this.#transact({
      reads: [lockCreation, lockCampaigns([couponId])],
      decide: ([, [row]]) => this.#planned(creation(campaignOf(row), couponId, terms), changedBy),
    });
  }

  updateCampaign(
    couponId: number,
    terms: Partial<CampaignTerms>,
    changedBy: string | null = null,
  ): Promise<CampaignChange> {
    return this.#transact({
      reads: [lockCampaigns([couponId])],
      decide: ([[row]]) => this.#planned(update(campaignOf(row), terms), changedBy),
    });
  }

  async campaign(couponId: number): Promise<Campaign | null> {
    const [row] = await this.#read(readCampaign(couponId));
    return campaignOf(row);
  }

  async campaigns(): Promise<readonly Campaign[]> {
    return (await this.#read(readCampaigns())).map(toCampaign);
  }

  /** Each page is a read of its own: a slow reader keeps nothing open. */
  async *issued(filter: IssuedFilter): AsyncGenerator<readonly IssuedCoupon[]> {
    let after: IssuedCoupon | undefined;
    do {
      const page = (await this.#read(readIssued(filter, after))).map(toIssued);
      if (page.length > 0) yield page;
      after = page.length === PAGE_SIZE ? page.at(-1) : undefined;
    } while (after !== undefined);
  }

  async countIssued(filter: IssuedFilter): Promise<number> {
    const [row] = await this.#read(countIssued(filter));
    return row?.[0] ?? 0;
  }

  async outcomesOf(couponId: number, userId: number): Promise<readonly OutcomeRow[]> {
    return (await this.#read(readOutcomesOf(couponId, userId))).map(toOutcome);
  }

  async outcomesOfUser(userId: number): Promise<UserOutcomes> {
    const named = (await this.#read(readCouponIds(MOST_COUPON_IDS + 1))).map(([id]) => id);
    const rows = await this.#read(readOutcomesOfUser(named.slice(0, MOST_COUPON_IDS), userId));
    return { rows: rows.map(toOutcome), isAll: named.length <= MOST_COUPON_IDS };
  }

  outcomeTotals(afterId: number, maxRows: number): Promise<OutcomeTotals> {
    return this.#outcomes.totals(afterId, maxRows);
  }

  async issuedAfterMs(
    afterId: number,
    every: number,
  ): Promise<readonly (readonly [ms: number, rows: number])[]> {
    return this.#read(countIssuedAfter(afterId, every));
  }

  async winners(wanted: readonly CampaignSequence[]): Promise<readonly (IssuedCoupon | null)[]> {
    const winners: (IssuedCoupon | null)[] = wanted.map(() => null);
    for (const row of await this.#read(readNumbered(wanted))) winners[placeOf(row)] = toIssued(row);
    return winners;
  }

  async recordEvents(events: readonly NewEvent[]): Promise<void> {
    this.#checkIsOpen();
    if (events.length > 0) await this.#writes.record(events);
  }

  async events(period: Period, limit: number): Promise<readonly StoredEvent[]> {
    return (await this.#read(readEvents(period, limit))).map(toEvent).reverse();
  }

  async latestEvent(kind: EventKind): Promise<StoredEvent | null> {
    const [row] = await this.#read(readLatestEvent(kind));
    return row === undefined ? null : toEvent(row);
  }

  async outcomesByMinute(period: Period, couponId?: number): Promise<readonly OutcomeMinute[]> {
    return (await this.#read(readMinutes(period, couponId))).map(toOutcomeMinute);
  }

  async countedSinceMs(): Promise<number> {
    const [row] = await this.#read(readIdentity());
    return row?.[2] ?? 0;
  }

  async issuedSince(couponIds: readonly number[], sinceMs: number): Promise<readonly number[]> {
    const issued = new Map(await this.#read(countIssuedSince(couponIds, sinceMs)));
    return couponIds.map((couponId) => issued.get(couponId) ?? 0);
  }

  async snapshot<T>(read: (snapshot: StoreSnapshot) => Promise<T>): Promise<T> {
    this.#checkIsOpen();
    return readSnapshot(this.#target, read);
  }

  async rememberReplayed(letters: readonly LetterIdentity[]): Promise<void> {
    await this.#write(rememberReplayed(letters, this.#clock()));
  }

  async wasReplayed(letter: LetterIdentity): Promise<boolean> {
    return (await this.#read(wasReplayed(letter))).length > 0;
  }

  async replayedAt(letters: readonly LetterIdentity[]): Promise<readonly (number | null)[]> {
    const found: (number | null)[] = letters.map(() => null);
    for (const [place, atMs] of await this.#read(readReplayedAt(letters))) found[place - 1] = atMs;
    return found;
  }

  async countReplayed(range: LetterRange): Promise<number> {
    const [row] = await this.#read(countReplayed(range));
    return row?.[0] ?? 0;
  }

  async countReplayedWithin(topic: string, period: Period): Promise<number> {
    const [row] = await this.#read(countReplayedWithin(topic, period));
    return row?.[0] ?? 0;
  }

  /** What was asked for before is done, unless the server takes too long for it. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.race([this.#writes.idle(), passed(CLOSE_MS)]);
    await Promise.all([this.#writer.close(), this.#reader.close()]);
  }

  async #applyGroup({ batches, events }: Group): Promise<readonly ApplyResult[]> {
    if (batches.length === 0) {
      await this.#writer.run((connection) => connection.run(addEvents(events)), 'tell');
      return [];
    }
    const attempts = new Attempts(batches);
    let logIds = new Map<string, number>();
    for (;;) {
      const outcome = await this.#writer.run(
        (connection) =>
          transaction(connection, attempts.next({ nowMs: this.#clock(), logIds, events })),
        'repeat',
      );
      if (outcome.kind === 'applied') return outcome.results;
      logIds = await this.#writer.run(async (connection) => {
        await connection.run(addLogs(outcome.logs));
        const { rows } = await connection.run(readLogs(outcome.logs));
        return new Map(
          rows.map(([topic, partition, logId]) => [logKey({ topic, partition }), logId]),
        );
      }, 'repeat');
    }
  }

  #planned({ change, changed }: PlannedChange, changedBy: string | null): Plan<CampaignChange> {
    return {
      result: change,
      writes: changed === null ? [] : saveCampaign(changed, this.#clock(), changedBy),
    };
  }

  #transact<const Reads extends readonly Query[], T>(work: Work<Reads, T>): Promise<T> {
    return this.#inTurn((connection) => transaction(connection, work));
  }

  /** One statement, a transaction of its own. */
  #write<Row>(query: Query<Row>): Promise<readonly Row[]> {
    return this.#inTurn(async (connection) => (await connection.run(query)).rows);
  }

  async #read<Row>(query: Query<Row>): Promise<readonly Row[]> {
    this.#checkIsOpen();
    const { rows } = await this.#reader.run((connection) => connection.run(query), 'repeat');
    return rows;
  }

  async #inTurn<T>(write: (connection: Connection) => Promise<T>): Promise<T> {
    this.#checkIsOpen();
    return this.#writes.inTurn(() => this.#writer.run(write, 'tell'));
  }

  #checkIsOpen(): void {
    if (!this.#isClosed) return;
    throw new StoreUnavailableError('STORE_CLOSED', `The store ${this.#target.name} is closed.`);
  }
}

function campaignOf(row: CampaignRow | undefined): Campaign | null {
  return row === undefined ? null : toCampaign(row);
}

function passed(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}

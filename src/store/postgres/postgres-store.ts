import type { Campaign, CampaignTerms } from '../../coupon/campaign.js';
import {
  assertForward,
  MOST_COUPON_IDS,
  type ApplyBatch,
  type ApplyResult,
  type CampaignChange,
  type CouponStore,
  type IssuedCoupon,
  type IssuedFilter,
  type OutcomeRow,
  type RecordIdentity,
  type StoredPosition,
  type StoreIdentity,
  type UserOutcomes,
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
import { creation, update, type PlannedChange } from '../campaign-change.js';
import { applyTogether, measured, type ApplyInOne } from '../group.js';
import { issuedPages } from '../issued-pages.js';
import { toOutcomeMinute } from '../outcome-minute.js';
import {
  readCouponIds,
  readDeadLettered,
  readOutcomesOf,
  readOutcomesOfUser,
  toOutcome,
} from './tables/applied-records.js';
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
import { applyGroup } from './apply-group.js';
import { OutcomeCounter } from './outcome-counter.js';
import { readEvents, readLatestEvent, toEvent } from './tables/events.js';
import {
  countIssued,
  countIssuedSince,
  placeOf,
  readIssued,
  readNumbered,
  toIssued,
} from './tables/issued-coupons.js';
import { readMinutes } from './tables/outcome-minutes.js';
import { countIssuedAfter } from './tables/outcome-figures.js';
import {
  forgetPositions,
  readAllPositions,
  readPositions,
  toPosition,
} from './tables/partition-offsets.js';
import {
  countReplayed,
  countReplayedWithin,
  readReplayedAt,
  rememberReplayed,
  wasReplayed,
} from './tables/replayed-letters.js';
import type { Session } from './connection/session.js';
import { Sessions } from './sessions.js';
import { readSnapshot } from './snapshot.js';
import { readIdentity, toIdentity } from './tables/store-identity.js';
import type { Plan } from './transaction.js';
import { WriteQueue } from './write-queue.js';

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
  readonly #sessions: Sessions;
  readonly #outcomes: OutcomeCounter;

  /** The connections are closed by this store. */
  constructor(target: PostgresTarget, options: PostgresStoreOptions) {
    const { clock, first, isReadOnly, onTransaction } = options;
    this.#target = target;
    this.#clock = clock;
    const queue = (writer: Session) => {
      const apply: ApplyInOne = (group) => applyGroup(writer, group, clock);
      const applied = onTransaction === undefined ? apply : measured(apply, onTransaction);
      return new WriteQueue((group) => applyTogether(group, applied));
    };
    this.#sessions = new Sessions(target, { first, isReadOnly, queue });
    this.#outcomes = new OutcomeCounter((query) => this.#sessions.read(query), target.name);
  }

  async identity(): Promise<StoreIdentity> {
    const [row] = await this.#sessions.read(readIdentity());
    return toIdentity(row, this.#target.name);
  }

  async applyBatch(batch: ApplyBatch): Promise<ApplyResult> {
    const { writes } = this.#sessions;
    assertForward(batch);
    return writes.apply(batch);
  }

  async positions(group: string, topic: string): Promise<readonly StoredPosition[]> {
    return (await this.#sessions.read(readPositions(group, topic))).map(toPosition);
  }

  async allPositions(): Promise<readonly StoredPosition[]> {
    return (await this.#sessions.read(readAllPositions())).map(toPosition);
  }

  async forgetPositions(group: string, topic: string): Promise<number> {
    return (await this.#sessions.write(forgetPositions(group, topic))).length;
  }

  async deadLettered(
    place: Omit<Position, 'offset'>,
    records: readonly RecordIdentity[],
  ): Promise<ReadonlySet<bigint>> {
    const rows = await this.#sessions.read(readDeadLettered(place, records));
    return new Set(rows.map(([offset]) => BigInt(offset)));
  }

  createCampaign(
    couponId: number,
    terms: CampaignTerms,
    changedBy: string | null = null,
  ): Promise<CampaignChange> {
    return this.#sessions.transact({
      reads: [lockCreation, lockCampaigns([couponId])],
      decide: ([, [row]]) => this.#planned(creation(campaignOf(row), couponId, terms), changedBy),
    });
  }

  updateCampaign(
    couponId: number,
    terms: Partial<CampaignTerms>,
    changedBy: string | null = null,
  ): Promise<CampaignChange> {
    return this.#sessions.transact({
      reads: [lockCampaigns([couponId])],
      decide: ([[row]]) => this.#planned(update(campaignOf(row), terms), changedBy),
    });
  }

  async campaign(couponId: number): Promise<Campaign | null> {
    const [row] = await this.#sessions.read(readCampaign(couponId));
    return campaignOf(row);
  }

  async campaigns(): Promise<readonly Campaign[]> {
    return (await this.#sessions.read(readCampaigns())).map(toCampaign);
  }

  issued(filter: IssuedFilter): AsyncGenerator<readonly IssuedCoupon[]> {
    return issuedPages(async (after) =>
      (await this.#sessions.read(readIssued(filter, after))).map(toIssued),
    );
  }

  async countIssued(filter: IssuedFilter): Promise<number> {
    const [row] = await this.#sessions.read(countIssued(filter));
    return row?.[0] ?? 0;
  }

  async outcomesOf(couponId: number, userId: number): Promise<readonly OutcomeRow[]> {
    return (await this.#sessions.read(readOutcomesOf(couponId, userId))).map(toOutcome);
  }

  async outcomesOfUser(userId: number): Promise<UserOutcomes> {
    const named = (await this.#sessions.read(readCouponIds(MOST_COUPON_IDS + 1))).map(([id]) => id);
    const rows = await this.#sessions.read(
      readOutcomesOfUser(named.slice(0, MOST_COUPON_IDS), userId),
    );
    return { rows: rows.map(toOutcome), isAll: named.length <= MOST_COUPON_IDS };
  }

  outcomeTotals(afterId: number, maxRows: number): Promise<OutcomeTotals> {
    return this.#outcomes.totals(afterId, maxRows);
  }

  async issuedAfterMs(
    afterId: number,
    every: number,
  ): Promise<readonly (readonly [ms: number, rows: number])[]> {
    return this.#sessions.read(countIssuedAfter(afterId, every));
  }

  async winners(wanted: readonly CampaignSequence[]): Promise<readonly (IssuedCoupon | null)[]> {
    const winners: (IssuedCoupon | null)[] = wanted.map(() => null);
    for (const row of await this.#sessions.read(readNumbered(wanted)))
      winners[placeOf(row)] = toIssued(row);
    return winners;
  }

  async recordEvents(events: readonly NewEvent[]): Promise<void> {
    const { writes } = this.#sessions;
    if (events.length > 0) await writes.record(events);
  }

  async events(period: Period, limit: number): Promise<readonly StoredEvent[]> {
    return (await this.#sessions.read(readEvents(period, limit))).map(toEvent).reverse();
  }

  async latestEvent(kind: EventKind): Promise<StoredEvent | null> {
    const [row] = await this.#sessions.read(readLatestEvent(kind));
    return row === undefined ? null : toEvent(row);
  }

  async outcomesByMinute(
    period: Period,
    couponId?: number | null,
    stepMs?: number,
  ): Promise<readonly OutcomeMinute[]> {
    return (await this.#sessions.read(readMinutes(period, couponId, stepMs))).map(toOutcomeMinute);
  }

  async countedSinceMs(): Promise<number> {
    const [row] = await this.#sessions.read(readIdentity());
    return row?.[2] ?? 0;
  }

  async issuedSince(couponIds: readonly number[], sinceMs: number): Promise<readonly number[]> {
    const issued = new Map(await this.#sessions.read(countIssuedSince(couponIds, sinceMs)));
    return couponIds.map((couponId) => issued.get(couponId) ?? 0);
  }

  async snapshot<T>(read: (snapshot: StoreSnapshot) => Promise<T>): Promise<T> {
    this.#sessions.checkIsOpen();
    return readSnapshot(this.#target, read);
  }

  async rememberReplayed(letters: readonly LetterIdentity[]): Promise<void> {
    await this.#sessions.write(rememberReplayed(letters, this.#clock()));
  }

  async wasReplayed(letter: LetterIdentity): Promise<boolean> {
    return (await this.#sessions.read(wasReplayed(letter))).length > 0;
  }

  async replayedAt(letters: readonly LetterIdentity[]): Promise<readonly (number | null)[]> {
    const found: (number | null)[] = letters.map(() => null);
    for (const [place, atMs] of await this.#sessions.read(readReplayedAt(letters)))
      found[place - 1] = atMs;
    return found;
  }

  async countReplayed(range: LetterRange): Promise<number> {
    const [row] = await this.#sessions.read(countReplayed(range));
    return row?.[0] ?? 0;
  }

  async countReplayedWithin(topic: string, period: Period): Promise<number> {
    const [row] = await this.#sessions.read(countReplayedWithin(topic, period));
    return row?.[0] ?? 0;
  }

  close(): Promise<void> {
    return this.#sessions.close();
  }

  #planned({ change, changed }: PlannedChange, changedBy: string | null): Plan<CampaignChange> {
    return {
      result: change,
      writes: changed === null ? [] : saveCampaign(changed, this.#clock(), changedBy),
    };
  }
}

function campaignOf(row: CampaignRow | undefined): Campaign | null {
  return row === undefined ? null : toCampaign(row);
}

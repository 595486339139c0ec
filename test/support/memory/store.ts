import { randomUUID } from 'node:crypto';
import type { Campaign, CampaignTerms } from '../../../src/coupon/campaign.js';
import { decideBatch } from '../../../src/coupon/decide-batch.js';
import {
  StoreUnavailableError,
  assertForward,
  type ApplyBatch,
  type ApplyResult,
  type CampaignChange,
  type CouponStore,
  type Entry,
  type IssuedCoupon,
  type IssuedFilter,
  type OutcomeRow,
  type RecordIdentity,
  type Source,
  type StoredPosition,
  type StoreIdentity,
  type UserOutcomes,
} from '../../../src/ports/coupon-store.js';
import type { LetterIdentity, LetterRange } from '../../../src/ports/replayed-letters.js';
import type { StoreSnapshot } from '../../../src/ports/store-snapshot.js';
import type { Position } from '../../../src/ports/log.js';
import type { CampaignSequence, OutcomeTotals } from '../../../src/ports/store-figures.js';
import {
  MINUTE_MS,
  MOST_EVENTS,
  type EventKind,
  type NewEvent,
  type OutcomeMinute,
  type Period,
  type StoredEvent,
} from '../../../src/ports/store-history.js';
import { isDeadLetterOf, MemorySnapshot } from './snapshot.js';
import {
  addedUp,
  byCoupon,
  copyOf,
  countsOf,
  couponOf,
  emptyState,
  keyOf,
  knownTo,
  record,
  sequenceOf,
  sortedCampaigns,
  sortedIssued,
  sortedPositions,
  spell,
  type State,
} from './store-state.js';

export interface MemoryStoreOptions {
  readonly clock?: () => number;
  /** Runs before each entry; what it throws is what applyBatch throws, and nothing is written. */
  readonly beforeEntry?: (entry: Entry) => void;
}

const PAGE_SIZE = 100;

/** The store of tests: the port's laws in the plainest words, held to them by storeContract(). */
export class MemoryStore implements CouponStore {
  readonly #clock: () => number;
  readonly #beforeEntry: (entry: Entry) => void;
  #state = emptyState();
  readonly #createdAtMs: number;
  #isOpen = true;
  readonly #identity: StoreIdentity = { id: randomUUID() };

  constructor({ clock = Date.now, beforeEntry = () => undefined }: MemoryStoreOptions = {}) {
    this.#clock = clock;
    this.#createdAtMs = clock();
    this.#beforeEntry = beforeEntry;
  }

  identity(): Promise<StoreIdentity> {
    return this.#transaction(() => this.#identity);
  }

  applyBatch(batch: ApplyBatch): Promise<ApplyResult> {
    return this.#transaction((state) => {
      assertForward(batch);
      const stored = this.nextOffset(batch.source);
      if (stored !== batch.expectedOffset) return { kind: 'fenced', nextOffset: stored };
      const { source, nextOffset, lastApplied } = batch;
      state.positions.set(keyOf(source), { ...source, nextOffset, lastApplied });
      batch.entries.forEach(this.#beforeEntry);
      const { decided, issuedFrom } = decideBatch(knownTo(state), batch.entries);
      for (const decision of decided) record(state, source, decision, this.#clock());
      for (const campaign of issuedFrom) state.campaigns.set(campaign.couponId, campaign);
      const applied = decided.map(({ outcome, repeated, sequence }) => ({
        outcome,
        repeated,
        sequence,
      }));
      return { kind: 'applied', applied };
    });
  }

  /** Where the source stands; null where it is not known. */
  protected nextOffset(source: Source): bigint | null {
    return this.#state.positions.get(keyOf(source))?.nextOffset ?? null;
  }

  deadLettered(
    place: Omit<Position, 'offset'>,
    records: readonly RecordIdentity[],
  ): Promise<ReadonlySet<bigint>> {
    return this.#transaction(({ outcomes }) => {
      const known = records.filter(({ offset, timestampMs }) =>
        outcomes.some((row) => isDeadLetterOf(row, { ...place, offset }, timestampMs)),
      );
      return new Set(known.map(({ offset }) => offset));
    });
  }

  allPositions(): Promise<readonly StoredPosition[]> {
    return Promise.resolve(sortedPositions(this.#state));
  }

  positions(group: string, topic: string): Promise<readonly StoredPosition[]> {
    return this.#transaction((state) =>
      sortedPositions(state).filter((p) => p.group === group && p.topic === topic),
    );
  }

  forgetPositions(group: string, topic: string): Promise<number> {
    return this.#transaction(({ positions }) => {
      const before = positions.size;
      for (const [key, p] of positions) {
        if (p.group === group && p.topic === topic) positions.delete(key);
      }
      return before - positions.size;
    });
  }

  createCampaign(
    couponId: number,
    terms: CampaignTerms,
    changedBy: string | null = null,
  ): Promise<CampaignChange> {
    return this.#transaction((state) => {
      const campaign = state.campaigns.get(couponId);
      if (campaign !== undefined) return { kind: 'exists', campaign };
      return this.#save(state, { ...terms, couponId, issuedQuantity: 0, version: 1 }, changedBy);
    });
  }

  updateCampaign(
    couponId: number,
    terms: Partial<CampaignTerms>,
    changedBy: string | null = null,
  ): Promise<CampaignChange> {
    return this.#transaction((state) => {
      const before = state.campaigns.get(couponId);
      if (before === undefined) return { kind: 'not-found' };
      const after = { ...before, ...terms };
      if (after.totalQuantity < before.issuedQuantity) {
        return { kind: 'below-issued', campaign: before };
      }
      if (JSON.stringify(after) === JSON.stringify(before)) {
        return { kind: 'done', campaign: before };
      }
      return this.#save(state, { ...after, version: before.version + 1 }, changedBy);
    });
  }

  #save(state: State, campaign: Campaign, changedBy: string | null): CampaignChange {
    const { couponId, version, name, totalQuantity, status, validFromMs, validUntilMs } = campaign;
    const terms: CampaignTerms = { name, totalQuantity, status, validFromMs, validUntilMs };
    if (validFromMs !== null && validUntilMs !== null && validFromMs > validUntilMs) {
      return { kind: 'empty-window', campaign: terms };
    }
    state.campaigns.set(couponId, campaign);
    const createdAtMs = this.#clock();
    state.versions.push({ couponId, version, ...terms, createdAtMs, changedBy });
    return { kind: 'done', campaign };
  }

  campaign(couponId: number): Promise<Campaign | null> {
    return this.#transaction(({ campaigns }) => campaigns.get(couponId) ?? null);
  }

  campaigns(): Promise<readonly Campaign[]> {
    return this.#transaction(sortedCampaigns);
  }

  async *issued(filter: IssuedFilter): AsyncGenerator<readonly IssuedCoupon[]> {
    const found = await this.#transaction((state) => sortedIssued(state, filter));
    for (let start = 0; start < found.length; start += PAGE_SIZE) {
      yield found.slice(start, start + PAGE_SIZE);
    }
  }

  countIssued(filter: IssuedFilter): Promise<number> {
    return this.#transaction((state) => sortedIssued(state, filter).length);
  }

  outcomesOf(couponId: number, userId: number): Promise<readonly OutcomeRow[]> {
    return this.#transaction(({ outcomes }) =>
      outcomes.filter((row) => row.couponId === couponId && row.userId === userId),
    );
  }

  outcomesOfUser(userId: number): Promise<UserOutcomes> {
    return this.#transaction(({ outcomes }) => {
      const rows = outcomes.filter((row) => row.userId === userId);
      return { rows: rows.toSorted(byCoupon), isAll: true };
    });
  }

  outcomeTotals(afterId: number, maxRows: number): Promise<OutcomeTotals> {
    return this.#transaction(({ outcomes }) => {
      const behind = outcomes.filter(({ id }) => id > afterId);
      const counted = behind.slice(0, maxRows);
      return {
        settledTo: counted.at(-1)?.id ?? afterId,
        settled: countsOf(counted),
        recent: [],
        isAll: behind.length < maxRows,
      };
    });
  }

  issuedAfterMs(
    afterId: number,
    every: number,
  ): Promise<readonly (readonly [ms: number, rows: number])[]> {
    return this.#transaction(({ outcomes, issued }) => {
      const rows = new Map<number, number>();
      for (const row of outcomes.filter(({ id }) => id > afterId && id % every === 0)) {
        const coupon = couponOf(row, issued);
        if (coupon === undefined) continue;
        const ms = coupon.issuedAtMs - row.timestampMs;
        rows.set(ms, (rows.get(ms) ?? 0) + 1);
      }
      return [...rows];
    });
  }

  winners(wanted: readonly CampaignSequence[]): Promise<readonly (IssuedCoupon | null)[]> {
    return this.#transaction(({ issued }) =>
      wanted.map(
        ({ couponId, sequence }) =>
          issued.find((c) => c.couponId === couponId && c.sequence === sequence) ?? null,
      ),
    );
  }

  recordEvents(events: readonly NewEvent[]): Promise<void> {
    return this.#transaction((state) => {
      const lastId = state.events.at(-1)?.id ?? 0;
      state.events.push(...events.map((event, index) => ({ ...event, id: lastId + index + 1 })));
      state.events.splice(0, state.events.length - MOST_EVENTS);
    });
  }

  events({ fromMs, toMs }: Period, limit: number): Promise<readonly StoredEvent[]> {
    return this.#transaction(({ events }) =>
      events
        .filter(({ atMs }) => atMs >= fromMs && atMs < toMs)
        .sort((a, b) => a.atMs - b.atMs || a.id - b.id)
        .slice(-limit),
    );
  }

  latestEvent(kind: EventKind): Promise<StoredEvent | null> {
    return this.#transaction(({ events }) => events.findLast((e) => e.kind === kind) ?? null);
  }

  outcomesByMinute(
    { fromMs, toMs }: Period,
    couponId: number | null = null,
    stepMs = MINUTE_MS,
  ): Promise<readonly OutcomeMinute[]> {
    return this.#transaction(({ counted }) =>
      addedUp(
        counted
          .filter(({ minuteMs }) => minuteMs >= fromMs && minuteMs < toMs)
          .filter((row) => couponId === null || row.couponId === couponId)
          .map((row) => ({ ...row, minuteMs: row.minuteMs - (row.minuteMs % stepMs) })),
      ),
    );
  }

  countedSinceMs(): Promise<number> {
    return this.#transaction(() => this.#createdAtMs);
  }

  issuedSince(couponIds: readonly number[], sinceMs: number): Promise<readonly number[]> {
    return this.#transaction(({ issued }) =>
      couponIds.map(
        (id) => issued.filter((c) => c.couponId === id && c.issuedAtMs >= sinceMs).length,
      ),
    );
  }

  async snapshot<T>(read: (snapshot: StoreSnapshot) => Promise<T>): Promise<T> {
    const tables = await this.#transaction((state) => ({
      positions: sortedPositions(state),
      campaigns: sortedCampaigns(state),
      versions: state.versions.toSorted((a, b) => a.couponId - b.couponId || a.version - b.version),
      outcomes: state.outcomes.map((row) => ({ ...row, sequence: sequenceOf(row, state) })),
      lastIdOf01: 0,
    }));
    return read(new MemorySnapshot(tables));
  }

  rememberReplayed(letters: readonly LetterIdentity[]): Promise<void> {
    return this.#transaction(({ replayed }) => {
      for (const letter of letters) replayed.set(spell(letter), { letter, atMs: this.#clock() });
    });
  }

  wasReplayed(letter: LetterIdentity): Promise<boolean> {
    return this.#transaction(({ replayed }) => replayed.has(spell(letter)));
  }

  replayedAt(letters: readonly LetterIdentity[]): Promise<readonly (number | null)[]> {
    return this.#transaction(({ replayed }) =>
      letters.map((letter) => replayed.get(spell(letter))?.atMs ?? null),
    );
  }

  countReplayed({ fromOffset, toOffset, sinceMs, ...place }: LetterRange): Promise<number> {
    return this.#transaction(
      ({ replayed }) =>
        [...replayed.values()].filter(
          ({ letter: { clusterId, topic, partition, offset, timestampMs } }) =>
            clusterId === place.clusterId &&
            topic === place.topic &&
            partition === place.partition &&
            offset >= fromOffset &&
            offset < toOffset &&
            timestampMs >= sinceMs,
        ).length,
    );
  }

  countReplayedWithin(topic: string, { fromMs, toMs }: Period): Promise<number> {
    return this.#transaction(
      ({ replayed }) =>
        [...replayed.values()].filter(
          ({ letter, atMs }) => letter.topic === topic && atMs >= fromMs && atMs < toMs,
        ).length,
    );
  }

  close(): Promise<void> {
    this.#isOpen = false;
    return Promise.resolve();
  }

  #transaction<T>(work: (state: State) => T): Promise<T> {
    return new Promise((resolve) => {
      if (!this.#isOpen) throw new StoreUnavailableError('STORE_CLOSED', 'The store is closed.');
      const copy = copyOf(this.#state);
      const result = work(copy);
      this.#state = copy;
      resolve(result);
    });
  }
}

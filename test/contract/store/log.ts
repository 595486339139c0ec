import type { CampaignTerms } from '../../../src/coupon/campaign.js';
import type {
  Applied,
  ApplyBatch,
  ApplyResult,
  CouponStore,
  Entry,
  RequestIdentity,
  Source,
} from '../../../src/ports/coupon-store.js';

/** A store as the contract's tests get it. */
export interface StoreUnderTest {
  readonly store: CouponStore;
  /** From now on a record of this user makes applyBatch throw. */
  readonly refuseUser: (userId: number) => void | Promise<void>;
}

/** Opens an empty store; whoever gives this closes and removes it after each test. */
export type OpenStore = (options: {
  clock: () => number;
}) => StoreUnderTest | Promise<StoreUnderTest>;

export const NOW_MS = Date.UTC(2026, 10, 22, 12);

export const SOURCE: Source = {
  clusterId: 'cluster-a',
  group: 'coupon-issue-group',
  topic: 'coupon-issue-requests',
  partition: 0,
};

export const TERMS: CampaignTerms = {
  name: null,
  totalQuantity: 100,
  status: 'ACTIVE',
  validFromMs: null,
  validUntilMs: null,
};

export type NewEntry =
  | { kind: 'request'; timestampMs?: number; request: RequestIdentity }
  | {
      kind: 'dead-letter';
      timestampMs?: number;
      reasonCode: string;
      request: RequestIdentity | null;
    };

let events = 0;

/** A request of a user, under an eventId of its own if none is given. */
export function request(
  couponId: number,
  userId: number,
  options: { eventId?: string; timestampMs?: number } = {},
): NewEntry {
  const { eventId = `event-${++events}`, timestampMs = NOW_MS } = options;
  return { kind: 'request', timestampMs, request: { eventId, couponId, userId } };
}

/** A batch of one request that expects `source` where the test says. */
export function batchAt(expectedOffset: bigint, nextOffset = expectedOffset + 1n): ApplyBatch {
  return {
    source: SOURCE,
    expectedOffset,
    entries: [at(request(1, 1), expectedOffset)],
    nextOffset,
    lastApplied: { offset: expectedOffset, timestampMs: NOW_MS, checksum: 1 },
  };
}

/** One partition as a consumer sees it: what it applies gets the offsets that come next. */
export class PartitionLog {
  readonly #store: CouponStore;
  readonly source: Source;
  nextOffset: bigint;
  #isKnown = false;

  constructor(store: CouponStore, source: Partial<Source> = {}, startOffset = 0n) {
    this.#store = store;
    this.source = { ...SOURCE, ...source };
    this.nextOffset = startOffset;
  }

  /** The result as the port gives it; goes on only where it was applied. */
  async tryApply(...entries: NewEntry[]): Promise<ApplyResult> {
    const start = this.nextOffset;
    const nextOffset = start + BigInt(entries.length);
    const result = await this.#store.applyBatch({
      source: this.source,
      expectedOffset: this.#isKnown ? start : null,
      entries: entries.map((entry, index) => at(entry, start + BigInt(index))),
      nextOffset,
      lastApplied: { offset: nextOffset - 1n, timestampMs: NOW_MS, checksum: 0xfeedbeef },
    });
    if (result.kind === 'applied') {
      this.nextOffset = nextOffset;
      this.#isKnown = true;
    }
    return result;
  }

  async apply(...entries: NewEntry[]): Promise<readonly Applied[]> {
    const result = await this.tryApply(...entries);
    if (result.kind === 'fenced') throw new Error(`fenced at ${String(result.nextOffset)}`);
    return result.applied;
  }

  /** Only the outcomes. */
  async outcomes(...entries: NewEntry[]): Promise<readonly string[]> {
    return (await this.apply(...entries)).map(({ outcome }) => outcome);
  }
}

/** The entry at its place in the log. */
export function at(entry: NewEntry, offset: bigint): Entry {
  return { timestampMs: NOW_MS, ...entry, offset };
}

import type { Campaign } from '../../coupon/campaign.js';
import {
  decideBatch,
  MetRequests,
  type Known,
  type KnownRequest,
} from '../../coupon/decide-batch.js';
import type { CouponRequest } from '../../coupon/request.js';
import type { ApplyBatch, ApplyResult, Source, StoredPosition } from '../../ports/coupon-store.js';
import type { NewEvent } from '../../ports/store-history.js';
import { appliedResult } from '../applied.js';
import { outcomeOf } from '../outcome-code.js';
import { logKey, sourceKey } from '../source-key.js';
import { addRecords, readClaims, type ClaimRow, type NewRecord } from './tables/applied-records.js';
import {
  issueFromCampaigns,
  lockCampaigns,
  toCampaign,
  type CampaignRow,
} from './tables/campaigns.js';
import { addEvents } from './tables/events.js';
import { lockSources, moveSources, type StandingRow } from './tables/partition-offsets.js';
import type { Query } from './connection/query.js';
import type { Plan, Work } from './transaction.js';

export interface GroupOptions {
  /** In ms since the epoch. */
  readonly nowMs: number;
  /** A UUID of this transaction, to know it again. */
  readonly token: string;
  /** The numbers of logs that were asked for (missing-logs), by logKey. */
  readonly logIds: ReadonlyMap<string, number>;
  /** To record in the same transaction. */
  readonly events: readonly NewEvent[];
}

/**
 * applied: one result a batch. missing-logs: nothing is written, for these partitions have no number yet.
 */
export type GroupOutcome =
  | { readonly kind: 'applied'; readonly results: readonly ApplyResult[] }
  | { readonly kind: 'missing-logs'; readonly logs: readonly Source[] };

export type GroupReads = readonly [Query<StandingRow>, Query<CampaignRow>, Query<ClaimRow>];

/** Applies batches in their order, each behind its own fence, in one transaction. */
export function groupWork(
  batches: readonly ApplyBatch[],
  options: GroupOptions,
): Work<GroupReads, GroupOutcome> {
  const sources = new Map(batches.map(({ source }) => [sourceKey(source), source]));
  const requests = requestsOf(batches);
  const couponIds = new Set(requests.map(({ couponId }) => couponId));
  return {
    reads: [
      lockSources([...sources.values()]),
      lockCampaigns([...couponIds]),
      readClaims(requests),
    ],
    decide: ([standings, campaigns, claims]) => {
      const group = new Group(standings, campaigns, knownRequests(requests, claims), options);
      const results = batches.map((batch) => group.apply(batch));
      return group.plan(results);
    },
  };
}

interface Standing {
  /** Where the store stood before the group; null: it does not know the source. */
  readonly expectedOffset: bigint | null;
  nextOffset: bigint | null;
  readonly logId: number | null;
  /** Set where a batch was applied. */
  position: StoredPosition | null;
}

/** What is known to the transaction of a group, and what it comes to, batch by batch. */
class Group {
  readonly #options: GroupOptions;
  readonly #standings: Map<string, Standing>;
  readonly #campaigns: Map<number, Campaign>;
  readonly #issuedFrom = new Map<number, Campaign>();
  readonly #known: Known;
  readonly #met = new MetRequests();
  readonly #records: NewRecord[] = [];
  readonly #missingLogs: Source[] = [];

  constructor(
    standings: readonly StandingRow[],
    campaigns: readonly CampaignRow[],
    requests: ReadonlyMap<CouponRequest, KnownRequest>,
    options: GroupOptions,
  ) {
    this.#options = options;
    this.#standings = new Map(standings.map(toStanding));
    this.#campaigns = new Map(campaigns.map((row) => [row[0], toCampaign(row)]));
    this.#known = {
      campaign: (couponId) => this.#campaigns.get(couponId) ?? null,
      request: (request) => requests.get(request) ?? UNKNOWN_REQUEST,
    };
  }

  apply(batch: ApplyBatch): ApplyResult {
    const { source, expectedOffset, entries, nextOffset, lastApplied } = batch;
    const standing = this.#standing(source);
    if (standing.nextOffset !== expectedOffset) {
      return { kind: 'fenced', nextOffset: standing.nextOffset };
    }
    const logId = standing.logId ?? this.#options.logIds.get(logKey(source));
    if (logId === undefined) this.#missingLogs.push(source);
    const { decided, issuedFrom } = decideBatch(this.#known, entries, this.#met);
    for (const decision of decided) {
      if (!decision.repeated) this.#records.push({ decision, logId: logId ?? NO_LOG });
    }
    for (const campaign of issuedFrom) {
      this.#campaigns.set(campaign.couponId, campaign);
      this.#issuedFrom.set(campaign.couponId, campaign);
    }
    standing.nextOffset = nextOffset;
    standing.position = { ...source, nextOffset, lastApplied };
    return appliedResult(decided);
  }

  plan(results: readonly ApplyResult[]): Plan<GroupOutcome> {
    if (this.#missingLogs.length > 0) {
      return { result: { kind: 'missing-logs', logs: this.#missingLogs }, writes: [] };
    }
    const { nowMs, token, events } = this.#options;
    const moves = [...this.#standings.values()].flatMap(({ expectedOffset, position }) =>
      position === null ? [] : [{ expectedOffset, position }],
    );
    const issuedFrom = [...this.#issuedFrom.values()];
    return {
      result: { kind: 'applied', results },
      writes: [
        ...(this.#records.length === 0 ? [] : [addRecords(this.#records, nowMs)]),
        ...(issuedFrom.length === 0 ? [] : [issueFromCampaigns(issuedFrom)]),
        ...moveSources(moves, token),
        ...(events.length === 0 ? [] : [addEvents(events)]),
      ],
    };
  }

  #standing(source: Source): Standing {
    const key = sourceKey(source);
    const met = this.#standings.get(key);
    if (met !== undefined) return met;
    const unknown = { expectedOffset: null, nextOffset: null, logId: null, position: null };
    this.#standings.set(key, unknown);
    return unknown;
  }
}

const UNKNOWN_REQUEST: KnownRequest = { holdsCoupon: false, finalOutcome: null };

/** Stands where a log has no number yet: such a plan writes nothing. */
const NO_LOG = 0;

function requestsOf(batches: readonly ApplyBatch[]): readonly CouponRequest[] {
  return batches.flatMap(({ entries }) =>
    entries.flatMap((entry) => (entry.kind === 'request' ? [entry.request] : [])),
  );
}

/** What is known of those of the requests that have rows. */
function knownRequests(
  requests: readonly CouponRequest[],
  claims: readonly ClaimRow[],
): ReadonlyMap<CouponRequest, KnownRequest> {
  const known = new Map<CouponRequest, KnownRequest>();
  for (const [ordinality, code, isSameRequest] of claims) {
    const request = requests[ordinality - 1];
    const outcome = outcomeOf(code);
    if (request === undefined || outcome === 'DEAD_LETTERED') continue;
    const before = known.get(request) ?? UNKNOWN_REQUEST;
    known.set(request, {
      holdsCoupon: before.holdsCoupon || outcome === 'ISSUED',
      finalOutcome: isSameRequest ? outcome : before.finalOutcome,
    });
  }
  return known;
}

function toStanding(row: StandingRow): [string, Standing] {
  const [clusterId, group, topic, partition, offset, logId] = row;
  const nextOffset = BigInt(offset);
  return [
    sourceKey({ clusterId, group, topic, partition }),
    { expectedOffset: nextOffset, nextOffset, logId, position: null },
  ];
}

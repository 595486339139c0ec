/** What a MemoryStore has in it, and what is read and written there. */
import type { Campaign } from '../../../src/coupon/campaign.js';
import type { Decided, Known } from '../../../src/coupon/decide-batch.js';
import type {
  CampaignVersion,
  Entry,
  IssuedCoupon,
  IssuedFilter,
  OutcomeRow,
  Source,
  StoredPosition,
} from '../../../src/ports/coupon-store.js';
import type { LetterIdentity } from '../../../src/ports/replayed-letters.js';
import type { OutcomeCount } from '../../../src/ports/store-figures.js';
import {
  MINUTE_MS,
  type OutcomeMinute,
  type StoredEvent,
} from '../../../src/ports/store-history.js';
import { isDeadLetterOf } from './snapshot.js';

/** All there is in the store. A transaction works on a copy, which then takes its place. */
export interface State {
  readonly positions: Map<string, StoredPosition>;
  readonly campaigns: Map<number, Campaign>;
  readonly versions: CampaignVersion[];
  readonly outcomes: OutcomeRow[];
  readonly issued: IssuedCoupon[];
  /** By its identity as text: the letter, and when it was replayed last. */
  readonly replayed: Map<string, ReplayedLetter>;
  readonly events: StoredEvent[];
  /** One element a row that was counted. */
  readonly counted: OutcomeMinute[];
}

interface ReplayedLetter {
  readonly letter: LetterIdentity;
  readonly atMs: number;
}

export function emptyState(): State {
  return {
    positions: new Map(),
    campaigns: new Map(),
    versions: [],
    outcomes: [],
    issued: [],
    replayed: new Map(),
    events: [],
    counted: [],
  };
}

export function copyOf(state: State): State {
  return {
    positions: new Map(state.positions),
    campaigns: new Map(state.campaigns),
    versions: [...state.versions],
    outcomes: [...state.outcomes],
    issued: [...state.issued],
    replayed: new Map(state.replayed),
    events: [...state.events],
    counted: [...state.counted],
  };
}

const NO_REQUEST = { eventId: null, couponId: null, userId: null };

export function knownTo({ campaigns, outcomes, issued }: State): Known {
  return {
    campaign: (couponId) => campaigns.get(couponId) ?? null,
    request: ({ couponId, userId, eventId }) => {
      const finalOutcome = outcomes
        .filter((row) => row.couponId === couponId && row.userId === userId)
        .filter((row) => row.eventId === eventId)
        .map(({ outcome }) => outcome)
        .find((outcome) => outcome !== 'DEAD_LETTERED');
      const holdsCoupon = issued.some((c) => c.couponId === couponId && c.userId === userId);
      return { holdsCoupon, finalOutcome: finalOutcome ?? null };
    },
  };
}

/** Writes what was decided about one entry. */
export function record(
  { campaigns, outcomes, issued, counted }: State,
  { topic, partition }: Source,
  { entry, outcome, repeated, sequence, campaignVersion }: Decided<Entry>,
  issuedAtMs: number,
): void {
  const { offset, timestampMs } = entry;
  const position = { topic, partition, offset };
  const isKnown = outcomes.some((row) => isDeadLetterOf(row, position, timestampMs));
  if (repeated || (entry.kind === 'dead-letter' && isKnown)) return;
  const { eventId, couponId, userId } = entry.request ?? NO_REQUEST;
  const reasonCode = entry.kind === 'dead-letter' ? entry.reasonCode : null;
  outcomes.push({
    id: outcomes.length + 1,
    ...{ eventId, couponId, userId, outcome, reasonCode, campaignVersion, position, timestampMs },
  });
  const isOfCampaign = outcome !== 'NOT_FOUND' && couponId !== null && campaigns.has(couponId);
  counted.push({
    minuteMs: issuedAtMs - (issuedAtMs % MINUTE_MS),
    couponId: isOfCampaign ? couponId : null,
    ...{ outcome, reasonCode, rows: 1 },
  });
  if (sequence !== null && entry.kind === 'request') {
    issued.push({ ...entry.request, sequence, issuedAtMs, position });
  }
}

export function keyOf({ clusterId, group, topic, partition }: Source): string {
  return JSON.stringify([clusterId, group, topic, partition]);
}

export function spell(letter: LetterIdentity): string {
  const { clusterId, topic, partition, offset, timestampMs, checksum } = letter;
  return JSON.stringify([clusterId, topic, partition, String(offset), timestampMs, checksum]);
}

export function sortedPositions({ positions }: State): readonly StoredPosition[] {
  const order = (p: StoredPosition) => [p.clusterId, p.group, p.topic].join('\n');
  return [...positions.values()].sort(
    (a, b) => order(a).localeCompare(order(b)) || a.partition - b.partition,
  );
}

export function sortedCampaigns({ campaigns }: State): readonly Campaign[] {
  return [...campaigns.values()].sort((a, b) => a.couponId - b.couponId);
}

export function sortedIssued({ issued }: State, filter: IssuedFilter): readonly IssuedCoupon[] {
  return issued
    .filter((c) => filter.couponId === undefined || c.couponId === filter.couponId)
    .filter((c) => filter.userId === undefined || c.userId === filter.userId)
    .sort((a, b) => a.couponId - b.couponId || a.sequence - b.sequence);
}

export function byCoupon(a: OutcomeRow, b: OutcomeRow): number {
  return (a.couponId ?? 0) - (b.couponId ?? 0) || a.id - b.id;
}

export function sequenceOf(row: OutcomeRow, { issued }: State): number | null {
  return couponOf(row, issued)?.sequence ?? null;
}

/** What this row has issued. */
export function couponOf(
  { outcome, couponId, userId }: OutcomeRow,
  issued: readonly IssuedCoupon[],
): IssuedCoupon | undefined {
  if (outcome !== 'ISSUED') return undefined;
  return issued.find((each) => each.couponId === couponId && each.userId === userId);
}

export function countsOf(outcomes: readonly OutcomeRow[]): readonly OutcomeCount[] {
  const counts = new Map<string, OutcomeCount>();
  for (const { couponId, outcome } of outcomes) {
    const key = JSON.stringify([couponId, outcome]);
    counts.set(key, { couponId, outcome, rows: (counts.get(key)?.rows ?? 0) + 1 });
  }
  return [...counts.values()];
}

export function addedUp(counted: readonly OutcomeMinute[]): readonly OutcomeMinute[] {
  const sums = new Map<string, OutcomeMinute>();
  for (const { minuteMs, couponId, outcome, reasonCode, rows } of counted) {
    const key = JSON.stringify([minuteMs, couponId, outcome, reasonCode]);
    const sum = (sums.get(key)?.rows ?? 0) + rows;
    sums.set(key, { minuteMs, couponId, outcome, reasonCode, rows: sum });
  }
  return [...sums.values()].sort((a, b) => a.minuteMs - b.minuteMs);
}

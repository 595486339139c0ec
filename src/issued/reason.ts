/** Why a request has the outcome that it has: codes with data; their words are in words/. */
import type { Decision } from '../coupon/outcome.js';
import type { LetterPosition } from '../dead-letters/find-letter.js';
import type { Campaign } from '../coupon/campaign.js';
import type { CampaignVersion, IssuedCoupon, OutcomeRow } from '../ports/coupon-store.js';
import { isSamePartition } from '../ports/log.js';
import type { UserLetter } from './user-letters.js';
import type { WaitingRequest } from './waiting-requests.js';

/** What is not known is null. Instants are ms since the epoch. */
export type Reason =
  | {
      readonly code: 'ISSUED';
      readonly sequence: number | null;
      readonly issuedAtMs: number | null;
    }
  | {
      readonly code: 'SOLD_OUT';
      readonly stock: number | null;
      readonly soldOutAtMs: number | null;
      readonly lastUserId: number | null;
    }
  | {
      readonly code: 'EXPIRED';
      readonly validUntilMs: number | null;
      readonly timestampMs: number;
    }
  | {
      readonly code: 'NOT_STARTED';
      readonly validFromMs: number | null;
      readonly timestampMs: number;
    }
  | {
      readonly code: 'INACTIVE';
      readonly sinceMs: number | null;
      /** "user@host". */
      readonly changedBy: string | null;
    }
  | { readonly code: 'NOT_FOUND'; readonly createdAtMs: number | null }
  | {
      readonly code: 'DUPLICATE';
      readonly sequence: number | null;
      readonly issuedAtMs: number | null;
      readonly eventId: string | null;
    }
  | {
      readonly code: 'DEAD_LETTERED';
      readonly reasonCode: string | null;
      readonly failureReason: string | null;
      /** Null where it was not found in the DLQ. */
      readonly letter: LetterPosition | null;
      readonly wasReplayed: boolean;
      /** The same request came again, by a replay or from its producer, and was decided. */
      readonly isDecided: boolean;
    }
  | {
      readonly code: 'WAITING';
      readonly partition: number;
      /** Records of its partition that are decided before it. */
      readonly recordsAhead: number;
      /** Since the record's timestamp. */
      readonly waitedMs: number;
      readonly isBehindOpenTransaction: boolean;
    };

/** What the reasons for one user's outcomes rest on. */
export interface ReasonFacts {
  readonly campaigns: readonly Campaign[];
  /** Of these campaigns, by couponId and version. */
  readonly versions: readonly CampaignVersion[];
  /** The coupons that the user holds. */
  readonly held: readonly IssuedCoupon[];
  /** Who got the last coupon of a stock. */
  readonly lastOfStock: readonly IssuedCoupon[];
  readonly letters: readonly UserLetter[];
}

/** Of an outcome. `later`: the rows of the same coupon that were applied after it. */
export function reasonOf(
  row: OutcomeRow,
  later: readonly OutcomeRow[],
  facts: ReasonFacts,
): Reason {
  return row.outcome === 'DEAD_LETTERED'
    ? deadLettered(row, later, facts)
    : decided(row.outcome, row, facts);
}

export function waitingReason(waiting: WaitingRequest, nowMs: number): Reason {
  const { position, timestampMs, recordsAhead, isBehindOpenTransaction } = waiting;
  const { partition } = position;
  const waitedMs = Math.max(0, nowMs - timestampMs);
  return { code: 'WAITING', partition, recordsAhead, waitedMs, isBehindOpenTransaction };
}

function decided(outcome: Decision, row: OutcomeRow, facts: ReasonFacts): Reason {
  const { couponId, timestampMs } = row;
  const terms = termsOf(row, facts);
  const held = facts.held.find((each) => each.couponId === couponId);
  const { sequence = null, issuedAtMs = null, eventId = null } = held ?? {};
  switch (outcome) {
    case 'ISSUED':
      return { code: outcome, sequence, issuedAtMs };
    case 'DUPLICATE':
      return { code: outcome, sequence, issuedAtMs, eventId };
    case 'SOLD_OUT': {
      const stock = terms?.totalQuantity ?? null;
      const last = facts.lastOfStock.find(
        (each) => each.couponId === couponId && each.sequence === stock,
      );
      const { issuedAtMs: soldOutAtMs = null, userId: lastUserId = null } = last ?? {};
      return { code: outcome, stock, soldOutAtMs, lastUserId };
    }
    case 'EXPIRED':
      return { code: outcome, validUntilMs: terms?.validUntilMs ?? null, timestampMs };
    case 'NOT_STARTED':
      return { code: outcome, validFromMs: terms?.validFromMs ?? null, timestampMs };
    case 'INACTIVE':
      return { code: outcome, ...inactiveSince(row, facts) };
    case 'NOT_FOUND': {
      const [first] = versionsOf(row, facts);
      return { code: outcome, createdAtMs: first?.createdAtMs ?? null };
    }
  }
}

function deadLettered(
  row: OutcomeRow,
  later: readonly OutcomeRow[],
  { letters }: ReasonFacts,
): Reason {
  const found = letters.find((letter) => isLetterOf(letter, row));
  return {
    code: 'DEAD_LETTERED',
    reasonCode: row.reasonCode,
    failureReason: found?.failureReason ?? null,
    letter: found?.position ?? null,
    wasReplayed: found?.wasReplayed ?? false,
    isDecided: later.some(
      ({ eventId, outcome }) => eventId === row.eventId && outcome !== 'DEAD_LETTERED',
    ),
  };
}

/** A topic that was deleted and recreated may have had another user's letter of this position. */
export function isLetterOf({ origin, userId }: UserLetter, { position, ...row }: OutcomeRow) {
  return (
    origin !== null &&
    isSamePartition(origin, position) &&
    origin.offset === position.offset &&
    (userId === null || userId === row.userId)
  );
}

/** The sold-out outcomes whose last winner is to be looked up. */
export function stocksSoldOut(
  rows: readonly OutcomeRow[],
  facts: Pick<ReasonFacts, 'versions'>,
): readonly { readonly couponId: number; readonly sequence: number }[] {
  const stocks = rows
    .filter(({ outcome }) => outcome === 'SOLD_OUT')
    .flatMap((row) => termsOf(row, facts) ?? []);
  const byVersion = new Map(stocks.map((terms) => [`${terms.couponId}/${terms.version}`, terms]));
  return [...byVersion.values()]
    .filter(({ totalQuantity }) => totalQuantity > 0)
    .map(({ couponId, totalQuantity }) => ({ couponId, sequence: totalQuantity }));
}

function termsOf(row: OutcomeRow, facts: Pick<ReasonFacts, 'versions'>): CampaignVersion | null {
  return versionsOf(row, facts).find(({ version }) => version === row.campaignVersion) ?? null;
}

function versionsOf(
  { couponId }: OutcomeRow,
  { versions }: Pick<ReasonFacts, 'versions'>,
): readonly CampaignVersion[] {
  return versions.filter((version) => version.couponId === couponId);
}

/** When the campaign became inactive and by whom, up to the version that decided. */
function inactiveSince(
  row: OutcomeRow,
  facts: ReasonFacts,
): { readonly sinceMs: number | null; readonly changedBy: string | null } {
  const before = versionsOf(row, facts).filter(
    ({ version }) => version <= (row.campaignVersion ?? 0),
  );
  const lastActive = before.findLastIndex(({ status }) => status === 'ACTIVE');
  const { createdAtMs: sinceMs = null, changedBy = null } = before[lastActive + 1] ?? {};
  return { sinceMs, changedBy };
}

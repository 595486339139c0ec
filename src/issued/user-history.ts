/** What became of a user's requests, coupon by coupon: pure, from what the store and the log say. */
import { groupBy } from '../group-by.js';
import type { Outcome } from '../coupon/outcome.js';
import type { RequestStatus } from '../coupon/request-status.js';
import type { OutcomeRow } from '../ports/coupon-store.js';
import type { Position } from '../ports/log.js';
import { nextStep, type NextStep } from './next-step.js';
import { isLetterOf, reasonOf, waitingReason, type Reason, type ReasonFacts } from './reason.js';
import type { UserLetter } from './user-letters.js';
import type { WaitingRequest } from './waiting-requests.js';

export interface UserFacts extends ReasonFacts {
  readonly userId: number;
  /** Null: whichever. */
  readonly couponId: number | null;
  /** By couponId, then in the order of applying. */
  readonly rows: readonly OutcomeRow[];
  readonly waiting: readonly WaitingRequest[];
  readonly nowMs: number;
}

/** One request, and what became of it. */
export interface UserRequest {
  readonly eventId: string | null;
  /** Null while it waits. */
  readonly outcome: Outcome | null;
  readonly position: Position;
  /** The record's timestamp in the log. */
  readonly timestampMs: number;
  readonly reason: Reason;
}

export interface CouponHistory extends RequestStatus {
  /** Of the outcome, or why it waits; null where there is no request. */
  readonly reason: Reason | null;
  /** In the order of applying; those that wait come last. */
  readonly requests: readonly UserRequest[];
  readonly next: NextStep | null;
}

export interface UserHistory {
  readonly userId: number;
  /** By couponId. That of `couponId`, requested or not, where one is asked about. */
  readonly coupons: readonly CouponHistory[];
  /** That name the user, and are not of a request that is listed. The newest first. */
  readonly letters: readonly UserLetter[];
}

export function userHistory(facts: UserFacts): UserHistory {
  const { userId, rows, letters, couponId } = facts;
  const others = letters.filter((letter) => !rows.some((row) => isLetterOf(letter, row)));
  return {
    userId,
    coupons: couponIdsOf(facts).map((id) => couponHistory(id, facts)),
    letters: others.filter(
      (letter) => couponId === null || letter.couponId === null || letter.couponId === couponId,
    ),
  };
}

function couponIdsOf({ couponId, rows, waiting }: UserFacts): readonly number[] {
  if (couponId !== null) return [couponId];
  const asked = [
    ...rows.flatMap((row) => row.couponId ?? []),
    ...waiting.map(({ request }) => request.couponId),
  ];
  return [...new Set(asked)].sort((a, b) => a - b);
}

function couponHistory(couponId: number, facts: UserFacts): CouponHistory {
  const { userId, campaigns, nowMs } = facts;
  const requests = requestsOf(couponId, facts);
  const status = statusOf(couponId, requests, facts);
  const deciding = decidingOf(status, requests);
  const campaign = campaigns.find((each) => each.couponId === couponId) ?? null;
  const asked = { couponId, userId, eventId: status.eventId };
  return {
    ...status,
    reason: deciding?.reason ?? null,
    requests,
    next: deciding === undefined ? null : nextStep(asked, deciding.reason, campaign, nowMs),
  };
}

function requestsOf(couponId: number, facts: UserFacts): readonly UserRequest[] {
  const rows = groupBy(facts.rows, (row) => row.couponId).get(couponId) ?? [];
  const applied = rows.map((row, index) => ({
    eventId: row.eventId,
    outcome: row.outcome,
    position: row.position,
    timestampMs: row.timestampMs,
    reason: reasonOf(row, rows.slice(index + 1), facts),
  }));
  const waiting = facts.waiting
    .filter(({ request }) => request.couponId === couponId)
    .map((each) => ({
      eventId: each.request.eventId,
      outcome: null,
      position: each.position,
      timestampMs: each.timestampMs,
      reason: waitingReason(each, facts.nowMs),
    }));
  return [...applied, ...waiting];
}

/** The coupon that the user holds; else the request that waits; else the outcome that came last. */
function statusOf(
  couponId: number,
  requests: readonly UserRequest[],
  { userId, held }: UserFacts,
): RequestStatus {
  const coupon = held.find((each) => each.couponId === couponId);
  if (coupon !== undefined) {
    const { sequence, eventId } = coupon;
    const issuedAt = new Date(coupon.issuedAtMs).toISOString();
    return { couponId, userId, status: 'ISSUED', outcome: 'ISSUED', sequence, issuedAt, eventId };
  }
  const nothing = { couponId, userId, sequence: null, issuedAt: null };
  const waiting = requests.find(({ outcome }) => outcome === null);
  const last = waiting ?? requests.at(-1);
  if (last === undefined) {
    return { ...nothing, status: 'NOT_REQUESTED', outcome: null, eventId: null };
  }
  const { outcome, eventId } = last;
  return { ...nothing, status: outcome === null ? 'PENDING' : 'FAILED', outcome, eventId };
}

/** The request that the status is of. */
function decidingOf(
  { status }: RequestStatus,
  requests: readonly UserRequest[],
): UserRequest | undefined {
  switch (status) {
    case 'ISSUED':
      return requests.find(({ outcome }) => outcome === 'ISSUED');
    case 'PENDING':
      return requests.find(({ outcome }) => outcome === null);
    case 'FAILED':
    case 'NOT_REQUESTED':
      return requests.at(-1);
  }
}

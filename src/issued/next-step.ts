/** What an operator can do for a user without a coupon: codes with data; their words are in words/. */
import type { Campaign } from '../coupon/campaign.js';
import { decide } from '../coupon/decide.js';
import type { LetterPosition } from '../dead-letters/find-letter.js';
import type { Reason } from './reason.js';

interface OfUser {
  readonly couponId: number;
  readonly userId: number;
  /** What can win once that is done: the dead letter, sent again; else a new request, for a decision stands. */
  readonly again: 'ASK' | 'REPLAY';
}

export type NextStep =
  | (OfUser & { readonly code: 'CREATE_CAMPAIGN' })
  | (OfUser & { readonly code: 'ACTIVATE' })
  | (OfUser & { readonly code: 'WAIT_FOR_START'; readonly validFromMs: number | null })
  | (OfUser & { readonly code: 'EXTEND_WINDOW' })
  | (OfUser & { readonly code: 'RAISE_STOCK'; readonly stock: number })
  | (OfUser & { readonly code: 'ASK_AGAIN' })
  | (OfUser & { readonly code: 'REPLAY'; readonly eventId: string | null })
  | { readonly code: 'WAIT' }
  | { readonly code: 'END_TRANSACTION' }
  | { readonly code: 'SEE_LETTER'; readonly letter: LetterPosition };

export interface Asked {
  readonly couponId: number;
  readonly userId: number;
  readonly eventId: string | null;
}

/** Null where there is nothing to do: the user holds the coupon. */
export function nextStep(
  { couponId, userId, eventId }: Asked,
  reason: Reason,
  campaign: Campaign | null,
  nowMs: number,
): NextStep | null {
  const ofUser = { couponId, userId };
  switch (reason.code) {
    case 'ISSUED':
    case 'DUPLICATE':
      return null;
    case 'WAITING':
      return { code: reason.isBehindOpenTransaction ? 'END_TRANSACTION' : 'WAIT' };
    case 'DEAD_LETTERED':
      if (reason.letter === null) return askingAgain(ofUser, campaign, nowMs);
      if (reason.wasReplayed) return { code: 'WAIT' };
      return (
        towardsIssue({ ...ofUser, again: 'REPLAY' }, campaign, nowMs) ?? {
          code: 'REPLAY',
          ...ofUser,
          again: 'REPLAY',
          eventId,
        }
      );
    case 'SOLD_OUT':
    case 'EXPIRED':
    case 'NOT_STARTED':
    case 'INACTIVE':
    case 'NOT_FOUND':
      return askingAgain(ofUser, campaign, nowMs);
  }
}

function askingAgain(
  ofUser: Pick<OfUser, 'couponId' | 'userId'>,
  campaign: Campaign | null,
  nowMs: number,
): NextStep {
  const ask = { ...ofUser, again: 'ASK' } as const;
  return towardsIssue(ask, campaign, nowMs) ?? { code: 'ASK_AGAIN', ...ask };
}

/** What has to change before a request of this user could win; null: nothing. */
function towardsIssue(ofUser: OfUser, campaign: Campaign | null, nowMs: number): NextStep | null {
  const now = decide({ campaign, holdsCoupon: false, timestampMs: nowMs });
  switch (now) {
    case 'ISSUED':
    case 'DUPLICATE':
      return null;
    case 'NOT_FOUND':
      return { code: 'CREATE_CAMPAIGN', ...ofUser };
    case 'INACTIVE':
      return { code: 'ACTIVATE', ...ofUser };
    case 'NOT_STARTED':
      return { code: 'WAIT_FOR_START', ...ofUser, validFromMs: campaign?.validFromMs ?? null };
    case 'EXPIRED':
      return { code: 'EXTEND_WINDOW', ...ofUser };
    case 'SOLD_OUT':
      return { code: 'RAISE_STOCK', ...ofUser, stock: (campaign?.totalQuantity ?? 0) + 1 };
  }
}

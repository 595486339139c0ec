import type { LookedUp } from '../../../issued/look-up.js';
import { wordedLookUpNote, wordedReason } from '../../../words/worded.js';
import type { UserAnswer } from '../wire/campaigns.js';

/** Of a look-up that asked about one coupon. */
export function userAnswer({ history, notes }: LookedUp): UserAnswer {
  const [coupon] = history.coupons;
  if (coupon === undefined) throw new RangeError('a look-up of one coupon has that coupon');
  const { couponId, userId, status, outcome, sequence, issuedAt, eventId, reason } = coupon;
  return {
    ...{ couponId, userId, status, outcome, sequence, issuedAt, eventId },
    reason: reason === null ? null : wordedReason(reason),
    notes: notes.map(wordedLookUpNote),
  };
}

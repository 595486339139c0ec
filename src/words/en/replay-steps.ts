/** The words of the steps of src/dead-letters/replay/first-steps.ts. */
import type { ReplayStep } from '../../dead-letters/replay/first-steps.js';
import { count, counted } from '../../text/figures.js';
import { shellWord } from '../../text/shell-word.js';
import { inWords, type Words } from '../in-words.js';

/** Of a step; null: there is nothing to run, only to wait. */
export function replayStepCommand(step: ReplayStep): string | null {
  return inWords(COMMANDS, step);
}

export function replayStepText(step: ReplayStep): string {
  return inWords(TEXTS, step);
}

const COMMANDS: Words<ReplayStep, string | null> = {
  WAIT_FOR_GROUP: ({ group }) => `coupons lag --group ${shellWord(group)} --wait`,
  RAISE_STOCK: ({ couponId, totalQuantity }) =>
    `coupons campaigns update ${String(couponId)} --stock ${String(totalQuantity)}`,
  ACTIVATE: ({ couponId }) => `coupons campaigns update ${String(couponId)} --status ACTIVE`,
  EXTEND_WINDOW: ({ couponId, laterMs }) =>
    `coupons campaigns update ${String(couponId)} --valid-until ${iso(laterMs)}`,
  WAIT_FOR_START: () => null,
  CREATE_CAMPAIGN: ({ couponId, letters }) =>
    `coupons campaigns create ${String(couponId)} --stock ${String(letters)}`,
};

const TEXTS: Words<ReplayStep> = {
  WAIT_FOR_GROUP: ({ couponId, letters, stockLeft, waitingAhead }) =>
    `${ofCoupon(letters, couponId)} would be SOLD_OUT if the ${counted(waitingAhead, 'request')} ahead of them took the ${count(stockLeft)} that are left. Wait until the group has decided those, and plan again.`,
  RAISE_STOCK: ({ couponId, letters, stockLeft }) =>
    `${ofCoupon(letters, couponId)} would be SOLD_OUT, for good: ${count(stockLeft)} left. Raise the stock first, if they are to get one.`,
  ACTIVATE: ({ couponId, letters }) =>
    `${ofCoupon(letters, couponId)} would be INACTIVE, for good. Activate the campaign first; it issues to new requests then as well.`,
  EXTEND_WINDOW: ({ couponId, letters, validUntilMs }) =>
    `${ofCoupon(letters, couponId)} would be EXPIRED, for good: the campaign ended at ${iso(validUntilMs)}, and a replayed request counts as of now. Extend it first; it issues to new requests then as well.`,
  WAIT_FOR_START: ({ couponId, letters, validFromMs }) =>
    `${ofCoupon(letters, couponId)} would be NOT_STARTED, for good. Replay them after ${iso(validFromMs)}.`,
  CREATE_CAMPAIGN: ({ couponId, letters }) =>
    `${ofCoupon(letters, couponId)} would be NOT_FOUND, for good: this store has no such campaign. Is it the store of the consumers? If so, create the campaign first.`,
};

function ofCoupon(letters: number, couponId: number): string {
  return `${counted(letters, 'dead letter')} of coupon ${String(couponId)}`;
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

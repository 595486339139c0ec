/** The words of the steps of src/dead-letters/replay/first-steps.ts. */
import type { ReplayStep } from '../../dead-letters/replay/first-steps.js';
import { count, counted } from '../../text/figures.js';
import { utcTime } from '../../text/times.js';
import { shellWord } from '../../text/shell-word.js';
import { inWords, type Words } from '../in-words.js';

/** Of a step; null: there is nothing to run, only to wait. */
export function replayStepCommand(step: ReplayStep): string | null {
  return inWords(COMMANDS, step);
}

export function replayStepText(step: ReplayStep): string {
  return inWords(TEXTS, step);
}

/** After what could be sent was sent: the stock of the plan is that of before. */
export function sentStepText(step: ReplayStep): string {
  switch (step.code) {
    case 'WAIT_FOR_GROUP':
      return `${coupon(step.couponId)} had ${count(step.stockLeft)} left before the replay, and ${counted(step.waitingAhead, 'request')} ahead of the dead letters might take them: ${count(step.letters)} would have been SOLD_OUT then, and stayed. Wait until the group has decided those, and run the same command again.`;
    case 'RAISE_STOCK':
      return `${coupon(step.couponId)} had ${count(step.stockLeft)} left before the replay, so that ${dead(step.letters)} would have been SOLD_OUT for good, and stayed. Raise the stock, if they are to get one, and run the same command again.`;
    default:
      return replayStepText(step);
  }
}

const COMMANDS: Words<ReplayStep, string | null> = {
  WAIT_FOR_GROUP: ({ group }) => `coupons lag --group ${shellWord(group)} --wait`,
  RAISE_STOCK: ({ couponId, totalQuantity }) =>
    `coupons campaigns update ${String(couponId)} --stock ${String(totalQuantity)}`,
  ACTIVATE: ({ couponId }) => `coupons campaigns update ${String(couponId)} --status ACTIVE`,
  EXTEND_WINDOW: ({ couponId, laterMs }) =>
    `coupons campaigns update ${String(couponId)} --valid-until ${new Date(laterMs).toISOString()}`,
  WAIT_FOR_START: () => null,
  CREATE_CAMPAIGN: ({ couponId, letters }) =>
    `coupons campaigns create ${String(couponId)} --stock ${String(letters)}`,
};

const TEXTS: Words<ReplayStep> = {
  WAIT_FOR_GROUP: ({ couponId, letters, stockLeft, waitingAhead }) =>
    `${coupon(couponId)} has ${count(stockLeft)} left, and ${counted(waitingAhead, 'request')} ahead of the dead letters may take them: ${count(letters)} would be SOLD_OUT then. Wait until the group has decided those, and plan again.`,
  RAISE_STOCK: ({ couponId, letters, stockLeft }) =>
    `${coupon(couponId)} has ${count(stockLeft)} left, so that ${dead(letters)} would be SOLD_OUT for good. Raise the stock first, if they are to get one.`,
  ACTIVATE: ({ couponId, letters }) =>
    `${coupon(couponId)} is inactive, so that ${dead(letters)} would be INACTIVE for good. Activate it first, if they are to get one; it issues to new requests then as well.`,
  EXTEND_WINDOW: ({ couponId, letters, validUntilMs }) =>
    `${coupon(couponId)} ended at ${utcTime(validUntilMs)}, so that ${dead(letters)} would be EXPIRED for good: a replayed request counts as of the replay. Extend it first, if they are to get one; it issues to new requests then as well.`,
  WAIT_FOR_START: ({ couponId, letters, validFromMs }) =>
    `${coupon(couponId)} starts at ${utcTime(validFromMs)}, so that ${dead(letters)} would be NOT_STARTED for good. Replay them after that.`,
  CREATE_CAMPAIGN: ({ couponId, letters }) =>
    `${coupon(couponId)} has no campaign in this store, so that ${dead(letters)} would be NOT_FOUND for good. If it is the store of the consumers, create the campaign first.`,
};

function coupon(couponId: number): string {
  return `Coupon ${String(couponId)}`;
}

function dead(letters: number): string {
  return counted(letters, 'dead letter');
}

/** The words of src/issued/next-step.ts. */
import type { NextStep } from '../../issued/next-step.js';
import { shellWord } from '../../text/shell-word.js';
import { inWords, type Words } from '../in-words.js';
import { utcTimeToSecond } from '../../text/times.js';

export interface StepText {
  /** What it is for. */
  readonly why: string;
  /** `<...>` stands for what the operator decides. */
  readonly command: string;
}

export function nextStepText(step: NextStep): StepText {
  return inWords(WORDS, step);
}

const WORDS: Words<NextStep, StepText> = {
  CREATE_CAMPAIGN: (step) => ({
    why: `Create the campaign; ${then(step)}`,
    command: `coupons campaigns create ${String(step.couponId)} --stock <n>`,
  }),
  ACTIVATE: (step) => ({
    why: `The campaign is inactive now. Activate it; ${then(step)}`,
    command: `coupons campaigns update ${String(step.couponId)} --status ACTIVE`,
  }),
  WAIT_FOR_START: (step) => ({
    why: `The sale starts ${step.validFromMs === null ? 'later' : `at ${utcTimeToSecond(step.validFromMs)}`}. Wait for it; ${then(step)}`,
    command: `coupons campaigns show ${String(step.couponId)}`,
  }),
  EXTEND_WINDOW: (step) => ({
    why: `The window has ended. Extend it; ${then(step)}`,
    command: `coupons campaigns update ${String(step.couponId)} --valid-until <time>`,
  }),
  RAISE_STOCK: (step) => ({
    why: `Nothing is left now. Raise the stock (others who ask take it, too); ${then(step)}`,
    command: `coupons campaigns update ${String(step.couponId)} --stock ${String(step.stock)}`,
  }),
  ASK_AGAIN: ({ couponId, userId }) => ({
    why: 'There is stock now. What was decided stands, but a new request can win.',
    command: `coupons produce --coupon ${String(couponId)} --first-user ${String(userId)}`,
  }),
  REPLAY: ({ couponId, eventId }) => ({
    why: 'There is stock now. Look at what a replay of the dead letter would send.',
    command: `coupons dlq replay --coupon ${String(couponId)}${eventId === null ? '' : ` --text ${shellWord(eventId)}`} --dry-run`,
  }),
  WAIT: () => ({ why: 'See how far the group is, and whether it reads.', command: 'coupons lag' }),
  END_TRANSACTION: () => ({
    why: 'See the open transaction. Its producer has to end it.',
    command: 'coupons lag',
  }),
  SEE_LETTER: ({ letter }) => ({
    why: 'See the dead letter that names this user.',
    command: `coupons dlq show ${String(letter.partition)}:${letter.offset.toString()}`,
  }),
};

function then({ again }: Extract<NextStep, { again: unknown }>): string {
  return again === 'ASK'
    ? 'then the user can ask again (what was decided stands).'
    : 'then replay the dead letter.';
}

/** The JSON of `issued show` (docs/contract.md). */
import type { LookedUp } from '../../issued/look-up.js';
import { isIncomplete } from '../../issued/note.js';
import type { NextStep } from '../../issued/next-step.js';
import type { Reason } from '../../issued/reason.js';
import type { CouponHistory, UserRequest } from '../../issued/user-history.js';
import type { UserLetter } from '../../issued/user-letters.js';
import { isoTime } from '../../output/output.js';
import { usableInstantMs } from '../../records/timestamp.js';
import { lookUpNoteText } from '../../words/en/issued-notes.js';
import { reasonText } from '../../words/en/issued-reasons.js';
import { nextStepText } from '../../words/en/issued-steps.js';

export interface ShowOptions {
  readonly couponId: number | null;
  /** Completes a command with the options that its user gave. */
  readonly pasted: (command: string) => string;
}

/** Of one coupon where one is asked about, else of all that the user asked for. */
export function showDocument(
  { history, notes, partitions, letters }: LookedUp,
  { couponId, pasted }: ShowOptions,
) {
  const around = {
    deadLetters: history.letters.map(letterJson),
    isComplete: !notes.some(isIncomplete),
    notes: notes.map(lookUpNoteText),
    noteCodes: notes.map(({ code }) => code),
    lookedAt: {
      partitions: partitions.map(({ topic, bound, storeOffset }) => ({
        topic,
        partition: bound.partition,
        startOffset: bound.startOffset,
        endOffset: bound.endOffset,
        storeOffset,
      })),
      deadLetters: letters === null ? null : { looked: letters.looked, total: letters.total },
    },
  };
  const coupons = history.coupons.map((coupon) => couponJson(coupon, pasted));
  const [first] = coupons;
  if (couponId !== null && first !== undefined) return { ...first, ...around };
  return { userId: history.userId, coupons, ...around };
}

function couponJson(
  { reason, requests, next, ...status }: CouponHistory,
  pasted: ShowOptions['pasted'],
) {
  return {
    ...status,
    reason: reason === null ? null : reasonJson(reason),
    requests: requests.map(requestJson),
    next: next === null ? null : nextJson(next, pasted),
  };
}

function requestJson({ eventId, outcome, position, timestampMs, reason }: UserRequest) {
  const { topic, partition, offset } = position;
  return {
    eventId,
    outcome,
    position: { topic, partition, offset },
    timestamp: isoTime(usableInstantMs(timestampMs)),
    reason: reasonJson(reason),
  };
}

const INSTANT = /^(timestamp|since)Ms$|(At|From|Until)Ms$/;

/** Its data with instants as ISO 8601, under their names without the unit. */
function reasonJson(reason: Reason) {
  const { code, ...data } = reason;
  const fields = Object.entries(data).map(([name, value]: [string, unknown]) =>
    INSTANT.test(name)
      ? [name.slice(0, -'Ms'.length), typeof value === 'number' ? readable(value) : null]
      : [name, value],
  );
  const named = Object.fromEntries(fields) as Readonly<Record<string, unknown>>;
  return { code, message: reasonText(reason), ...named };
}

function readable(ms: number): string | null {
  return isoTime(usableInstantMs(ms));
}

function nextJson(step: NextStep, pasted: ShowOptions['pasted']) {
  const { why, command } = nextStepText(step);
  return { code: step.code, why, command: pasted(command) };
}

function letterJson(letter: UserLetter) {
  const { position, timestampMs, ...rest } = letter;
  return { ...position, timestamp: isoTime(timestampMs), ...rest };
}

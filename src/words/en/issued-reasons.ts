/** The words of src/issued/reason.ts: why a request has the outcome that it has. */
import { withFullStop } from '../../errors.js';
import type { Reason } from '../../issued/reason.js';
import { count, counted, duration } from '../../text/figures.js';
import { inWords, type Words } from '../in-words.js';
import { utcTimeToSecond, utcTime } from '../../text/times.js';

export function reasonText(reason: Reason): string {
  return inWords(WORDS, reason);
}

const WORDS: Words<Reason> = {
  ISSUED: ({ sequence, issuedAtMs }) => `Holds ${coupon(sequence)}${since(issuedAtMs)}.`,
  SOLD_OUT: ({ stock, soldOutAtMs, lastUserId }) => {
    if (stock === null) return 'The stock was gone.';
    if (stock === 0) return 'The stock was 0.';
    const gone = `${count(stock)} of ${count(stock)} were gone`;
    if (soldOutAtMs === null || lastUserId === null) return `${gone}.`;
    return `${gone} at ${utcTimeToSecond(soldOutAtMs)}; the last went to user ${String(lastUserId)}.`;
  },
  EXPIRED: ({ validUntilMs, timestampMs }) =>
    `The window ended${validUntilMs === null ? '' : ` at ${utcTime(validUntilMs)}`}; the record's time is ${utcTime(timestampMs)}.`,
  NOT_STARTED: ({ validFromMs, timestampMs }) =>
    `The window starts${validFromMs === null ? ' later' : ` at ${utcTime(validFromMs)}`}; the record's time is ${utcTime(timestampMs)}.`,
  INACTIVE: ({ sinceMs, changedBy }) =>
    `The campaign was inactive${sinceMs === null ? '' : ` since ${utcTimeToSecond(sinceMs)}`}${changedBy === null ? '' : `, set by ${changedBy}`}.`,
  NOT_FOUND: ({ createdAtMs }) =>
    createdAtMs === null
      ? 'There is no such campaign.'
      : `There was no such campaign when the request was read; it was created at ${utcTimeToSecond(createdAtMs)}.`,
  DUPLICATE: ({ sequence, issuedAtMs, eventId }) =>
    `The user holds ${coupon(sequence)}${since(issuedAtMs)}${eventId === null ? '' : `, by event ${eventId}`}.`,
  DEAD_LETTERED: (reason) => {
    const { reasonCode, failureReason } = reason;
    const why = [reasonCode, failureReason].filter((part) => part !== null).join(': ');
    return `${withFullStop(why === '' ? 'It failed' : why)} ${letterText(reason)}`;
  },
  WAITING: ({ partition, recordsAhead, waitedMs, isBehindOpenTransaction }) => {
    const place = `partition ${String(partition)}`;
    if (isBehindOpenTransaction) {
      return `Waits behind an open transaction in ${place}, with ${counted(recordsAhead, 'record')} ahead; if it is of that transaction, an abort deletes it.`;
    }
    return recordsAhead === 0
      ? `Next to be read in ${place}; has waited ${duration(waitedMs)}.`
      : `Waits behind ${counted(recordsAhead, 'record')} in ${place}; has waited ${duration(waitedMs)}.`;
  },
};

function coupon(sequence: number | null): string {
  return sequence === null ? 'the coupon' : `#${count(sequence)}`;
}

function since(ms: number | null): string {
  return ms === null ? '' : ` since ${utcTimeToSecond(ms)}`;
}

function letterText({
  letter,
  wasReplayed,
  isDecided,
}: Extract<Reason, { code: 'DEAD_LETTERED' }>): string {
  const name =
    letter === null ? 'Its dead letter' : `Dead letter ${spelled(letter.partition, letter.offset)}`;
  if (isDecided) return `${name} came back and was decided.`;
  if (letter === null) return 'Its dead letter was not found.';
  return wasReplayed ? `${name} was replayed.` : `${name} was not replayed.`;
}

function spelled(partition: number, offset: bigint): string {
  return `${String(partition)}:${offset.toString()}`;
}

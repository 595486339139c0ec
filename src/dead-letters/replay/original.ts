/** What a replay sends of a letter: the record that died, byte for byte wherever that can be had. */
import { cutsIn, originalEvent, withoutOurs } from '../dead-letter.js';
import { originalHeaders, readLetterHeaders } from '../headers.js';
import { envelopeIn, type Envelope } from '../read.js';
import type { LogRecord } from '../../ports/log.js';

/**
 * The record that died, at the position where it did: from `origin`, the record at the letter's
 * origin position, where that is still the record that the letter is of; else from the letter. Null
 * where the letter does not have it whole.
 */
export function originalOf(letter: LogRecord, origin: LogRecord | null): LogRecord | null {
  const original =
    origin !== null && isOriginOf(letter, origin) ? origin : originalInLetter(letter);
  return original === null ? null : { ...original, headers: withoutOurs(original.headers) };
}

/**
 * Whether a record is the one that a letter is of, as far as the letter tells: a topic that was made
 * anew has others at the same offsets.
 */
export function isOriginOf(letter: LogRecord, record: LogRecord): boolean {
  const { originTimestamp } = readLetterHeaders(letter.headers);
  if (originTimestamp !== null && originTimestamp !== record.timestamp) return false;
  const envelope = envelopeIn(letter.value);
  if (envelope === null) {
    return sameBytes(letter.key, record.key) && sameBytes(letter.value, record.value);
  }
  const cuts = cutsIn(envelope.failureReason);
  if (!cuts.key && !sameBytes(letter.key, record.key)) return false;
  return cuts.value
    ? isBeginningOf(envelope.originalEvent, record.value)
    : isSameEvent(envelope.originalEvent, originalEvent(record.value));
}

/**
 * Exact, but for an original that the letter holds as a JSON object: that one is written out again,
 * the same JSON with other white space or escapes than it may have had.
 */
function originalInLetter(letter: LogRecord): LogRecord | null {
  const { origin, originTimestamp } = readLetterHeaders(letter.headers);
  const record: LogRecord = {
    ...letter,
    ...origin,
    timestamp: originTimestamp ?? letter.timestamp,
    headers: originalHeaders(letter.headers),
  };
  const envelope = envelopeIn(letter.value);
  if (envelope === null) return record;
  const cuts = cutsIn(envelope.failureReason);
  if (cuts.headers || cuts.key || cuts.value) return null;
  return { ...record, value: bytesOf(envelope) };
}

/** The value that dead-letter.ts made an originalEvent of. */
function bytesOf({ originalEvent: event, originalJson }: Envelope): Buffer | null {
  if (event === null) return null;
  if (typeof event === 'string') return Buffer.from(event, 'utf8');
  const decoded = base64In(event);
  // An original may itself be an object with such a field, but then it was text.
  return decoded !== null && isSameEvent(event, originalEvent(decoded))
    ? decoded
    : Buffer.from(originalJson, 'utf8');
}

function isBeginningOf(part: unknown, value: Buffer | null): boolean {
  const decoded = typeof part === 'string' ? Buffer.from(part, 'utf8') : base64In(part);
  return decoded !== null && value?.subarray(0, decoded.length).equals(decoded) === true;
}

function base64In(event: unknown): Buffer | null {
  return typeof event === 'object' &&
    event !== null &&
    'base64' in event &&
    typeof event.base64 === 'string'
    ? Buffer.from(event.base64, 'base64')
    : null;
}

/** Parsing keeps the order of keys, so that the same value gives the same JSON. */
function isSameEvent(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function sameBytes(a: Buffer | null, b: Buffer | null): boolean {
  return a === null || b === null ? a === b : a.equals(b);
}

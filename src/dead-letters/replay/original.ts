/** What a replay sends of a letter: the record that died, byte for byte wherever that can be had. */
import { cutsIn, TYPE_HEADER, withoutOurs } from '../dead-letter.js';
import { originalHeaders, readLetterHeaders } from '../headers.js';
import {
  couponIdIn,
  isBeginningOf,
  isSameEvent,
  originalEvent,
  originalValue,
} from '../original-value.js';
import { envelopeIn, type Envelope } from '../read.js';
import type { LogRecord } from '../../ports/log.js';

/**
 * The record that died, at the position where it did: from `origin`, the record at the letter's
 * origin position, where that is still the record that the letter is of; else from the letter. Null
 * where the letter does not have it whole.
 */
export function originalOf(letter: LogRecord, origin: LogRecord | null): LogRecord | null {
  return keptOriginal(letter, origin) ?? originalInLetter(letter);
}

/** Of these two the first: null where `origin` is another record than that of the letter. */
export function keptOriginal(letter: LogRecord, origin: LogRecord | null): LogRecord | null {
  return origin !== null && isOriginOf(letter, origin) ? asSent(origin) : null;
}

/** Of these two the second. */
export function originalInLetter(letter: LogRecord): LogRecord | null {
  const original = copyIn(letter);
  return original === null ? null : asSent(original);
}

function asSent(original: LogRecord): LogRecord {
  return { ...original, headers: withoutOurs(original.headers) };
}

/**
 * Whether a record is the one that a letter is of, as far as the letter says: a topic that was
 * deleted and recreated has others at the same offsets.
 */
export function isOriginOf(letter: LogRecord, record: LogRecord): boolean {
  const { originTimestamp } = readLetterHeaders(letter.headers);
  if (originTimestamp !== null && originTimestamp !== record.timestamp) return false;
  const envelope = envelopeIn(letter.value);
  if (envelope === null) {
    return sameBytes(letter.key, record.key) && sameBytes(letter.value, record.value);
  }
  const cuts = cutsIn(letter.headers, envelope.failureReason);
  if (!cuts.key && !sameBytes(letter.key, record.key)) return false;
  if (cuts.value) return isBeginningOf(envelope.originalEvent, record.value);
  return (
    isSameEvent(envelope.originalEvent, originalEvent(record.value)) ||
    sameBytes(valueIn(letter, envelope), record.value)
  );
}

/**
 * Exact, but for an original that the letter holds as a JSON object: that one is written out again,
 * the same JSON with other white space or escapes than it may have had. Behind Confluent's five
 * bytes it is exact as well.
 */
function copyIn(letter: LogRecord): LogRecord | null {
  const { writer, origin, originTimestamp } = readLetterHeaders(letter.headers);
  const record: LogRecord = {
    ...letter,
    ...origin,
    timestamp: originTimestamp ?? letter.timestamp,
    headers: originalHeaders(letter.headers),
  };
  const envelope = envelopeIn(letter.value);
  if (envelope === null) return record;
  const cuts = cutsIn(letter.headers, envelope.failureReason);
  if (cuts.headers || cuts.key || cuts.value) return null;
  const original = { ...record, value: valueIn(letter, envelope) };
  return writer === null ? outOfEnvelope(original, envelope) : original;
}

/**
 * The original of an envelope that another program wrote, and that has no headers of its origin: the
 * key may be missing there, and the header about the class is about the envelope.
 */
function outOfEnvelope(original: LogRecord, { originalEvent: event }: Envelope): LogRecord {
  const headers = Object.fromEntries(
    Object.entries(original.headers).filter(([name]) => name !== TYPE_HEADER),
  );
  const couponId = couponIdIn({ originalEvent: event, schemaId: null });
  const key = couponId === null ? null : Buffer.from(String(couponId));
  return { ...original, headers, key: original.key ?? key };
}

function valueIn({ headers }: LogRecord, { originalEvent: event, originalJson }: Envelope) {
  const { schemaId } = readLetterHeaders(headers);
  return originalValue({ originalEvent: event, schemaId }, originalJson);
}

function sameBytes(a: Buffer | null, b: Buffer | null): boolean {
  return a === null || b === null ? a === b : a.equals(b);
}

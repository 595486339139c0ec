/** The original as a dead letter carries it, and the value that it was. */
import { instantIn, type Instant } from '../coupon/instant.js';
import { losslessObject, memberText } from '../coupon/lossless-json.js';
import { FRAMING_BYTES, idIn, readJson, schemaIdOf } from '../coupon/request.js';

/** Bytes as JSON can have them. */
export type TextOrBase64 = string | { readonly base64: string };

export function textOrBase64(value: Buffer): TextOrBase64 {
  const text = value.toString('utf8');
  return Buffer.from(text, 'utf8').equals(value) ? text : { base64: value.toString('base64') };
}

/**
 * The original as a dead letter carries it: the object where the value is a JSON object that survives
 * parsing unchanged (numbers beyond 2^53 do not), else its text, else base64; null for no value.
 * Behind Confluent's five bytes, which a header keeps, it is an object only if a replay writes the
 * same bytes again.
 */
export function originalEvent(value: Buffer | null): unknown {
  if (value === null) return null;
  const shown = textOrBase64(value);
  if (schemaIdOf(value) !== null) return framedObject(value) ?? shown;
  return typeof shown === 'string' ? (losslessObject(shown) ?? shown) : shown;
}

function framedObject(value: Buffer): object | null {
  const json = value.subarray(FRAMING_BYTES);
  const object = losslessObject(json.toString('utf8'));
  return object !== null && json.equals(Buffer.from(JSON.stringify(object))) ? object : null;
}

/** An original as a dead letter has it. */
export interface Original {
  readonly originalEvent: unknown;
  /** Of Confluent's five bytes: an object stands behind them. Null where there are none. */
  readonly schemaId: number | null;
}

/**
 * The value that originalEvent was made of. Of an object it is the same JSON, perhaps with other
 * white space or escapes; `json` is its text where that is known.
 */
export function originalValue(
  { originalEvent: event, schemaId }: Original,
  json = JSON.stringify(event),
): Buffer | null {
  if (event === null) return null;
  if (typeof event === 'string') return Buffer.from(event, 'utf8');
  const decoded = base64In(event);
  // An original may itself be an object with such a field.
  if (decoded !== null && isSameEvent(event, originalEvent(decoded))) return decoded;
  const bytes = Buffer.from(json, 'utf8');
  return schemaId === null ? bytes : Buffer.concat([framing(schemaId), bytes]);
}

/** Whether a value begins with what a dead letter kept of it. */
export function isBeginningOf(part: unknown, value: Buffer | null): boolean {
  const decoded = typeof part === 'string' ? Buffer.from(part, 'utf8') : base64In(part);
  return decoded !== null && value?.subarray(0, decoded.length).equals(decoded) === true;
}

/** Parsing keeps the order of keys, so that the same value gives the same JSON. */
export function isSameEvent(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** The coupon that an original names, whether it is a whole request or not; null for none. */
export function couponIdIn(original: Original): number | null {
  return idOf(original, 'couponId');
}

const USER_ID = /"userId"\s*:\s*"?(\d{1,16})\b/;

/** Likewise the user; also in text that is not valid JSON. */
export function userIdIn(original: Original): number | null {
  const read = idOf(original, 'userId');
  if (read !== null) return read;
  const text = originalValue(original)?.toString('utf8') ?? '';
  return idIn(USER_ID.exec(text)?.[1]);
}

function idOf(original: Original, field: 'couponId' | 'userId'): number | null {
  const { originalEvent: event } = original;
  if (typeof event === 'object' && event !== null && field in event)
    return idIn(valueOf(event, field));
  const read = readJson(originalValue(original));
  if (!read.ok || typeof read.json !== 'object' || read.json === null) return null;
  return idIn(valueOf(read.json, field));
}

function valueOf(object: object, field: string): unknown {
  return (object as Readonly<Record<string, unknown>>)[field];
}

/** The time in a field of an original, where it is understood. */
export function instantOf(original: Original, field: 'occurredAt' | 'timestamp'): Instant | null {
  const read = readJson(originalValue(original));
  if (!read.ok) return null;
  try {
    const json = memberText(read.text, field) ?? 'null';
    // A number of seconds may have more digits than a double holds.
    return instantIn(/^\d/.test(json) ? json : JSON.parse(json));
  } catch {
    // It nests too deep.
    return null;
  }
}

function framing(schemaId: number): Buffer {
  const bytes = Buffer.alloc(FRAMING_BYTES);
  bytes.writeUInt32BE(schemaId, 1);
  return bytes;
}

function base64In(event: unknown): Buffer | null {
  return typeof event === 'object' &&
    event !== null &&
    'base64' in event &&
    typeof event.base64 === 'string'
    ? Buffer.from(event.base64, 'base64')
    : null;
}

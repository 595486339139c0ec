import { messageOf } from '../errors.js';
import { numberText } from './lossless-json.js';

export const EVENT_TYPE = 'COUPON_ISSUE_REQUESTED';

/**
 * What decides about a request. All else that its value holds (occurredAt, timestamp, unknown
 * fields) is carried along in the record and never looked at here.
 */
export interface CouponRequest {
  /** Names the request among those of this user for this coupon: the same three again are a repeat. */
  readonly eventId: string;
  readonly couponId: number;
  readonly userId: number;
}

/** A request as its value has it. */
export interface RequestValue extends Omit<CouponRequest, 'eventId'> {
  /** Null where the value has none: records/request-of.ts then takes a name from the record. */
  readonly eventId: string | null;
}

/** Every way to be malformed, as the header `coupon-dlq-reason` and `--reason` spell it. */
export const MALFORMED_CODES = [
  'EMPTY_VALUE',
  'INVALID_UTF8',
  'MALFORMED_JSON',
  'NOT_AN_OBJECT',
  'MISSING_FIELD',
  'WRONG_TYPE',
  'OUT_OF_RANGE',
  'INVALID_FORMAT',
  'UNKNOWN_EVENT_TYPE',
] as const;

export type MalformedCode = (typeof MALFORMED_CODES)[number];

/** Why a value is not a request: the first thing found wrong, in the order of its fields. */
export interface Malformed {
  readonly code: MalformedCode;
  readonly message: string;
}

/** A request, or why it is none. */
export type Parsed<Request = CouponRequest> =
  | { readonly ok: true; readonly request: Request }
  | { readonly ok: false; readonly malformed: Malformed };

type Failed = Extract<Parsed, { ok: false }>;

/** Jackson skips a byte order mark, and so do we. */
const BYTE_ORDER_MARK = 0xfeff;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads a record's value: JSON in UTF-8, with or without a byte order mark or Confluent's five bytes
 * before it. Never throws: what is wrong is a value, for the DLQ. Of a field that occurs twice the
 * last one counts, as in JSON.parse and in Jackson.
 */
export function parseRequest(value: Uint8Array | null): Parsed<RequestValue> {
  const read = readJson(value);
  return read.ok ? validateRequest(read.json, read.text) : read;
}

type ReadJson = { readonly ok: true; readonly json: unknown; readonly text: string } | Failed;

/** The JSON of a record's value, whatever it is, and its text. */
export function readJson(value: Uint8Array | null): ReadJson {
  if (value === null || value.length === 0) {
    return malformed('EMPTY_VALUE', 'the record has no value');
  }
  const schemaId = schemaIdOf(value);
  const after = schemaId === null ? '' : ` (after Confluent's schema id ${schemaId})`;
  let text: string;
  try {
    text = utf8.decode(schemaId === null ? value : value.subarray(FRAMING_BYTES));
  } catch {
    return malformed('INVALID_UTF8', `the value is not UTF-8 text${after}`);
  }
  if (text.charCodeAt(0) === BYTE_ORDER_MARK) text = text.slice(1);
  try {
    return { ok: true, json: JSON.parse(text), text };
  } catch (error) {
    const why = onOneLine(messageOf(error));
    return malformed('MALFORMED_JSON', `the value is not JSON${after}: ${why}`);
  }
}

/** Confluent's serializers write a zero byte and a schema id of 4 bytes before what they serialize. */
export const FRAMING_BYTES = 5;

/** The id of the schema in front of a value that Confluent's JSON Schema serializer wrote, else null. */
export function schemaIdOf(value: Uint8Array): number | null {
  // No JSON text starts with a zero byte.
  if (value.length <= FRAMING_BYTES || value[0] !== 0) return null;
  return new DataView(value.buffer, value.byteOffset, value.byteLength).getUint32(1);
}

/** Checks what was parsed already. `text` is what it was parsed from: it has the digits of a number. */
export function validateRequest(json: unknown, text?: string): Parsed<RequestValue> {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    return malformed('NOT_AN_OBJECT', `the value is ${typeName(json)}, not a JSON object`);
  }
  const fields = json as Readonly<Record<string, unknown>>;
  const { eventId = null, eventType = null } = fields;
  if (eventId !== null && !isEventId(eventId)) return wrongEventId(eventId);
  if (eventType !== null && eventType !== EVENT_TYPE) {
    const given = typeof eventType === 'string' ? excerpt(eventType) : typeName(eventType);
    return malformed('UNKNOWN_EVENT_TYPE', `eventType is ${given}, not "${EVENT_TYPE}"`);
  }
  const couponId = idIn(fields['couponId']);
  if (couponId === null) return wrongId(fields['couponId'], 'couponId', text);
  const userId = idIn(fields['userId']);
  if (userId === null) return wrongId(fields['userId'], 'userId', text);
  return { ok: true, request: { eventId, couponId, userId } };
}

/** An eventId is opaque, but it has to fit an index. */
const MAX_EVENT_ID_LENGTH = 200;

/**
 * Lone surrogates have no UTF-8: two eventIds that differ by them alone would be one in a store. And
 * control characters make one id look like another.
 */
const PRINTABLE = /^[^\p{Surrogate}\p{Control}]*$/u;

/** Whether this can name a request: a printable text of 1 to 200 characters. */
export function isEventId(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    value.length > 0 &&
    value.length <= MAX_EVENT_ID_LENGTH &&
    PRINTABLE.test(value)
  );
}

function wrongEventId(eventId: unknown): Failed {
  if (typeof eventId !== 'string') {
    return malformed('WRONG_TYPE', `eventId is ${typeName(eventId)}, not a string`);
  }
  const code = PRINTABLE.test(eventId) ? 'OUT_OF_RANGE' : 'INVALID_FORMAT';
  const wanted = `1 to ${MAX_EVENT_ID_LENGTH} printable characters`;
  return malformed(code, `eventId is ${excerpt(eventId)}, not ${wanted}`);
}

const DIGITS = /^\d+$/;

/**
 * An id as Jackson reads a Long: a JSON number, also one written as 42.0 or 4.2e1, or a string of
 * digits, leading zeros or not. Narrower than Jackson where that would guess: no fraction is cut
 * off, and a string may have no sign and no spaces. Null for anything else.
 */
export function idIn(given: unknown): number | null {
  const id = typeof given === 'string' && DIGITS.test(given) ? Number(given) : given;
  return typeof id === 'number' && Number.isSafeInteger(id) && id > 0 ? id : null;
}

function wrongId(given: unknown, name: 'couponId' | 'userId', text: string | undefined): Failed {
  if (given === undefined) return malformed('MISSING_FIELD', `${name} is missing`);
  if (typeof given !== 'number' && typeof given !== 'string') {
    return malformed('WRONG_TYPE', `${name} is ${typeName(given)}, not a number`);
  }
  const isNumber = typeof given === 'number' || DIGITS.test(given);
  const shown = typeof given === 'string' ? excerpt(given) : digitsOf(given, name, text);
  return malformed(
    isNumber ? 'OUT_OF_RANGE' : 'INVALID_FORMAT',
    `${name} is ${shown}, not an integer from 1 to 2^53 - 1`,
  );
}

function malformed(code: MalformedCode, message: string): Failed {
  return { ok: false, malformed: { code, message } };
}

function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

const MAX_EXCERPT_LENGTH = 60;

/** A string in quotes and cut, with its length. */
function excerpt(value: string): string {
  if (value.length <= MAX_EXCERPT_LENGTH) return JSON.stringify(value);
  return `${JSON.stringify(value.slice(0, MAX_EXCERPT_LENGTH))}... (${value.length} characters)`;
}

/** A number as it stands in the text: 9007199254740993 would become 9007199254740992. */
function digitsOf(given: number, name: string, text: string | undefined): string {
  const digits = (text === undefined ? null : numberText(text, name)) ?? String(given);
  if (digits.length <= MAX_EXCERPT_LENGTH) return digits;
  return `${digits.slice(0, MAX_EXCERPT_LENGTH)}... (${digits.length} characters)`;
}

/** The engine quotes the value in its message, line breaks and all. */
function onOneLine(message: string): string {
  return message.replace(/[\s\p{Control}]+/gu, ' ');
}

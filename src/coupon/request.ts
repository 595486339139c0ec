import { z } from 'zod';
import { messageOf } from '../errors.js';

export const EVENT_TYPE = 'COUPON_ISSUE_REQUESTED';

/** An eventId names a request once and for all; it is opaque, but it has to fit an index. */
const MAX_EVENT_ID_LENGTH = 200;

/**
 * Lone surrogates have no UTF-8: two eventIds that differ by them alone would be one in a store. And
 * control characters make one id look like another.
 */
const PRINTABLE = /^[^\p{Surrogate}\p{Control}]*$/u;

const id = z.int().positive();

const requestSchema = z.looseObject({
  eventId: z.string().min(1).max(MAX_EVENT_ID_LENGTH).regex(PRINTABLE),
  eventType: z.literal(EVENT_TYPE),
  occurredAt: z.iso.datetime({ offset: true, local: true }),
  couponId: id,
  userId: id,
  timestamp: z.int().nonnegative(),
});

/** A user asks for one coupon: the value of one record in `coupon-issue-requests`. */
export type CouponRequest = z.infer<typeof requestSchema>;

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

export type Parsed =
  | { readonly ok: true; readonly request: CouponRequest }
  | { readonly ok: false; readonly malformed: Malformed };

const BYTE_ORDER_MARK = '\ufeff';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const malformed = (code: MalformedCode, message: string): Parsed => ({
  ok: false,
  malformed: { code, message },
});

/** Reads a record's value (JSON, UTF-8). Never throws: what is wrong is a value, for the DLQ. */
export function parseRequest(value: Uint8Array | null): Parsed {
  if (value === null || value.length === 0) {
    return malformed('EMPTY_VALUE', 'the record has no value');
  }
  let text: string;
  try {
    text = utf8.decode(value);
  } catch {
    return malformed('INVALID_UTF8', 'the value is not UTF-8 text');
  }
  if (text.startsWith(BYTE_ORDER_MARK)) {
    return malformed(
      'MALFORMED_JSON',
      'the value starts with a byte order mark, which is not JSON',
    );
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return malformed('MALFORMED_JSON', `the value is not JSON: ${onOneLine(messageOf(error))}`);
  }
  return validateRequest(json);
}

/** Checks what was parsed already, as a line of a file is. Unknown extra fields are kept. */
export function validateRequest(json: unknown): Parsed {
  const result = requestSchema.safeParse(json);
  if (result.success) return { ok: true, request: result.data };
  const issue = result.error.issues[0];
  return issue === undefined
    ? malformed('NOT_AN_OBJECT', 'the value is not a request')
    : malformed(...describe(issue, json));
}

function describe(issue: z.core.$ZodIssue, json: unknown): [MalformedCode, string] {
  const field = issue.path.join('.');
  if (!isField(field)) {
    return ['NOT_AN_OBJECT', `the value is ${typeName(json)}, not a JSON object`];
  }
  const given = (json as Record<string, unknown>)[field];
  if (given === undefined) return ['MISSING_FIELD', `${field} is missing`];
  const { type, range } = FIELDS[field];
  if (typeof given !== type) {
    return ['WRONG_TYPE', `${field} is ${typeName(given)}, not a ${type}`];
  }
  switch (issue.code) {
    // zod calls 1.5 and 1e400 wrong types; to a reader they are numbers out of range.
    case 'invalid_type':
    case 'too_small':
    case 'too_big':
      return ['OUT_OF_RANGE', `${field} is ${excerpt(given)}, not ${range}`];
    case 'invalid_value':
      return ['UNKNOWN_EVENT_TYPE', `${field} is ${excerpt(given)}, not ${range}`];
    default:
      return ['INVALID_FORMAT', `${field} is ${excerpt(given)}, not ${range}`];
  }
}

/** What a field should be, in words. */
const FIELDS = {
  eventId: { type: 'string', range: `1 to ${MAX_EVENT_ID_LENGTH} printable characters` },
  eventType: { type: 'string', range: `"${EVENT_TYPE}"` },
  occurredAt: { type: 'string', range: 'an ISO 8601 date and time' },
  couponId: { type: 'number', range: 'an integer from 1 to 2^53 - 1' },
  userId: { type: 'number', range: 'an integer from 1 to 2^53 - 1' },
  timestamp: { type: 'number', range: 'milliseconds since the epoch' },
} as const;

function isField(name: string): name is keyof typeof FIELDS {
  return Object.hasOwn(FIELDS, name);
}

function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

/** A string in quotes and cut, with its length; a number as it is. */
function excerpt(value: unknown): string {
  if (typeof value !== 'string') return String(value);
  const MAX_LENGTH = 60;
  if (value.length <= MAX_LENGTH) return JSON.stringify(value);
  return `${JSON.stringify(value.slice(0, MAX_LENGTH))}... (${value.length} characters)`;
}

/** The engine quotes the value in its message, line breaks and all. */
function onOneLine(message: string): string {
  return message.replace(/[\s\p{Control}]+/gu, ' ');
}

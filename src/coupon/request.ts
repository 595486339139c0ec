import { z } from 'zod';

export const EVENT_TYPE = 'COUPON_ISSUE_REQUESTED';

/** An eventId names a request once and for all; it is opaque, but it has to fit an index. */
const MAX_EVENT_ID_LENGTH = 200;

const id = z.int().positive();

const requestSchema = z.looseObject({
  eventId: z.string().min(1).max(MAX_EVENT_ID_LENGTH),
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
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return malformed('MALFORMED_JSON', `the value is not JSON: ${(error as Error).message}`);
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
  if (field === '') {
    return ['NOT_AN_OBJECT', `the value is ${typeName(json)}, not a JSON object`];
  }
  const given = (json as Record<string, unknown>)[field];
  if (given === undefined) return ['MISSING_FIELD', `${field} is missing`];
  switch (issue.code) {
    case 'invalid_type':
      // zod calls 1.5 and 1e400 wrong types of number; to a reader they are numbers out of range.
      return typeof given === 'number'
        ? ['OUT_OF_RANGE', `${field} is ${String(given)}, not ${RANGES[field] ?? 'in range'}`]
        : ['WRONG_TYPE', `${field} is ${typeName(given)}, not ${issue.expected}`];
    case 'too_small':
    case 'too_big':
      return ['OUT_OF_RANGE', `${field} is ${shorten(given)}, not ${RANGES[field] ?? 'in range'}`];
    case 'invalid_value':
      return typeof given === 'string'
        ? ['UNKNOWN_EVENT_TYPE', `${field} is ${shorten(given)}, not "${EVENT_TYPE}"`]
        : ['WRONG_TYPE', `${field} is ${typeName(given)}, not string`];
    default:
      return ['INVALID_FORMAT', `${field} is ${shorten(given)}, not an ISO 8601 time`];
  }
}

const RANGES: Readonly<Record<string, string>> = {
  eventId: `1 to ${MAX_EVENT_ID_LENGTH} characters long`,
  couponId: 'an integer from 1 to 2^53 - 1',
  userId: 'an integer from 1 to 2^53 - 1',
  timestamp: 'milliseconds since the epoch',
};

function typeName(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'an array' : `a ${typeof value}`;
}

function shorten(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length <= 60 ? text : `${text.slice(0, 57)}...`;
}

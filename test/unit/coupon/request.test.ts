import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  MALFORMED_CODES,
  parseRequest,
  validateRequest,
  type Malformed,
} from '../../../src/coupon/request.js';

const GOOD = {
  eventId: '7f9c24e8-3b12-4fef-91e0-56a2d5a1c2b3',
  eventType: 'COUPON_ISSUE_REQUESTED',
  occurredAt: '2026-11-22T23:06:46Z',
  couponId: 1,
  userId: 42,
  timestamp: 1_700_000_000_000,
};

const MAX = Number.MAX_SAFE_INTEGER;

const parse = (text: string) => parseRequest(Buffer.from(text));

const parseWith = (fields: object) => parse(JSON.stringify({ ...GOOD, ...fields }));

/** The good request's text, with a number in it that JSON.stringify would not write. */
const parseWithUserId = (digits: string) =>
  parse(JSON.stringify(GOOD).replace('"userId":42', `"userId":${digits}`));

function malformed(code: Malformed['code'], message: string | RegExp): object {
  const matcher: unknown = typeof message === 'string' ? message : expect.stringMatching(message);
  return { ok: false, malformed: { code, message: matcher } };
}

describe('a request', () => {
  it('is read as it was sent', () => {
    expect(parse(JSON.stringify(GOOD))).toEqual({ ok: true, request: GOOD });
  });

  it('keeps fields that nobody asked for', () => {
    const extra = { campaign: { name: 'Frühling' }, tags: [1, null], toString: 'x' };

    expect(parseWith(extra)).toEqual({ ok: true, request: { ...GOOD, ...extra } });
  });

  it.each([
    ['UTC', '2026-11-22T23:06:46Z'],
    ['milliseconds', '2026-11-22T23:06:46.123Z'],
    ['a Java Instant’s nanoseconds', '2026-11-22T23:06:46.123456789Z'],
    ['an offset', '2026-11-22T23:06:46+09:00'],
    ['no zone, as of a Java LocalDateTime', '2026-11-22T23:06:46.123'],
  ])('may have occurred at a time with %s', (_, occurredAt) => {
    expect(parseWith({ occurredAt })).toMatchObject({ ok: true, request: { occurredAt } });
  });

  it.each([
    { couponId: MAX, userId: MAX },
    { timestamp: 0 },
    { eventId: 'x' },
    { eventId: 'é'.repeat(200) },
    { eventId: '🎉 order 7' },
  ])('may go to the limits: %j', (fields) => {
    expect(parseWith(fields)).toMatchObject({ ok: true, request: fields });
  });

  it('takes nothing from a field named __proto__', () => {
    const text = JSON.stringify(GOOD);

    const hidden = parse(`{"__proto__":${text}}`);
    const shadowed = parse(text.replace('{', '{"__proto__":{"couponId":9,"admin":true},'));

    expect(hidden).toEqual(malformed('MISSING_FIELD', 'eventId is missing'));
    expect(shadowed).toMatchObject({ ok: true, request: { couponId: 1 } });
    expect(shadowed.ok && 'admin' in shadowed.request).toBe(false);
    expect('admin' in {}).toBe(false);
  });
});

describe('a malformed value', () => {
  it.each([
    ['none at all', null],
    ['no bytes', new Uint8Array()],
  ])('of %s is empty', (_, value) => {
    expect(parseRequest(value)).toEqual(malformed('EMPTY_VALUE', 'the record has no value'));
  });

  it.each([
    ['a lone byte', Buffer.from([0xff])],
    ['a cut character', Buffer.from('{"eventId":"é').subarray(0, -1)],
    ['a surrogate in UTF-8', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])],
    ['UTF-16', Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('{}', 'utf16le')])],
  ])('of %s is not UTF-8', (_, value) => {
    expect(parseRequest(value)).toEqual(malformed('INVALID_UTF8', 'the value is not UTF-8 text'));
  });

  it.each([
    ['is cut off', '{"eventId":"a', /^the value is not JSON: /],
    ['is a word', 'hello', /^the value is not JSON: .*hello/],
    ['is blank', ' ', /^the value is not JSON: /],
    ['has two documents', '{}{}', /^the value is not JSON: /],
    ['has a number that is none', '{"couponId":NaN}', /^the value is not JSON: /],
    ['starts with a byte order mark', '\ufeff{}', /starts with a byte order mark/],
    ['is nested without end', '['.repeat(100_000), /^the value is not JSON: /],
  ])('that %s is not JSON', (_, text, message) => {
    expect(parse(text)).toEqual(malformed('MALFORMED_JSON', message));
  });

  it('is described on one short line, whatever is in it', () => {
    const parsed = parse(`{\n\t"couponId": 1,\r\n\u0007 oops ${'x'.repeat(10_000)}`);

    expect(parsed).toEqual(malformed('MALFORMED_JSON', /^[\P{Control}]{1,200}$/u));
  });

  it.each([
    ['[]', 'an array'],
    [`[${JSON.stringify(GOOD)}]`, 'an array'],
    ['1', 'a number'],
    ['"text"', 'a string'],
    ['true', 'a boolean'],
    ['null', 'null'],
  ])('%s is not an object', (text, what) => {
    const message = `the value is ${what}, not a JSON object`;

    expect(parse(text)).toEqual(malformed('NOT_AN_OBJECT', message));
  });

  it.each(Object.keys(GOOD))('lacks %s', (field) => {
    expect(parseWith({ [field]: undefined })).toEqual(
      malformed('MISSING_FIELD', `${field} is missing`),
    );
  });

  it.each([
    [{ eventId: 7 }, 'eventId is a number, not a string'],
    [{ eventId: null }, 'eventId is null, not a string'],
    [{ eventType: ['x'] }, 'eventType is an array, not a string'],
    [{ occurredAt: 1_700_000_000 }, 'occurredAt is a number, not a string'],
    [{ couponId: '1' }, 'couponId is a string, not a number'],
    [{ couponId: null }, 'couponId is null, not a number'],
    [{ userId: {} }, 'userId is an object, not a number'],
    [{ timestamp: true }, 'timestamp is a boolean, not a number'],
  ])('has the wrong type in %j', (fields, message) => {
    expect(parseWith(fields)).toEqual(malformed('WRONG_TYPE', message));
  });

  it.each([
    [{ couponId: 0 }, 'couponId is 0, not an integer from 1 to 2^53 - 1'],
    [{ userId: -1 }, 'userId is -1, not an integer from 1 to 2^53 - 1'],
    [{ userId: 1.5 }, 'userId is 1.5, not an integer from 1 to 2^53 - 1'],
    [{ userId: MAX + 1 }, 'userId is 9007199254740992, not an integer from 1 to 2^53 - 1'],
    [{ timestamp: -1 }, 'timestamp is -1, not milliseconds since the epoch'],
    [{ timestamp: 1.5 }, 'timestamp is 1.5, not milliseconds since the epoch'],
    [{ eventId: '' }, 'eventId is "", not 1 to 200 printable characters'],
  ])('is out of range in %j', (fields, message) => {
    expect(parseWith(fields)).toEqual(malformed('OUT_OF_RANGE', message));
  });

  it.each(['9007199254740993', '123456789012345678901234567890', '1e400', '-1e400', '1e-400'])(
    'is out of range with a userId of %s',
    (digits) => {
      expect(parseWithUserId(digits)).toEqual(malformed('OUT_OF_RANGE', /^userId is /));
    },
  );

  it('shows a long text cut, with its length', () => {
    expect(parseWith({ eventId: 'x'.repeat(201) })).toEqual(
      malformed('OUT_OF_RANGE', /^eventId is "x{60}"\.\.\. \(201 characters\), not 1 to 200/),
    );
  });

  it.each([
    [{ occurredAt: 'yesterday' }, /^occurredAt is "yesterday", not an ISO 8601 date and time$/],
    [{ occurredAt: '2026-11-22' }, /not an ISO 8601/],
    [{ occurredAt: '2026-13-22T23:06:46Z' }, /not an ISO 8601/],
    [{ occurredAt: '2026-02-30T00:00:00Z' }, /not an ISO 8601/],
    [{ occurredAt: '22/Nov/2026 23:06:46' }, /not an ISO 8601/],
    // Two ids that differ in a lone surrogate only would be one in UTF-8.
    [{ eventId: 'a\ud800' }, /not 1 to 200 printable characters$/],
    [{ eventId: 'a\u0000b' }, /not 1 to 200 printable characters$/],
  ])('has the wrong format in %j', (fields, message) => {
    expect(parseWith(fields)).toEqual(malformed('INVALID_FORMAT', message));
  });

  it('is of another event type', () => {
    expect(parseWith({ eventType: 'ORDER_CREATED' })).toEqual(
      malformed('UNKNOWN_EVENT_TYPE', 'eventType is "ORDER_CREATED", not "COUPON_ISSUE_REQUESTED"'),
    );
  });

  it('is named after the first field that is wrong', () => {
    expect(parse('{"couponId":0,"eventType":7,"eventId":"a"}')).toEqual(
      malformed('WRONG_TYPE', 'eventType is a number, not a string'),
    );
  });
});

describe('whatever comes', () => {
  it('bytes never throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        expect(parseRequest(bytes).ok).toBe(false);
      }),
    );
  });

  it('any JSON is a request or one of the malformed codes, on one line', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(...Object.keys(GOOD)), (value, field) => {
        for (const json of [value, { ...GOOD, [field]: value }]) {
          const text = JSON.stringify(json);
          const parsed = parse(text);
          // Not of `json` itself: JSON writes -0 as 0.
          expect(validateRequest(JSON.parse(text))).toEqual(parsed);
          if (parsed.ok) continue;
          expect(MALFORMED_CODES).toContain(parsed.malformed.code);
          expect(parsed.malformed.message).not.toMatch(/[\r\n]/);
        }
      }),
    );
  });

  it('every well-formed request is read back', () => {
    const id = fc.integer({ min: 1, max: MAX });
    const request = fc.record({
      eventId: fc.uuid(),
      eventType: fc.constant(GOOD.eventType),
      occurredAt: fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('9999-12-31') }),
      couponId: id,
      userId: id,
      timestamp: fc.nat(),
    });
    fc.assert(
      fc.property(request, (fields) => {
        const sent = { ...fields, occurredAt: fields.occurredAt.toISOString() };
        expect(parse(JSON.stringify(sent))).toEqual({ ok: true, request: sent });
      }),
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  MALFORMED_CODES,
  parseRequest,
  schemaIdOf,
  validateRequest,
  type Malformed,
} from '../../../src/coupon/request.js';
import { SPRING_EVENT_ID, springRequest } from '../../support/requests.js';

const GOOD = {
  eventId: '7f9c24e8-3b12-4fef-91e0-56a2d5a1c2b3',
  eventType: 'COUPON_ISSUE_REQUESTED',
  occurredAt: '2026-11-22T23:06:46Z',
  couponId: 1,
  userId: 42,
  timestamp: 1_700_000_000_000,
};

/** What is read of it. */
const ASKED = { eventId: GOOD.eventId, couponId: 1, userId: 42 };

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
  it('is read as far as it decides', () => {
    expect(parse(JSON.stringify(GOOD))).toEqual({ ok: true, request: ASKED });
  });

  it('of a Spring system has times as arrays', () => {
    const text = springRequest(42);
    const eventId = SPRING_EVENT_ID;
    expect(parse(text)).toEqual({ ok: true, request: { ...ASKED, eventId } });
  });

  it.each(
    ['occurredAt', 'timestamp'].flatMap((field) =>
      [
        undefined,
        null,
        'yesterday',
        '2026-11-22T23:06:46.123456789Z',
        '2026-11-27T00:38:36.004557251',
        1_795_739_916_004,
        1795739916.004557,
        -1,
        1e300,
        [2026, 11, 27, 0, 38],
        [2026, 11, 27, 0, 38, 36],
        [],
        {},
        true,
      ].map((value) => ({ [field]: value })),
    ),
  )('is one whatever its times are: %j', (fields) => {
    expect(parseWith(fields)).toEqual({ ok: true, request: ASKED });
  });

  it('needs couponId and userId alone', () => {
    const request = { eventId: null, couponId: 1, userId: 42 };
    expect(parse('{"couponId":1,"userId":42}')).toEqual({ ok: true, request });
    expect(parseWith({ eventId: null, eventType: null })).toEqual({ ok: true, request });
  });

  it('may have other fields', () => {
    const extra = { campaign: { name: 'Frühling' }, tags: [1, null], toString: 'x' };

    expect(parseWith(extra)).toEqual({ ok: true, request: ASKED });
  });

  it.each([
    ['"42"', 42],
    ['"0042"', 42],
    ['42.0', 42],
    ['4.2e1', 42],
    ['42', 42],
    [`"${MAX}"`, MAX],
    [`"${'0'.repeat(30)}7"`, 7],
  ])('may have the id %s', (digits, userId) => {
    expect(parseWithUserId(digits)).toEqual({ ok: true, request: { ...ASKED, userId } });
  });

  it.each([
    { couponId: MAX, userId: MAX },
    { eventId: 'x' },
    { eventId: 'é'.repeat(200) },
    { eventId: '🎉 order 7' },
  ])('may go to the limits: %j', (fields) => {
    expect(parseWith(fields)).toEqual({ ok: true, request: { ...ASKED, ...fields } });
  });

  it('takes nothing from a field named __proto__', () => {
    const text = JSON.stringify(GOOD);

    const hidden = parse(`{"__proto__":${text}}`);
    const shadowed = parse(text.replace('{', '{"__proto__":{"couponId":9,"admin":true},'));

    expect(hidden).toEqual(malformed('MISSING_FIELD', 'couponId is missing'));
    expect(shadowed).toEqual({ ok: true, request: ASKED });
    expect('admin' in {}).toBe(false);
  });

  it('has the last value of a field that occurs twice', () => {
    const text = '{"couponId":0,"couponId":1,"userId":9007199254740993,"userId":42}';
    expect(parse(text)).toMatchObject({ ok: true, request: { couponId: 1, userId: 42 } });
  });

  it('may start with a byte order mark, as Jackson reads it', () => {
    expect(parse(`\ufeff${JSON.stringify(GOOD)}`)).toEqual({ ok: true, request: ASKED });
  });
});

/** What Confluent's JSON Schema serializer writes: a zero byte, a schema id of 4 bytes, JSON. */
const framed = (schemaId: number, text: string) => {
  const framing = Buffer.alloc(5);
  framing.writeUInt32BE(schemaId, 1);
  return Buffer.concat([framing, Buffer.from(text)]);
};

describe('a request behind Confluent’s five bytes', () => {
  it.each([0, 42, 255, 2 ** 32 - 1])('is read, whatever the schema id: %d', (schemaId) => {
    const value = framed(schemaId, JSON.stringify(GOOD));
    expect(parseRequest(value)).toEqual({ ok: true, request: ASKED });
    expect(schemaIdOf(value)).toBe(schemaId);
  });

  it('is read where it is part of a larger buffer', () => {
    const value = framed(42, JSON.stringify(GOOD));
    const within = Buffer.concat([Buffer.from('xx'), value]).subarray(2);
    expect(schemaIdOf(within)).toBe(42);
    expect(parseRequest(within)).toEqual({ ok: true, request: ASKED });
  });

  it.each([
    ['Avro', Buffer.from([0x02, 0x80, 0xff]), 'INVALID_UTF8', /after Confluent's schema id 42/],
    ['Protobuf', Buffer.from([0, 8, 1]), 'MALFORMED_JSON', /after Confluent's schema id 42/],
  ])('is named with its schema id where %s follows', (_, rest, code, message) => {
    const value = Buffer.concat([framed(42, ''), rest]);
    expect(parseRequest(value)).toMatchObject({
      ok: false,
      malformed: { code, message: expect.stringMatching(message) as string },
    });
  });

  it('is none where nothing follows', () => {
    expect(parseRequest(framed(42, ''))).toMatchObject({ ok: false });
    expect(schemaIdOf(framed(42, ''))).toBeNull();
    expect(schemaIdOf(Buffer.from(JSON.stringify(GOOD)))).toBeNull();
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
    ['has two byte order marks', '\ufeff\ufeff{}', /^the value is not JSON: /],
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

  it.each(['couponId', 'userId'])('lacks %s', (field) => {
    expect(parseWith({ [field]: undefined })).toEqual(
      malformed('MISSING_FIELD', `${field} is missing`),
    );
  });

  it.each([
    [{ eventId: 7 }, 'eventId is a number, not a string'],
    [{ eventId: {} }, 'eventId is an object, not a string'],
    [{ couponId: null }, 'couponId is null, not a number'],
    [{ userId: {} }, 'userId is an object, not a number'],
    [{ couponId: true }, 'couponId is a boolean, not a number'],
  ])('has the wrong type in %j', (fields, message) => {
    expect(parseWith(fields)).toEqual(malformed('WRONG_TYPE', message));
  });

  it.each([
    [{ couponId: 0 }, 'couponId is 0, not an integer from 1 to 2^53 - 1'],
    [{ userId: -1 }, 'userId is -1, not an integer from 1 to 2^53 - 1'],
    [{ userId: 1.5 }, 'userId is 1.5, not an integer from 1 to 2^53 - 1'],
    [{ userId: MAX + 1 }, 'userId is 9007199254740992, not an integer from 1 to 2^53 - 1'],
    [{ userId: '0' }, 'userId is "0", not an integer from 1 to 2^53 - 1'],
    [
      { userId: '9007199254740993' },
      'userId is "9007199254740993", not an integer from 1 to 2^53 - 1',
    ],
    [{ eventId: '' }, 'eventId is "", not 1 to 200 printable characters'],
  ])('is out of range in %j', (fields, message) => {
    expect(parseWith(fields)).toEqual(malformed('OUT_OF_RANGE', message));
  });

  it.each(['9007199254740993', '123456789012345678901234567890', '1e400', '-1e400', '1e-400'])(
    'is out of range with a userId of %s, and shows it as it stands',
    (digits) => {
      const message = `userId is ${digits}, not an integer from 1 to 2^53 - 1`;
      expect(parseWithUserId(digits)).toEqual(malformed('OUT_OF_RANGE', message));
    },
  );

  it('shows the digits also where the rest nests deep, or of the last of two', () => {
    const nested = `{"couponId":1,"deep":${'['.repeat(1000)}${']'.repeat(1000)},"userId":1,"userId":9007199254740993}`;
    expect(parse(nested)).toEqual(malformed('OUT_OF_RANGE', /^userId is 9007199254740993, /));
    const deep = nested.replace('[', '['.repeat(100_000)).replace(']', ']'.repeat(100_000));
    expect(parse(deep)).toEqual(malformed('OUT_OF_RANGE', /^userId is 900719925474099\d, /));
  });

  it('shows a long number cut, with its length', () => {
    expect(parseWithUserId('9'.repeat(1000))).toEqual(
      malformed('OUT_OF_RANGE', /^userId is 9{60}\.\.\. \(1000 characters\), not/),
    );
  });

  it('shows a long text cut, with its length', () => {
    expect(parseWith({ eventId: 'x'.repeat(201) })).toEqual(
      malformed('OUT_OF_RANGE', /^eventId is "x{60}"\.\.\. \(201 characters\), not 1 to 200/),
    );
  });

  it.each([
    [{ couponId: 'abc' }, /^couponId is "abc", not an integer from 1 to 2\^53 - 1$/],
    [{ couponId: '' }, /^couponId is "", not an integer/],
    [{ userId: '-1' }, /^userId is "-1", not an integer/],
    [{ userId: '+1' }, /^userId is "\+1", not an integer/],
    [{ userId: ' 1' }, /^userId is " 1", not an integer/],
    [{ userId: '1.0' }, /^userId is "1.0", not an integer/],
    [{ userId: '１' }, /^userId is "１", not an integer/],
    [{ userId: 'x'.repeat(100) }, /^userId is "x{60}"\.\.\. \(100 characters\), not/],
    // Two ids that differ in a lone surrogate only would be one in UTF-8.
    [{ eventId: 'a\ud800' }, /not 1 to 200 printable characters$/],
    [{ eventId: 'a\u0000b' }, /not 1 to 200 printable characters$/],
  ])('has the wrong format in %j', (fields, message) => {
    expect(parseWith(fields)).toEqual(malformed('INVALID_FORMAT', message));
  });

  it.each([
    ['ORDER_CREATED', '"ORDER_CREATED"'],
    ['', '""'],
    [7, 'a number'],
    [['COUPON_ISSUE_REQUESTED'], 'an array'],
  ])('is of another event type: %j', (eventType, shown) => {
    expect(parseWith({ eventType, couponId: undefined })).toEqual(
      malformed('UNKNOWN_EVENT_TYPE', `eventType is ${shown}, not "COUPON_ISSUE_REQUESTED"`),
    );
  });

  it('is named after the first field that is wrong', () => {
    expect(parse('{"couponId":0,"eventType":"x","eventId":7}')).toEqual(
      malformed('WRONG_TYPE', 'eventId is a number, not a string'),
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
          expect(validateRequest(JSON.parse(text), text)).toEqual(parsed);
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
        const { eventId, couponId, userId } = sent;
        const request = { eventId, couponId, userId };
        expect(parse(JSON.stringify(sent))).toEqual({ ok: true, request });
      }),
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRequest } from '../../../src/coupon/request.js';
import { readRequest, usualRequest } from '../../../src/coupon/usual-request.js';
import { encode, newRequest } from '../../../src/produce/request-generator.js';
import { SPRING_EVENT_ID, springRequest } from '../../support/requests.js';

const WRITTEN = newRequest(7, 42, 1_795_739_916_004);

/** JSON texts for a field's value: usual ones, and those that only nearly are. */
const ID = fc.oneof(
  fc.maxSafeNat().map(String),
  fc.bigInt(0n, 2n ** 70n).map(String),
  fc.constantFrom('0', '-1', '007', '4.2e1', '42.0', '"42"', 'null', '', '+1', '4２', ' 42'),
);
const TEXT = fc.oneof(
  fc.string({ unit: 'grapheme' }).map((text) => JSON.stringify(text)),
  fc.string({ unit: 'binary' }).map((text) => JSON.stringify(text)),
  fc.string({ unit: 'binary' }).map((text) => `"${text}"`),
  fc.constantFrom('', '""', 'null', '1', '"a\\u0041"', '"\\ud800"', '"\u007f"', '"\\""'),
  fc.constantFrom(199, 200, 201).map((length) => JSON.stringify('x'.repeat(length))),
);
const TIME = fc.oneof(
  TEXT,
  ID,
  fc.constantFrom('[]', '[2026,11,27]', '[2026,]', '[,1]', '[01]', '[[1]]', '[1,"2"]', '[1 ]'),
);
const TYPE = fc.constantFrom('"ELSE"', 'null', '3');

/** Mostly usual, so that what is odd stands alone. */
const mostly = (usual: fc.Arbitrary<string>, odd: fc.Arbitrary<string>) =>
  fc.oneof({ weight: 5, arbitrary: usual }, { weight: 1, arbitrary: odd });

const NEARLY_USUAL = fc
  .record({
    eventId: mostly(
      fc.uuid().map((id) => `"${id}"`),
      TEXT,
    ),
    eventType: mostly(fc.constant(JSON.stringify(WRITTEN.eventType)), TYPE),
    occurredAt: mostly(fc.constant('"2026-11-27T00:38:36.004Z"'), TIME),
    couponId: mostly(fc.nat().map(String), ID),
    userId: mostly(fc.nat().map(String), ID),
    timestamp: mostly(fc.constant('1795739916004'), ID),
  })
  .map(
    (fields) =>
      `{${Object.entries(fields)
        .map(([name, text]) => `"${name}":${text}`)
        .join()}}`,
  );

/** A usual value of which some bytes were replaced, left out or added. */
const DAMAGED = fc
  .array(fc.record({ at: fc.nat(300), cut: fc.nat(2), bytes: fc.uint8Array({ maxLength: 2 }) }), {
    minLength: 1,
    maxLength: 3,
  })
  .map((changes) =>
    changes.reduce<Buffer>(
      (value, { at, cut, bytes }) =>
        Buffer.concat([value.subarray(0, at), bytes, value.subarray(at + cut)]),
      encode(WRITTEN),
    ),
  );

describe('the quick way to read a request', () => {
  it('takes what produce writes', () => {
    const { eventId } = WRITTEN;
    expect(usualRequest(encode(WRITTEN))).toEqual({ eventId, couponId: 7, userId: 42 });
  });

  it('takes what a Spring system writes', () => {
    const request = { eventId: SPRING_EVENT_ID, couponId: 1, userId: 42 };
    expect(usualRequest(Buffer.from(springRequest(42)))).toEqual(request);
  });

  it('gives what parsing gives, for values that are nearly usual', () => {
    fc.assert(
      fc.property(NEARLY_USUAL, (text) => {
        const value = Buffer.from(text);
        expect(readRequest(value)).toEqual(parseRequest(value));
      }),
      { numRuns: 3000 },
    );
  });

  it('gives what parsing gives, for damaged values', () => {
    fc.assert(
      fc.property(DAMAGED, (value) => {
        expect(readRequest(value)).toEqual(parseRequest(value));
      }),
      { numRuns: 3000 },
    );
  });

  it.each([
    ['a field twice', '"couponId":7,', '"couponId":7,"couponId":8,'],
    ['a number that a double does not hold', '"userId":42', '"userId":9007199254740993'],
    ['an escape within a text', '"eventId":"', '"eventId":"\\u0041'],
    ['a line end after it', '}', '}\n'],
    ['a line end within a text', '"occurredAt":"', '"occurredAt":"\n'],
    ['a byte order mark', '{', '\ufeff{'],
    ['a schema id before it', '{', '\0\0\0\0\u0007{'],
  ])('gives what parsing gives: %s', (_what, from, to) => {
    const value = Buffer.from(JSON.stringify(WRITTEN).replace(from, to));
    expect(value.equals(encode(WRITTEN))).toBe(false);
    expect(readRequest(value)).toEqual(parseRequest(value));
  });

  it('gives what parsing gives: no value, and an empty one', () => {
    expect(readRequest(null)).toEqual(parseRequest(null));
    expect(readRequest(Buffer.alloc(0))).toEqual(parseRequest(Buffer.alloc(0)));
  });
});

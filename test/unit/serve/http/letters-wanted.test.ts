import { describe, expect, it } from 'vitest';
import {
  filterOfBody,
  letterPosition,
  lettersWantedBy,
} from '../../../../src/serve/http/letters-wanted.js';

const wanted = (query: string) => lettersWantedBy(new URLSearchParams(query));
const badRequest = (message: string | RegExp) =>
  expect.objectContaining({
    status: 400,
    code: 'BAD_REQUEST',
    message: expect.stringMatching(message) as string,
  }) as Error;

describe('the letters that a query asks for', () => {
  it('are the newest 50 where it says nothing', () => {
    expect(wanted('')).toEqual({ filter: {}, before: null, limit: 50 });
  });

  it('are those of each field that it gives', () => {
    expect(
      wanted(
        'reason=MALFORMED_JSON&coupon=7&partition=0&text=a%26b&sinceMs=1&untilMs=2&before=0%3A9&limit=100',
      ),
    ).toEqual({
      filter: {
        reason: 'MALFORMED_JSON',
        coupon: 7,
        partition: 0,
        text: 'a&b',
        sinceMs: 1,
        untilMs: 2,
      },
      before: '0:9',
      limit: 100,
    });
  });

  it.each([
    ['coupon=0', '"coupon" must be an integer from 1 to 2\\^53 - 1.'],
    ['coupon=1e3', '"coupon"'],
    ['coupon=', '"coupon"'],
    ['coupon=9007199254740993', '"coupon"'],
    ['partition=-1', '"partition"'],
    ['sinceMs=yesterday', '"sinceMs"'],
    ['limit=101', '"limit" must be an integer from 1 to 100.'],
    ['limit=0', '"limit"'],
    ['reason=', '"reason"'],
    [`text=${'x'.repeat(501)}`, '"text" must be a text of 1 to 500 characters.'],
    ['coupon=1&coupon=2', '"coupon" is given twice'],
    ['user=1', 'no parameter "user"'],
    ['__proto__=1', 'no parameter "__proto__"'],
    ['constructor=1', 'no parameter "constructor"'],
  ])('%s is refused', (query, message) => {
    expect(() => wanted(query)).toThrow(badRequest(message));
  });
});

describe('the filter of a replay', () => {
  it('is in the body; all letters where it is empty', () => {
    expect(filterOfBody({ filter: { coupon: 7, reason: 'X' } })).toEqual({
      coupon: 7,
      reason: 'X',
    });
    expect(filterOfBody({ filter: {} })).toEqual({});
    expect(filterOfBody({})).toEqual({});
  });

  it.each([
    [null],
    [[]],
    ['text'],
    [{ filter: null }],
    [{ filter: [] }],
    [{ filter: { coupon: true } }],
    [{ filter: { coupon: 1.5 } }],
    [{ filter: { text: 5 } }],
    [{ filter: { before: 'x' } }],
    [{ filter: {}, all: true }],
    [JSON.parse('{"filter":{"__proto__":{"coupon":1}}}')],
  ])('is refused as %j', (body: unknown) => {
    expect(() => filterOfBody(body)).toThrow(badRequest(/./));
  });
});

describe('the position of a letter', () => {
  it('is its partition and its offset, however large', () => {
    expect(letterPosition('0:42')).toEqual({ partition: 0, offset: 42n });
    expect(letterPosition('12:9223372036854775807').offset).toBe(9_223_372_036_854_775_807n);
  });

  it.each(['', '0', '0:', ':1', '0:-1', '0:1:2', '../0:1', '0:1\0', '0x1:1', ' 0:1'])(
    '%j is none',
    (text) => {
      expect(() => letterPosition(text)).toThrow(badRequest('<partition>:<offset>'));
    },
  );
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { losslessObject, memberText } from '../../../src/coupon/lossless-json.js';

describe('an object that survives parsing', () => {
  it.each([
    '{}',
    '{"a":1,"b":[true,null,{"a":"x"}]}',
    '{"n":9007199254740991}',
    '{"n":-9007199254740991}',
    '{"n":0.1}',
    '{"n":1.0}',
    '{"n":1e3}',
    '{"n":1.5E-7}',
    '{"n":0e999999}',
    String.raw`{"a\"b":"\u0041 \\ \n \ud83d\ude00"}`,
    '{"text":"12345678901234567890 \\"a\\": {"}',
  ])('is given as it is: %s', (text) => {
    expect(losslessObject(text)).toEqual(JSON.parse(text));
  });

  it('is given, whatever it is', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 5 })), (value) => {
        const text = JSON.stringify(value);
        // Integers beyond 2^53 are refused even where a double happens to hold them.
        fc.pre(!/(?<![.\d])\d{16,}(?![.\d])/.test(text));
        expect(losslessObject(text)).toEqual(JSON.parse(text));
      }),
    );
  });
});

describe('what parsing would change', () => {
  it.each([
    ['a number beyond 2^53', '{"n":9007199254740993}'],
    ['one deep inside', '{"a":[{"b":[12345678901234567890]}]}'],
    ['too many digits', '{"n":0.12345678901234567890}'],
    ['too large for a double', '{"n":1e400}'],
    ['too small for a double', '{"n":1e-400}'],
    ['digits that a subnormal loses', '{"n":1.23456789e-320}'],
    ['a key that occurs twice', '{"a":1,"a":2}'],
    ['the same key in two spellings', String.raw`{"a":1,"\u0061":2}`],
    ['__proto__', '{"__proto__":1,"__proto__":2}'],
    ['half a surrogate pair', String.raw`{"a":"\ud83d"}`],
    ['half a surrogate pair in a key', String.raw`{"\uDE00":1}`],
    ['an array', '[1]'],
    ['a string', '"x"'],
    ['null', 'null'],
    ['nothing', ''],
    ['a byte order mark', '\uFEFF{}'],
    ['no JSON', '{"a":'],
  ])('is no object: %s', (_what, text) => {
    expect(losslessObject(text)).toBeNull();
  });

  it('is no object where it is nested so deep that writing it would fail', () => {
    const deep = (levels: number) => `{"a":${'['.repeat(levels)}${']'.repeat(levels)}}`;
    expect(losslessObject(deep(10))).not.toBeNull();
    expect(losslessObject(deep(200_000))).toBeNull();
  });

  it('is told of texts of many megabytes', () => {
    const text = JSON.stringify({ a: 'x"\\'.repeat(5_000_000) });
    expect(losslessObject(text) === null).toBe(false);
  });
});

describe('the text of a member', () => {
  it.each([
    [
      '{"a":1,"b" : {"n": 12345678901234567890, "m":1.50, "a":[1,"}"]} ,"c":"x"}',
      '{"n":12345678901234567890,"m":1.50,"a":[1,"}"]}',
    ],
    ['{"b":"x\\"y"}', '"x\\"y"'],
    ['{"a":{"b":1},"b":2}', '2'],
    [String.raw`{"\u0062":[1, 2]}`, '[1,2]'],
    ['{"b":1,"b":2,"c":3}', '2'],
    ['{"a":"b","c":["b",1]}', null],
    ['{}', null],
  ])('has its numbers as they stand in %s', (text, expected) => {
    expect(memberText(text, 'b')).toBe(expected);
  });

  it('parses as the member does, whatever it is', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.nat(4), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        for (const [name, member] of Object.entries(JSON.parse(text) as object)) {
          expect(JSON.parse(memberText(text, name) ?? '')).toEqual(member);
        }
      }),
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  byteaArray,
  int2Array,
  int4Array,
  int8Array,
  textArray,
} from '../../../../src/store/postgres/connection/binary-array.js';

const header = (hasNull: number, oid: number, length: number) =>
  [1, hasNull, oid, length, 1].map((word) => word.toString(16).padStart(8, '0')).join('');

describe('an array in PostgreSQL’s binary format', () => {
  it('of 64 bits takes numbers and bigints, below zero as well', () => {
    expect(int8Array([1, null, -1, 2n ** 63n - 1n]).toString('hex')).toBe(
      `${header(1, 20, 4)}00000008${'0'.repeat(15)}1ffffffff00000008${'f'.repeat(16)}000000087${'f'.repeat(15)}`,
    );
  });

  it('holds each safe integer as it is', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (value) => {
        expect(int8Array([value])).toEqual(int8Array([BigInt(value)]));
      }),
    );
  });

  it('refuses what has more than 64 bits', () => {
    expect(() => int8Array([2n ** 63n])).toThrow(RangeError);
  });

  it('of fewer bits is as narrow as its values', () => {
    expect(int4Array([-2]).toString('hex')).toBe(`${header(0, 23, 1)}00000004fffffffe`);
    expect(int2Array([7, null]).toString('hex')).toBe(`${header(1, 21, 2)}000000020007ffffffff`);
  });

  it('of bytes and of text has their length before each', () => {
    expect(byteaArray([Buffer.from('ab'), null, Buffer.alloc(0)]).toString('hex')).toBe(
      `${header(1, 17, 3)}000000026162ffffffff00000000`,
    );
    expect(textArray(['é', '']).toString('hex')).toBe(`${header(0, 25, 2)}00000002c3a900000000`);
  });

  it('may be empty', () => {
    expect(int8Array([]).toString('hex')).toBe(header(0, 20, 0));
  });
});

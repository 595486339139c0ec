import { expect, it } from 'vitest';
import { fromHeaders, toHeaders } from '../../../src/kafka/log/record.js';

it('headers come in as bytes: one, several of a name, text, or none', () => {
  const given = { one: Buffer.from([0xff]), many: [Buffer.from('a'), 'b'], text: 'x' };
  expect(toHeaders(given)).toEqual({
    one: Buffer.from([0xff]),
    many: [Buffer.from('a'), Buffer.from('b')],
    text: Buffer.from('x'),
  });
  expect(toHeaders(undefined)).toEqual({});
});

it('a header without a value, which kafkajs gives as null, is an empty one', () => {
  const given = { empty: null } as unknown as Parameters<typeof toHeaders>[0];
  expect(toHeaders(given)).toEqual({ empty: Buffer.alloc(0) });
});

it('headers go out as they came in', () => {
  const headers = { one: Buffer.from('1'), many: [Buffer.from('a'), Buffer.from('b')] };
  expect(toHeaders(fromHeaders(headers))).toEqual(headers);
});

it('a header may have a name that every object inherits, which kafkajs takes for a value of it', () => {
  const decoded = [
    ['__proto__', [Object.prototype, Buffer.from('a')]],
    ['constructor', [Object, Buffer.from('b'), null]],
  ] as const;
  const given = Object.fromEntries(decoded) as unknown as Parameters<typeof toHeaders>[0];
  expect(Object.entries(toHeaders(given))).toEqual([
    ['__proto__', Buffer.from('a')],
    ['constructor', [Buffer.from('b'), Buffer.alloc(0)]],
  ]);
});

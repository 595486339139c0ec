import { expect, it } from 'vitest';
import { count, duration, pairs, table } from '../../../src/output/table.js';

it('a table has aligned columns, no border, no colour and no trailing blanks', () => {
  const text = table(
    [{ title: 'TOPIC' }, { title: 'LAG', align: 'right' }],
    [
      ['a', 5],
      ['long-name', 12345n],
      ['unknown', null],
    ],
  );
  expect(text).toBe(
    ['TOPIC        LAG', 'a              5', 'long-name  12345', 'unknown        -'].join('\n'),
  );
});

it('a table without rows has its titles', () => {
  expect(table([{ title: 'A' }, { title: 'B' }], [])).toBe('A  B');
});

it('pairs are aligned; what is not known is a dash', () => {
  expect(
    pairs([
      ['a', 1],
      ['longer', null],
    ]),
  ).toBe('a       1\nlonger  -');
});

it.each([
  [0, '0'],
  [999, '999'],
  [1000, '1,000'],
  [12_345.6, '12,346'],
])('count of %d is %s', (value, text) => {
  expect(count(value)).toBe(text);
});

it.each([
  [0, '0 ms'],
  [999.4, '999 ms'],
  [999.6, '1.0 s'],
  [1000, '1.0 s'],
  [59_940, '59.9 s'],
  [59_999, '1 min 0 s'],
  [60_000, '1 min 0 s'],
  [119_700, '2 min 0 s'],
  [250_000, '4 min 10 s'],
])('duration of %d ms is %s', (ms, text) => {
  expect(duration(ms)).toBe(text);
});

import { describe, expect, it } from 'vitest';
import { pairs, table } from '../../../src/output/table.js';

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

describe('a table that is wider than its terminal', () => {
  const columns = [
    { title: 'COUPON', align: 'right' },
    { title: 'NAME', tight: 'fold' },
    { title: 'EVENT', tight: 'clip' },
  ] as const;
  const rows = [[1, '블랙프라이데이 선착순 쿠폰', '17bae57b-46c9-482e-9e34-141323ec3ea1']];

  it('goes on below in some columns, and ends others in an ellipsis', () => {
    expect(table(columns, rows, 40)).toBe(
      [
        'COUPON  NAME            EVENT',
        '     1  블랙프라이데이  17bae57b-46c9-4…',
        '        선착순 쿠폰',
      ].join('\n'),
    );
  });

  it('leaves out a column that is empty before another one shrinks', () => {
    const list = [
      { title: 'COUPON', align: 'right' },
      { title: 'FROM (UTC)', tight: 'fold', mayGo: true },
      { title: 'UNTIL (UTC)', tight: 'fold', mayGo: true },
    ] as const;
    const cells = [
      [1, null, '2027-01-01 09:00'],
      [2, null, null],
    ];
    expect(table(list, cells, 30, '`show`')).toBe(
      ['COUPON  UNTIL (UTC)', '     1  2027-01-01 09:00', '     2  -'].join('\n'),
    );
    expect(table(list, cells, 36, '`show`')).toContain('FROM (UTC)');
  });

  it('leaves out what it can do without, and says where everything is', () => {
    const list = [
      { title: 'COUPON', align: 'right' },
      { title: 'NAME', tight: 'clip' },
      { title: 'LEFT', align: 'right', mayGo: true },
      { title: 'UNTIL', tight: 'fold', mayGo: true },
    ] as const;
    const cells = [[123_456_789_012_345, 'Black Friday', 12_345_678, '2027-01-01 09:00']];
    expect(table(list, cells, 40, '`show`')).toBe(
      [
        '         COUPON  NAME         UNTIL',
        '123456789012345  Black Frid…  2027-01-01',
        '                              09:00',
        'To fit: NAME cut; LEFT left out. Run',
        '  `show` for the full value.',
      ].join('\n'),
    );
    expect(table(list, cells, 80, '`show`')).not.toContain('To fit');
  });

  it('gives what folding does not need to what would be cut', () => {
    const list = [
      { title: 'NAME', tight: 'clip' },
      { title: 'UNTIL', tight: 'fold' },
    ] as const;
    expect(table(list, [['Black Friday 2026', '2027-01-01 09:00']], 29)).toBe(
      [
        'NAME               UNTIL',
        'Black Friday 2026  2027-01-01',
        '                   09:00',
      ].join('\n'),
    );
  });

  it('is whole in a pipe', () => {
    expect(table(columns, rows)).toContain('블랙프라이데이 선착순 쿠폰  17bae57b-46c9-482e-9e34-1');
  });

  it('never touches what must be whole', () => {
    expect(table([{ title: 'TOPIC' }], [['coupon-issue-requests']], 8)).toContain(
      'coupon-issue-requests',
    );
  });
});

it('what came from anywhere can not steer the terminal, and colours stay', () => {
  const cells = ['\u001b[2Jgone', '\u001b[31mred\u001b[39m', 'a\nb'];
  const shown = table([{ title: 'A' }, { title: 'B' }, { title: 'C' }], [cells]);
  expect(shown).toContain('�[2Jgone  \u001b[31mred\u001b[39m  a�b');
  expect(pairs([['a', '\u001b[2J']])).toBe('a  �[2J');
});

it('pairs go on below themselves', () => {
  expect(pairs([['fact', 'one two three']], 14)).toBe('fact  one two\n      three');
});

it('pairs are aligned; what is not known is a dash', () => {
  expect(
    pairs([
      ['a', 1],
      ['longer', null],
    ]),
  ).toBe('a       1\nlonger  -');
});

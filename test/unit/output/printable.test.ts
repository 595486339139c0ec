import { expect, test } from 'vitest';
import { toJson } from '../../../src/output/output.js';
import { printable } from '../../../src/output/printable.js';
import { table } from '../../../src/output/table.js';

const FAMILY = '👨\u200d👩\u200d👧';

test.each([
  ['a space of no width', 'a\u200bb'],
  ['a joiner between letters', 'a\u200db'],
  ['a mark that writes from right to left', 'a\u200fb'],
  ['a mark of Arabic letters', 'a\u061cb'],
  ['a byte order mark', 'a\ufeffb'],
  ['a soft hyphen', 'a\u00adb'],
  ['a tag, which no font shows', 'a\u{e0041}b'],
])('%s is seen', (_name, text) => {
  expect(printable(text)).toBe('a�b');
  expect(table([{ title: 'NAME' }], [[text]])).toContain('a�b');
});

test('what has several parts stays together', () => {
  expect(printable(FAMILY)).toBe(FAMILY);
  expect(printable('👍🏽\u200d👍')).toBe('👍🏽\u200d👍');
  expect(printable('✍\ufe0f')).toBe('✍\ufe0f');
});

test('Hangul in parts, as from a Mac, takes the columns of whole syllables', () => {
  const name = '선착순 쿠폰';
  const drawn = table(
    [{ title: 'NAME' }, { title: 'ISSUED' }],
    [
      [name, 1],
      [name.normalize('NFD'), 2],
    ],
  );
  const [, whole, parts] = drawn.split('\n');
  expect(parts?.replace('2', '1')).toBe(whole);
});

test('JSON keeps every character, those that are not seen as escapes', () => {
  const text = `a\u200b\u{e0041}${FAMILY}${'한글'.normalize('NFD')}`;
  const json = toJson({ text }, 0);
  expect(json).toContain(`a\\u200b\\udb40\\udc41${FAMILY}`);
  expect(JSON.parse(json)).toEqual({ text });
});

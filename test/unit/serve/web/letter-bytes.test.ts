import { expect, test } from 'vitest';
import { shownAs } from '../../../../src/serve/web/letters/bytes.js';

test('text can be seen as the bytes it is made of', () => {
  const bytes = { text: '쿠폰 ☂', sizeBytes: 10, isCut: false };
  expect(shownAs(bytes, 'text')).toBe('쿠폰 ☂');
  expect(shownAs(bytes, 'base64')).toBe(Buffer.from('쿠폰 ☂').toString('base64'));
});

test('what is no text is base64 only', () => {
  const bytes = { base64: '/w==', sizeBytes: 1, isCut: false };
  expect(shownAs(bytes, 'text')).toBeNull();
  expect(shownAs(bytes, 'base64')).toBe('/w==');
});

test('a megabyte of text has base64 as well', () => {
  const text = 'x'.repeat(1_000_000);
  const bytes = { text, sizeBytes: text.length, isCut: false };
  expect(shownAs(bytes, 'base64')).toBe(Buffer.from(text).toString('base64'));
});

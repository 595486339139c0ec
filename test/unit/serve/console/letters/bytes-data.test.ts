import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { bytesDataOf, MOST_BYTES } from '../../../../../src/serve/console/letters/bytes-data.js';
import { clipped } from '../../../../../src/text/clipped.js';

describe('bytes on the page', () => {
  it.each([
    ['plain', 'plain'],
    ['tabs and line breaks', '{\n\t"a": 1\r\n}'],
    ['Korean', '재고 소진'],
    ['markup', '<script>alert(1)</script>'],
    ['nothing', ''],
  ])('are text: %s', (_what, text) => {
    const sizeBytes = Buffer.byteLength(text);
    expect(bytesDataOf(Buffer.from(text))).toEqual({ text, sizeBytes, isCut: false });
  });

  it.each([
    ['NUL', Buffer.from('a\0b')],
    ['an escape sequence of a terminal', Buffer.from('\x1b[31mred')],
    ['a C1 control character', Buffer.from('\u009b31m')],
    ['DEL', Buffer.from('\x7f')],
    ['what is not UTF-8', Buffer.from([0xff, 0xfe])],
    ['a lone surrogate, as some encode it', Buffer.from([0xed, 0xa0, 0x80])],
    ['half a character', Buffer.from('재').subarray(0, 2)],
  ])('are base64: %s', (_what, bytes) => {
    const base64 = bytes.toString('base64');
    expect(bytesDataOf(bytes)).toEqual({ base64, sizeBytes: bytes.length, isCut: false });
  });

  it('are cut where they are many, between two characters', () => {
    for (const character of ['a', 'é', '재', '🎫']) {
      for (const shift of [0, 1, 2, 3]) {
        const bytes = Buffer.from('x'.repeat(shift) + character.repeat(MOST_BYTES + 1));
        const cut = bytesDataOf(bytes);
        expect(cut).toMatchObject({ sizeBytes: bytes.length, isCut: true });
        const text = 'text' in cut ? cut.text : '';
        expect(bytes.toString().startsWith(text)).toBe(true);
        expect(Buffer.byteLength(text)).toBeGreaterThan(MOST_BYTES - 4);
      }
    }
    const binary = bytesDataOf(Buffer.alloc(MOST_BYTES + 1, 0xff));
    expect(Buffer.from('base64' in binary ? binary.base64 : '', 'base64')).toEqual(
      Buffer.alloc(MOST_BYTES, 0xff),
    );
  });

  it('are the same bytes again, whatever they are', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (array) => {
        const data = bytesDataOf(Buffer.from(array));
        const back = 'text' in data ? Buffer.from(data.text) : Buffer.from(data.base64, 'base64');
        expect(back.equals(Buffer.from(array))).toBe(true);
      }),
    );
  });
});

describe('a clipped text', () => {
  it('is the text where it is short, else its beginning', () => {
    expect(clipped('abc', 3)).toBe('abc');
    expect(clipped('abcd', 3)).toBe('abc…');
  });

  it('never ends in half a character', () => {
    expect(clipped('a🎫🎫', 2)).toBe('a…');
    expect(clipped('a🎫🎫', 3)).toBe('a🎫…');
  });
});

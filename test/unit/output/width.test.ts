import { describe, expect, it } from 'vitest';
import { clip, displayWidth, fold } from '../../../src/output/width.js';

const NAME = '블랙프라이데이 쿠폰 50%';
const RED = '\u001b[31mSTOPPED\u001b[39m';

it('a Korean, Chinese or Japanese character takes two columns, a colour and a mark none', () => {
  expect(displayWidth(NAME)).toBe(14 + 1 + 4 + 1 + 3);
  expect(['漢字', 'カナ', 'ｶﾅ', 'é', 'e\u0301', '→', '😀', '가'].map(displayWidth)).toEqual([
    4, 4, 2, 1, 1, 1, 2, 2,
  ]);
  expect(displayWidth(RED)).toBe(7);
});

describe('a clipped text', () => {
  it('is as it was where it fits', () => {
    expect([clip('abc', 3), clip(NAME, 23), clip(RED, 7)]).toEqual(['abc', NAME, RED]);
  });

  it('ends in an ellipsis and takes no more columns than there are', () => {
    expect(clip('abcdef', 4)).toBe('abc…');
    expect(clip(NAME, 6)).toBe('블랙…');
    expect(displayWidth(clip(NAME, 6))).toBeLessThanOrEqual(6);
  });

  it('ends between two characters, however many code points they have', () => {
    const family = '👨\u200d👩\u200d👧';
    expect(clip(family.repeat(3), 4)).toBe(`${family}…`);
    expect(clip('e\u0301e\u0301e\u0301', 2)).toBe('e\u0301…');
    expect(clip('한글'.normalize('NFD'), 3)).toBe(`${'한'.normalize('NFD')}…`);
  });

  it('still ends its colours', () => {
    expect(clip(`${RED} now`, 4)).toBe('\u001b[31mSTO…\u001b[39m');
  });
});

describe('a folded text', () => {
  it('breaks at spaces', () => {
    expect(fold('one two three', 9)).toEqual(['one two', 'three']);
    expect(fold('블랙프라이데이 쿠폰', 14)).toEqual(['블랙프라이데이', '쿠폰']);
  });

  it('breaks a word that is too long after punctuation, else anywhere', () => {
    expect(fold('kafka-1.eu:9092,kafka-2.eu:9092', 16)).toEqual([
      'kafka-1.eu:9092,',
      'kafka-2.eu:9092',
    ]);
    expect(fold('a abcdefghij', 4)).toEqual(['a', 'abcd', 'efgh', 'ij']);
  });

  it('may be a megabyte long', () => {
    for (const text of ['h'.repeat(1e6), 'words '.repeat(2e5).trim()]) {
      expect(fold(text, Infinity)).toEqual([text]);
      expect(fold(text, 78).join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
    }
  });

  it('loses nothing', () => {
    const text = `${NAME} nightly-campaign-reconciliation  a`;
    for (let columns = 2; columns < 40; columns += 1) {
      const lines = fold(text, columns);
      expect(Math.max(...lines.map(displayWidth))).toBeLessThanOrEqual(columns);
      expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
    }
  });
});

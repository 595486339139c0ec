import { describe, expect, it } from 'vitest';
import { languageFor, wordsOf } from '../../../../src/serve/web/language/language.js';
import { pieces } from '../../../../src/serve/web/language/sentence.js';

describe('the language of the page', () => {
  it('is what was chosen, else the first of the browser that there is, else English', () => {
    expect(languageFor(null, ['ko-KR', 'en'])).toBe('ko');
    expect(languageFor(null, ['fr', 'en-GB', 'ko'])).toBe('en');
    expect(languageFor(null, ['fr'])).toBe('en');
    expect(languageFor('en', ['ko-KR'])).toBe('en');
    expect(languageFor('xx', ['ko-KR'])).toBe('ko');
  });

  it('says everything in each language: no text is missing or left in English', () => {
    const en = texts(wordsOf('en'));
    const ko = texts(wordsOf('ko'));
    expect([...ko.keys()]).toEqual([...en.keys()]);
    for (const [key, text] of ko)
      expect(text, key).toMatch(SAME_IN_BOTH.has(key) ? /./ : /[가-힣]|^$/);
  });

  it('tells commands from text', () => {
    expect(pieces('Start `coupons consume`, then wait.')).toEqual([
      { text: 'Start ', isCode: false },
      { text: 'coupons consume', isCode: true },
      { text: ', then wait.', isCode: false },
    ]);
    expect(pieces('a lone ` stays')).toEqual([{ text: 'a lone ` stays', isCode: false }]);
  });

  it('says how long something took', () => {
    const { duration, age } = wordsOf('ko').figures;
    expect([12, 3240, 250_000, 7_500_000, 615_600_000].map(duration)).toEqual([
      ...['12ms', '3.2초', '4분 10초', '2시간 5분', '7일 3시간'],
    ]);
    expect([12_900, 250_000, 7_500_000, 615_600_000].map(age)).toEqual([
      ...['12초', '4분', '2시간', '7일'],
    ]);
    expect([12_900, 250_000, 7_500_000, 615_600_000].map(wordsOf('en').figures.age)).toEqual([
      ...['12 s', '4 min', '2 h', '7 days'],
    ]);
  });
});

/** Names and Kafka's own terms. */
const SAME_IN_BOTH = new Set([
  'shell.title',
  'verdict.lag',
  'charts.lag',
  'partitions.lag',
  'letters.asBase64',
  'figures.duration',
  'figures.axisDuration',
]);

/** Each text by its key; what takes figures, with figures. */
function texts(words: object, prefix = ''): Map<string, string> {
  return new Map(
    Object.entries(words).flatMap(([key, value]: [string, unknown]) => {
      const name = prefix + key;
      if (typeof value === 'function') return [[name, (value as (figure: number) => string)(1)]];
      if (typeof value === 'string') return [[name, value]];
      return [...texts(value as object, `${name}.`)];
    }),
  );
}

/** The languages of the page, and which of them a viewer gets. */
import { en, type Words } from './en/words.js';
import { ko } from './ko/words.js';

export const LANGUAGES = ['en', 'ko'] as const;
export type Language = (typeof LANGUAGES)[number];

/** By name in their own language. */
export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = { en: 'English', ko: '한국어' };

export function wordsOf(language: Language): Words {
  return language === 'ko' ? ko : en;
}

/** What was chosen, else the first of the browser's languages that there is, else English. */
export function languageFor(chosen: string | null, wanted: readonly string[]): Language {
  const known = [...(chosen === null ? [] : [chosen]), ...wanted].map((tag) => tag.split('-')[0]);
  return LANGUAGES.find((language) => language === known.find(isLanguage)) ?? 'en';
}

function isLanguage(tag: string | undefined): tag is Language {
  return LANGUAGES.some((language) => language === tag);
}

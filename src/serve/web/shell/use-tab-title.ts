import { useEffect } from 'preact/hooks';
import type { Tone } from '../tone.js';
import { usePage } from '../page.js';
import { useJudged } from '../verdict/use-judged.js';
import { headlineOf } from '../verdict/sentences.js';

const ICONS: Readonly<Record<Tone, string>> = {
  good: '/assets/icon.svg',
  neutral: '/assets/icon.svg',
  caution: '/assets/icon-caution.svg',
  bad: '/assets/icon-bad.svg',
};

/** The browser's tab says the verdict, also while another one is in front. */
export function useTabTitle(): void {
  const { words } = usePage();
  const judged = useJudged();
  const { title } = words.shell;
  const text = judged === null ? title : `${headlineOf(judged.code, words)} · ${title}`;
  const icon = ICONS[judged?.tone ?? 'neutral'];
  useEffect(() => {
    document.title = text;
  }, [text]);
  useEffect(() => {
    document.querySelector('link[rel=icon]')?.setAttribute('href', icon);
  }, [icon]);
}

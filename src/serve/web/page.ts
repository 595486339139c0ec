/** What every component of the page has at hand: what is known, and the viewer's language. */
import { createContext } from 'preact';
import { useContext, useEffect, useState } from 'preact/hooks';
import type { Worded } from '../../words/languages.js';
import type { Clock } from './format/time.js';
import type { Words } from './language/en/words.js';
import type { Language } from './language/language.js';
import type { Known, KnownName, PageState } from './state.js';

export interface Page {
  readonly state: PageState;
  readonly language: Language;
  readonly words: Words;
  readonly clock: Clock;
}

export const PageContext = createContext<Page | null>(null);

export function usePage(): Page {
  const page = useContext(PageContext);
  if (page === null) throw new Error('Outside of the page.');
  return page;
}

/** The latest of it; the component is drawn again when it changes. */
export function useKnown<Name extends KnownName>(name: Name): Known[Name] | undefined {
  const { state } = usePage();
  const [, setDrawn] = useState(0);
  const shown = state.get(name);
  useEffect(() => {
    const draw = (): void => setDrawn((times) => times + 1);
    // It may have changed between drawing and this.
    if (state.get(name) !== shown) draw();
    return state.subscribe(name, draw);
  }, [state, name]);
  return shown;
}

/** In the viewer's language. */
export function useSay(): (text: Worded) => string {
  const { language } = usePage();
  return (text) => text[language];
}

import { useEffect, useState } from 'preact/hooks';
import type { LetterFilterData, LetterPage, LetterRow } from '../../console/wire/letters.js';
import type { Failure } from '../../console/wire/part.js';
import { get } from '../api.js';
import { filterOf } from './filter.js';
import type { Asked } from './use-asked.js';

/** Letters a page of the table. */
const PAGE_LETTERS = 12;

export interface Loaded {
  readonly letters: readonly LetterRow[];
  /** Of the next page; null: there is none, or it is not known yet. */
  readonly next: string | null;
  readonly isLoading: boolean;
  /** Records that the search has not looked at yet. */
  readonly left: number;
  readonly failure: Failure | null;
}

const NOTHING: Loaded = { letters: [], next: null, isLoading: true, left: 0, failure: null };

/**
 * A page of letters, newest first; those that were there before stay until the new ones are here. Asks until the page is
 * full, for the server answers early where few letters match.
 */
export function useLetters({ fields, nowMs, pages }: Asked): Loaded {
  const [loaded, setLoaded] = useState<Loaded>(NOTHING);
  useEffect(() => {
    const filter = filterOf(fields, nowMs);
    if (filter === null) return;
    const gone = new AbortController();
    setLoaded((present) => ({ ...present, isLoading: true, failure: null }));
    void load(filter, pages.at(-1) ?? null, gone.signal, setLoaded);
    return () => gone.abort();
  }, [fields, nowMs, pages]);
  return loaded;
}

async function load(
  filter: LetterFilterData,
  first: string | null,
  signal: AbortSignal,
  show: (loaded: Loaded) => void,
): Promise<void> {
  let letters: readonly LetterRow[] = [];
  let before = first;
  do {
    const answer = await get<LetterPage>(
      '/api/letters',
      {
        ...filter,
        limit: PAGE_LETTERS - letters.length,
        ...(before === null ? {} : { before }),
      },
      signal,
    );
    if (signal.aborted) return;
    if (answer.failure !== null) {
      show({ letters, next: before, isLoading: false, left: 0, failure: answer.failure });
      return;
    }
    const { next, left } = answer.data;
    letters = [...letters, ...answer.data.letters];
    before = next;
    const isLoading = next !== null && letters.length < PAGE_LETTERS;
    show({ letters, next, isLoading, left, failure: null });
  } while (before !== null && letters.length < PAGE_LETTERS);
}

import { useState } from 'preact/hooks';
import { useKnown } from '../page.js';
import type { FilterFields } from './filter.js';

/** What the table shows, or waits for. */
export interface Asked {
  readonly fields: FilterFields;
  /** When it was asked: the filter's span counts from here. */
  readonly nowMs: number;
  /** How many letters the DLQ had then; fewer where some were purged since. */
  readonly total: number;
  /** Where each page but the first begins, up to the present one. */
  readonly pages: readonly string[];
}

/** Other fields ask again, from the first page on. */
export function useAsked(
  fields: FilterFields,
  total: number,
): {
  readonly asked: Asked;
  readonly askAgain: () => void;
  readonly setPages: (pages: readonly string[]) => void;
} {
  const nowMs = useKnown('beat')?.atMs ?? Date.now();
  const fresh: Asked = { fields, nowMs, total, pages: [] };
  const [asked, setAsked] = useState(fresh);
  if (asked.fields !== fields) setAsked(fresh);
  else if (total < asked.total) setAsked({ ...asked, total });
  return {
    asked,
    askAgain: () => setAsked(fresh),
    setPages: (pages) => setAsked({ ...asked, pages }),
  };
}

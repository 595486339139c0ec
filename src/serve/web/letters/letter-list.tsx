import { useMemo, useState } from 'preact/hooks';
import { count } from '../../../text/figures.js';
import { FailureNote } from '../components/failure-note.js';
import { Table } from '../components/table.js';
import { usePage } from '../page.js';
import type { FilterFields } from './filter.js';
import { letterColumns } from './letter-columns.js';
import { LetterDialog } from './letter-dialog.js';
import { useAsked } from './use-asked.js';
import { useLetters } from './use-letters.js';
import { positionOf } from './position.js';

interface LetterListProps {
  readonly fields: FilterFields;
  /** In the DLQ now. */
  readonly total: number;
}

/** The letters that match, by pages. New ones do not push those that are being read: they wait to be asked for. */
export function LetterList({ fields, total }: LetterListProps) {
  const { words, clock } = usePage();
  const { asked, askAgain, setPages } = useAsked(fields, total);
  const { letters, next, isLoading, left, failure } = useLetters(asked);
  const [open, setOpen] = useState<string | null>(null);
  const columns = useMemo(() => letterColumns(words, clock, setOpen), [words, clock]);
  return (
    <>
      <Fresh isThere={total > asked.total} onShow={askAgain} />
      {failure !== null && <FailureNote failure={failure} />}
      <div class="letters" aria-busy={isLoading}>
        {letters.length > 0 && (
          <Table label={words.letters.title} columns={columns} rows={letters} keyOf={positionOf} />
        )}
      </div>
      {letters.length === 0 && !isLoading && failure === null && (
        <p class="empty">{words.letters.noMatch}</p>
      )}
      {isLoading && left > 0 && <p class="quiet">{words.letters.searching(count(left))}</p>}
      <Pages pages={asked.pages} {...{ next, setPages }} />
      {open !== null && (
        <LetterDialog
          position={open}
          among={letters}
          onMove={setOpen}
          onClose={() => setOpen(null)}
        />
      )}
    </>
  );
}

interface FreshProps {
  readonly isThere: boolean;
  readonly onShow: () => void;
}

function Fresh({ isThere, onShow }: FreshProps) {
  const { letters: words } = usePage().words;
  return (
    <p class="fresh" aria-live="polite">
      {isThere && (
        <>
          {words.fresh}{' '}
          <button type="button" class="button small" onClick={onShow}>
            {words.showFresh}
          </button>
        </>
      )}
    </p>
  );
}

interface PagesProps {
  /** Where each page but the first begins, up to the present one. */
  readonly pages: readonly string[];
  readonly next: string | null;
  readonly setPages: (pages: readonly string[]) => void;
}

function Pages({ pages, next, setPages }: PagesProps) {
  const { letters: words } = usePage().words;
  if (pages.length === 0 && next === null) return null;
  return (
    <nav class="pages" aria-label={words.title}>
      <button
        type="button"
        class="button small"
        disabled={pages.length === 0}
        onClick={() => setPages(pages.slice(0, -1))}
      >
        {words.newer}
      </button>
      <span class="quiet">{words.page(count(pages.length + 1))}</span>
      <button
        type="button"
        class="button small"
        disabled={next === null}
        onClick={() => next !== null && setPages([...pages, next])}
      >
        {words.older}
      </button>
    </nav>
  );
}

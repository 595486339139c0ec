import { useEffect, useState } from 'preact/hooks';
import type { LetterRow, WholeLetter } from '../../console/wire/letters.js';
import { get, type Answer } from '../api.js';
import { Dialog } from '../components/dialog.js';
import { FailureNote } from '../components/failure-note.js';
import { usePage } from '../page.js';
import { LetterBody } from './letter-body.js';
import { positionOf } from './position.js';

interface LetterDialogProps {
  /** "<partition>:<offset>" */
  readonly position: string;
  /** Those of the table, newest first: their neighbours can be gone to. */
  readonly among: readonly LetterRow[];
  readonly onMove: (position: string) => void;
  readonly onClose: () => void;
}

/** One letter whole. */
export function LetterDialog({ position, among, onMove, onClose }: LetterDialogProps) {
  const { letters: words } = usePage().words;
  const answer = useLetter(position);
  return (
    <Dialog
      kind="side"
      title={words.letter(position)}
      onClose={onClose}
      actions={<Neighbours {...{ position, among, onMove }} />}
    >
      {answer === null && <p class="quiet">{words.reading}</p>}
      {answer?.failure && <FailureNote failure={answer.failure} />}
      {answer?.data && <LetterBody letter={answer.data} />}
    </Dialog>
  );
}

function useLetter(position: string): Answer<WholeLetter> | null {
  const [answer, setAnswer] = useState<Answer<WholeLetter> | null>(null);
  useEffect(() => {
    const gone = new AbortController();
    setAnswer(null);
    void get<WholeLetter>(`/api/letters/${position}`, {}, gone.signal).then((given) => {
      if (!gone.signal.aborted) setAnswer(given);
    });
    return () => gone.abort();
  }, [position]);
  return answer;
}

function Neighbours({ position, among, onMove }: Omit<LetterDialogProps, 'onClose'>) {
  const { letters: words } = usePage().words;
  const positions = among.map(positionOf);
  const index = positions.indexOf(position);
  const to = (name: string, neighbour: string | undefined) => (
    <button
      type="button"
      class="button"
      disabled={index < 0 || neighbour === undefined}
      onClick={() => neighbour !== undefined && onMove(neighbour)}
    >
      {name}
    </button>
  );
  return (
    <>
      {to(words.newer, positions[index - 1])}
      {to(words.older, positions[index + 1])}
    </>
  );
}

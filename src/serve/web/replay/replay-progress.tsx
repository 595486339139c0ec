import { count } from '../../../text/figures.js';
import type { ReplayData } from '../../console/wire/replay.js';
import { FailureNote } from '../components/failure-note.js';
import { OutcomeList } from '../components/outcome-list.js';
import type { Words } from '../language/en/words.js';
import { usePage } from '../page.js';

interface ReplayProgressProps {
  readonly replay: ReplayData;
  readonly onCancel: () => void;
  readonly onDismiss: () => void;
}

/** How far it is while it runs, and what became of it afterwards. */
export function ReplayProgress({ replay, onCancel, onDismiss }: ReplayProgressProps) {
  const { replay: words } = usePage().words;
  const { phase, replayed, outcomes, failure } = replay;
  const replayable = replay.plan?.replayable ?? 0;
  return (
    <>
      <p aria-live="polite">{progressText(replay, replayable, words)}</p>
      {phase === 'sending' && (
        <progress aria-label={words.progress} value={replayed} max={replayable} />
      )}
      {failure !== null && <FailureNote failure={failure} />}
      {outcomes !== null && <OutcomeList outcomes={outcomes.outcomes} />}
      <div class="actions">
        {(phase === 'sending' || phase === 'deciding') && (
          <button type="button" class="button" onClick={onCancel}>
            {phase === 'sending' ? words.cancel : words.stopWaiting}
          </button>
        )}
        {replay.endedAtMs !== null && (
          <button type="button" class="button" onClick={onDismiss}>
            {words.dismiss}
          </button>
        )}
      </div>
    </>
  );
}

function progressText(
  { phase, replayed, outcomes }: ReplayData,
  replayable: number,
  words: Words['replay'],
): string {
  const requests = (number: number): string => words.requests(count(number), number === 1);
  const sent = requests(replayed);
  const pending = outcomes?.pending ?? 0;
  switch (phase) {
    case 'deciding':
      return words.deciding(sent, count(pending));
    case 'done':
      return pending === 0 ? words.done(sent) : words.doneUndecided(sent, count(pending));
    case 'failed':
      return words.failed(sent);
    case 'cancelled':
      return words.cancelled(sent);
    default:
      return words.sending(count(replayed), requests(replayable));
  }
}

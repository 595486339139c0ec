import { count } from '../../../text/figures.js';
import type { ReplayData, ReplayPlan } from '../../console/wire/replay.js';
import { FailureNote } from '../components/failure-note.js';
import { OutcomeList } from '../components/outcome-list.js';
import type { Words } from '../language/en/words.js';
import { usePage } from '../page.js';

interface ReplayProgressProps {
  readonly replay: ReplayData;
  readonly plan: ReplayPlan;
  readonly onCancel: () => void;
  readonly onDismiss: () => void;
}

/** How far it is while it runs, and what became of it afterwards. */
export function ReplayProgress({ replay, plan, onCancel, onDismiss }: ReplayProgressProps) {
  const { replay: words } = usePage().words;
  const { phase, replayed, outcomes, failure } = replay;
  return (
    <>
      <p aria-live="polite">{progressText(replay, plan, words)}</p>
      {phase === 'sending' && (
        <progress aria-label={words.progress} value={replayed} max={plan.replayable} />
      )}
      {failure !== null && <FailureNote failure={failure} />}
      {outcomes !== null && <OutcomeList outcomes={outcomes.outcomes} />}
      <div class="actions">
        {phase === 'sending' && (
          <button type="button" class="button" onClick={onCancel}>
            {words.cancel}
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
  { replayable }: ReplayPlan,
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

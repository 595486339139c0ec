import { useState } from 'preact/hooks';
import { count } from '../../../text/figures.js';
import type { Failure } from '../../console/wire/part.js';
import type { ReplayData } from '../../console/wire/replay.js';
import { post } from '../api.js';
import { FailureNote } from '../components/failure-note.js';
import { usePage } from '../page.js';
import { FilterWords } from './filter-words.js';
import { PlannedReplay } from './planned-replay.js';
import { ReplayProgress } from './replay-progress.js';

interface ReplayCardProps {
  readonly replay: ReplayData;
  readonly onDismiss: () => void;
}

/** The replay in its present phase, on the page that planned it and on all others. */
export function ReplayCard({ replay, onDismiss }: ReplayCardProps) {
  const { words, clock } = usePage();
  const [failure, setFailure] = useState<Failure | null>(null);
  const act = (what: 'confirm' | 'cancel'): void =>
    void post(`/api/replays/${replay.id}/${what}`).then((answer) => setFailure(answer.failure));
  return (
    <section class="card" aria-label={words.replay.title}>
      <header>
        <h3>{replay.phase === 'planned' ? words.replay.plannedTitle : words.replay.title}</h3>
        <FilterWords filter={replay.filter} />
        <span class="as-of">{words.replay.startedAt(clock.time(replay.startedAtMs))}</span>
      </header>
      {failure !== null && <FailureNote failure={failure} />}
      <Phase {...{ replay, act, onDismiss }} />
    </section>
  );
}

interface PhaseProps extends ReplayCardProps {
  readonly act: (what: 'confirm' | 'cancel') => void;
}

function Phase({ replay, act, onDismiss }: PhaseProps) {
  const cancel = (): void => act('cancel');
  const { phase, plan } = replay;
  if (phase === 'planning') return <Planning looked={replay.looked} onCancel={cancel} />;
  if (phase === 'planned' && plan !== null) {
    return <PlannedReplay plan={plan} onConfirm={() => act('confirm')} onDiscard={cancel} />;
  }
  return <ReplayProgress {...{ replay, onDismiss }} onCancel={cancel} />;
}

interface PlanningProps {
  readonly looked: number;
  readonly onCancel: () => void;
}

function Planning({ looked, onCancel }: PlanningProps) {
  const { replay: words } = usePage().words;
  return (
    <>
      <p class="quiet">{words.planning(count(looked))}</p>
      <div class="actions">
        <button type="button" class="button" onClick={onCancel}>
          {words.cancelPlanning}
        </button>
      </div>
    </>
  );
}

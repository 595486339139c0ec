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

/** The replay in its present phase, for whoever planned it and for all who look on. */
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
  const { replay: words } = usePage().words;
  const { phase, plan } = replay;
  if (phase === 'planning' || plan === null) {
    return replay.failure === null ? (
      <p class="quiet">{words.planning(count(replay.looked))}</p>
    ) : (
      <FailureNote failure={replay.failure} />
    );
  }
  if (phase === 'planned') {
    return (
      <PlannedReplay plan={plan} onConfirm={() => act('confirm')} onDiscard={() => act('cancel')} />
    );
  }
  return <ReplayProgress {...{ replay, plan, onDismiss }} onCancel={() => act('cancel')} />;
}

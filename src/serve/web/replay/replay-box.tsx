import { useState } from 'preact/hooks';
import type { Failure } from '../../console/wire/part.js';
import type { ReplayData } from '../../console/wire/replay.js';
import { post } from '../api.js';
import { Command } from '../components/copy.js';
import { FailureNote } from '../components/failure-note.js';
import { Sentence } from '../components/sentence.js';
import { filterOf, flagsOf, isFiltered, type FilterFields } from '../letters/filter.js';
import { useKnown, usePage } from '../page.js';
import { isBusy, isDiscarded } from './phase.js';
import { ReplayCard } from './replay-card.js';

/** Sends the letters of the filter again: first the plan, which is confirmed or discarded. */
export function ReplayBox({ fields }: { readonly fields: FilterFields }) {
  const site = useKnown('site');
  const replay = useKnown('replay') ?? null;
  const [dismissed, setDismissed] = useState<string | null>(null);
  if (site === undefined) return null;
  if (site.readOnly) return <ReadOnly fields={fields} />;
  const isShown = replay !== null && replay.id !== dismissed && !isDiscarded(replay);
  return (
    <div class="replay">
      <Plan fields={fields} replay={replay} />
      {isShown && <ReplayCard replay={replay} onDismiss={() => setDismissed(replay.id)} />}
    </div>
  );
}

interface PlanProps {
  readonly fields: FilterFields;
  readonly replay: ReplayData | null;
}

function Plan({ fields, replay }: PlanProps) {
  const { replay: words } = usePage().words;
  const nowMs = useKnown('beat')?.atMs ?? Date.now();
  const [failure, setFailure] = useState<Failure | null>(null);
  const [isAsking, setAsking] = useState(false);
  const filter = filterOf(fields, nowMs);
  const plan = async (): Promise<void> => {
    setAsking(true);
    const answer = await post<ReplayData>('/api/replays', { filter });
    setAsking(false);
    setFailure(answer.failure);
  };
  return (
    <>
      <button
        type="button"
        class="button start"
        disabled={filter === null || isAsking || (replay !== null && isBusy(replay))}
        onClick={() => void plan()}
      >
        {isFiltered(fields) ? words.plan : words.planAll}
      </button>
      {failure !== null && <FailureNote failure={failure} />}
    </>
  );
}

function ReadOnly({ fields }: { readonly fields: FilterFields }) {
  const { replay: words } = usePage().words;
  return (
    <div class="hint">
      <button type="button" class="button start" disabled>
        {isFiltered(fields) ? words.plan : words.planAll}
      </button>
      <p class="quiet">
        <Sentence text={words.readOnly} />
      </p>
      <Command command={`coupons dlq replay${flagsOf(fields)} --dry-run`} />
    </div>
  );
}

import { useState } from 'preact/hooks';
import { count } from '../../../text/figures.js';
import type { ReplayPlan } from '../../console/wire/replay.js';
import { Badge } from '../components/badge.js';
import { Dialog } from '../components/dialog.js';
import { Sentence } from '../components/sentence.js';
import { useKnown, usePage, useSay } from '../page.js';
import { ExpectedLetters, FirstSteps, OtherTopics } from './expected-letters.js';

interface PlannedReplayProps {
  readonly plan: ReplayPlan;
  readonly onConfirm: () => void;
  readonly onDiscard: () => void;
}

/** What would be sent and what not, and why. Nothing is sent before it is confirmed. */
export function PlannedReplay({ plan, onConfirm, onDiscard }: PlannedReplayProps) {
  const { replay: words } = usePage().words;
  const [isConfirming, setConfirming] = useState(false);
  const { replayable, selected } = plan;
  const requests = words.requests(count(replayable), replayable === 1);
  return (
    <>
      <p>
        {replayable === 0 ? words.nothingToSend : words.summary(count(replayable), count(selected))}
      </p>
      <Topics topics={plan.topics} />
      <OtherTopics otherTopics={plan.otherTopics} />
      <Reasons reasons={plan.reasons} />
      <ExpectedLetters expected={plan.expected} />
      <Skipped skipped={plan.skipped} />
      {plan.copies > 0 && <p class="quiet">{words.copies(count(plan.copies))}</p>}
      <FirstSteps steps={plan.steps} />
      <div class="actions">
        {replayable > 0 && (
          <button type="button" class="button primary" onClick={() => setConfirming(true)}>
            {words.send(requests)}
          </button>
        )}
        <button type="button" class="button" onClick={onDiscard}>
          {words.discard}
        </button>
      </div>
      {isConfirming && (
        <Confirmation
          requests={requests}
          topics={plan.topics}
          clusterId={plan.clusterId}
          onClose={() => setConfirming(false)}
          onConfirm={() => {
            setConfirming(false);
            onConfirm();
          }}
        />
      )}
    </>
  );
}

interface ConfirmationProps extends Pick<ReplayPlan, 'topics' | 'clusterId'> {
  readonly requests: string;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

function Confirmation({ requests, topics, clusterId, onConfirm, onClose }: ConfirmationProps) {
  const { replay: words } = usePage().words;
  const site = useKnown('site');
  return (
    <Dialog
      title={words.confirmTitle(requests)}
      onClose={onClose}
      actions={
        <>
          <button type="button" class="button" onClick={onClose}>
            {words.back}
          </button>
          <button type="button" class="button primary" onClick={onConfirm}>
            {words.confirm(requests)}
          </button>
        </>
      }
    >
      <p>{words.confirmMeans}</p>
      <Topics topics={topics} />
      {site !== undefined && (
        <p class="foreign">{words.onCluster(clusterId, site.brokers, site.context)}</p>
      )}
    </Dialog>
  );
}

/** A letter's headers say where it goes, and a forged one may name any topic. */
function Topics({ topics }: Pick<ReplayPlan, 'topics'>) {
  const { replay: words } = usePage().words;
  const site = useKnown('site');
  if (topics.length === 0) return null;
  return (
    <ul class="notes" aria-label={words.goTo}>
      {topics.map(({ topic, replayable }) => (
        <li key={topic}>
          {words.goTo} <code class="foreign">{topic}</code>: {count(replayable)}{' '}
          {topic !== site?.topic && <Badge tone="caution">{words.otherTopic}</Badge>}
        </li>
      ))}
    </ul>
  );
}

function Reasons({ reasons }: Pick<ReplayPlan, 'reasons'>) {
  const { words } = usePage();
  return (
    <div class="table-room">
      <table>
        <thead>
          <tr>
            <th scope="col">{words.replay.reason}</th>
            <th scope="col" class="number">
              {words.replay.selected}
            </th>
            <th scope="col" class="number">
              {words.replay.replayable}
            </th>
          </tr>
        </thead>
        <tbody>
          {reasons.map(({ reasonCode, selected, replayable }) => (
            <tr key={reasonCode}>
              <th scope="row">
                <code class="foreign">{reasonCode ?? words.letters.unknown}</code>
              </th>
              <td class="number">{count(selected)}</td>
              <td class="number">{count(replayable)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Skipped({ skipped }: Pick<ReplayPlan, 'skipped'>) {
  const { replay: words } = usePage().words;
  const say = useSay();
  if (skipped.length === 0) return null;
  return (
    <dl class="skipped" aria-label={words.skipped}>
      {skipped.map(({ code, count: letters, text }) => (
        <div key={code}>
          <dt class="number">{count(letters)}</dt>
          <dd class="quiet">
            {words.skipped}: <Sentence text={say(text)} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

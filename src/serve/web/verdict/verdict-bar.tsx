import { useState } from 'preact/hooks';
import { Command } from '../components/copy.js';
import { FailureNote } from '../components/failure-note.js';
import { Sentence } from '../components/sentence.js';
import { useKnown, usePage } from '../page.js';
import { AuditDialog } from './audit-dialog.js';
import { AuditFigure } from './audit-figure.js';
import { GroupFigures } from './group-figures.js';
import type { Judged } from './judge.js';
import { headlineOf, meaningOf } from './sentences.js';
import { useAudit } from './use-audit.js';
import { useJudged } from './use-judged.js';

/** The answer to "is all well?", and the figures behind it. */
export function VerdictBar() {
  const { words, clock } = usePage();
  const group = useKnown('group');
  const audit = useAudit();
  const [isOpen, setOpen] = useState(false);
  const judged = useJudged();
  const stream = useKnown('stream');
  const isDim = stream !== 'live' || judged?.code === 'UNKNOWN';
  return (
    <section id="verdict" class="verdict" tabIndex={-1} aria-labelledby="verdict-title">
      <h2 id="verdict-title" class="visually-hidden">
        {words.verdict.title}
      </h2>
      <div class="headline">
        <Headline judged={judged} />
        {typeof group?.asOfMs === 'number' && (
          <p class="as-of" data-old={isDim}>
            {words.shell.asOf(clock.time(group.asOfMs))}
          </p>
        )}
      </div>
      <dl class="figures" data-old={isDim}>
        <GroupFigures group={group?.data ?? null} />
        <AuditFigure audit={audit} onOpen={() => setOpen(true)} />
      </dl>
      {group?.failure && <FailureNote failure={group.failure} />}
      {audit.failure !== null && <FailureNote failure={audit.failure} />}
      {isOpen && audit.last !== null && (
        <AuditDialog result={audit.last} onClose={() => setOpen(false)} />
      )}
    </section>
  );
}

function Headline({ judged }: { readonly judged: Judged | null }) {
  const { words } = usePage();
  const campaigns = useKnown('campaigns')?.data ?? null;
  const stream = useKnown('stream') ?? 'connecting';
  return (
    <div data-tone={judged?.tone ?? 'neutral'} aria-live="polite">
      <p class="headline-word">
        <span class="dot" aria-hidden="true" />
        {judged === null ? words.shell.reading : headlineOf(judged.code, words)}
      </p>
      {judged !== null && (
        <p class="headline-means">
          <Sentence text={meaningOf(judged.code, words, { campaigns, stream })} />
        </p>
      )}
      {judged?.code === 'NO_GROUP' && <Command command="coupons consume" />}
    </div>
  );
}

import { useState } from 'preact/hooks';
import { count } from '../../../text/figures.js';
import { type AuditResult, type Failure } from '../../console/wire.js';
import { post } from '../api.js';
import { Badge } from '../components/badge.js';
import { FailureNote } from '../components/failure-note.js';
import { useKnown, usePage } from '../page.js';
import { AuditDialog } from './audit-dialog.js';
import { Figure } from './figure.js';
import { isAuditStale } from './judge.js';

/** The latest audit, how old it is, and a button to run one. */
export function AuditFigure() {
  const { words } = usePage();
  const audit = useKnown('audit');
  const last = audit?.last ?? null;
  const running = audit?.running ?? null;
  const [isOpen, setOpen] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const run = (): void => void post('/api/audits').then((answer) => setFailure(answer.failure));
  const shown = failure ?? audit?.failure ?? null;
  return (
    <>
      <Figure
        name={words.verdict.audit}
        value={<Verdict last={last} onOpen={() => setOpen(true)} />}
        note={
          running === null ? (
            <button type="button" class="button small" onClick={run}>
              {last === null ? words.verdict.auditRun : words.verdict.auditAgain}
            </button>
          ) : (
            <span class="running">{words.verdict.auditProgress(count(running.records))}</span>
          )
        }
      />
      {shown !== null && running === null && <FailureNote failure={shown} />}
      {isOpen && last !== null && <AuditDialog result={last} onClose={() => setOpen(false)} />}
    </>
  );
}

interface VerdictProps {
  readonly last: AuditResult | null;
  readonly onOpen: () => void;
}

function Verdict({ last, onOpen }: VerdictProps) {
  const { verdict, figures } = usePage().words;
  const nowMs = useKnown('beat')?.atMs ?? last?.endedAtMs ?? 0;
  const staleAfterMs = useKnown('site')?.auditStaleAfterMs ?? Infinity;
  if (last === null) return <Badge>{verdict.auditNever}</Badge>;
  const isStale = isAuditStale(last.endedAtMs, nowMs, staleAfterMs);
  const tone = last.verdict === 'FAIL' ? 'bad' : isStale ? 'caution' : 'good';
  return (
    <button type="button" class="link" onClick={onOpen}>
      <Badge tone={tone}>{verdict.auditVerdict[last.verdict]}</Badge>
      <span class="quiet">
        {verdict.auditAge(figures.age(Math.max(0, nowMs - last.endedAtMs)))}
        {isStale && ` · ${verdict.auditStale}`}
      </span>
    </button>
  );
}

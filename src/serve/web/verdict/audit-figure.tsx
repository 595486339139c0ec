import { count } from '../../../text/figures.js';
import type { AuditResult } from '../../console/wire/audit.js';
import { Badge } from '../components/badge.js';
import { useKnown, usePage } from '../page.js';
import type { Tone } from '../tone.js';
import { Figure } from './figure.js';
import { isAuditStale } from './judge.js';
import type { Audit } from './use-audit.js';

interface AuditFigureProps {
  readonly audit: Audit;
  /** Shows what the latest one has counted and found. */
  readonly onOpen: () => void;
}

/** The latest audit, how old it is, and a button to run one. */
export function AuditFigure({ audit: { running, last, run }, onOpen }: AuditFigureProps) {
  const { verdict } = usePage().words;
  const name = last === null ? verdict.auditRun : verdict.auditAgain;
  return (
    <Figure
      name={verdict.audit}
      value={<Verdict last={last} onOpen={onOpen} />}
      note={
        // Not disabled: it keeps the focus while the audit runs.
        <button type="button" class="button small" aria-disabled={running !== null} onClick={run}>
          {running === null ? name : verdict.auditProgress(count(running.records))}
        </button>
      }
    />
  );
}

/** Green says that something was compared, and lately. */
function toneOf({ verdict, notCompared }: AuditResult, isStale: boolean): Tone {
  if (verdict === 'FAIL') return 'bad';
  if (isStale) return 'caution';
  return notCompared.some(({ code }) => code === 'NOTHING_COMPARED') ? 'neutral' : 'good';
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
  const tone = toneOf(last, isStale);
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

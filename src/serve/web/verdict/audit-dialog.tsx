import { count } from '../../../text/figures.js';
import type { AuditResult } from '../../console/wire/audit.js';
import { Dialog } from '../components/dialog.js';
import { Facts } from '../components/facts.js';
import { OutcomeList } from '../components/outcome-list.js';
import { Sentence } from '../components/sentence.js';
import { usePage, useSay } from '../page.js';

interface AuditDialogProps {
  readonly result: AuditResult;
  readonly onClose: () => void;
}

/** What the audit counted, and what it found. */
export function AuditDialog({ result, onClose }: AuditDialogProps) {
  const { words, clock } = usePage();
  const { verdict, figures } = words;
  const facts = [
    [verdict.auditEnded, clock.dateTime(result.endedAtMs)],
    [verdict.auditTook, figures.duration(result.elapsedMs)],
    [verdict.auditRecords, count(result.records)],
    [verdict.auditRequests, count(result.requests)],
    [verdict.auditUnprocessed, count(result.unprocessed)],
  ] as const;
  return (
    <Dialog title={`${verdict.audit}: ${verdict.auditVerdict[result.verdict]}`} onClose={onClose}>
      <Facts facts={facts} />
      <OutcomeList outcomes={result.outcomes} />
      {result.notCompared.length > 0 && <NotCompared result={result} />}
      {result.findingCount > 0 && <Findings result={result} />}
    </Dialog>
  );
}

/** A PASS says nothing of these. */
function NotCompared({ result }: { readonly result: AuditResult }) {
  const { verdict } = usePage().words;
  const say = useSay();
  return (
    <>
      <h3>{verdict.auditNotCompared}</h3>
      <ul class="notes">
        {result.notCompared.map(({ code, text }) => (
          <li key={code} title={code}>
            <Sentence text={say(text)} />
          </li>
        ))}
      </ul>
    </>
  );
}

function Findings({ result }: { readonly result: AuditResult }) {
  const { verdict } = usePage().words;
  const say = useSay();
  const hidden = result.findingCount - result.findings.length;
  return (
    <>
      <h3>{verdict.auditFindings(count(result.findingCount))}</h3>
      <ul class="findings">
        {result.findings.map((finding, index) => (
          <li key={index}>
            <code>{finding.code}</code> <Sentence text={say(finding.text)} />
          </li>
        ))}
      </ul>
      {hidden > 0 && (
        <p class="quiet">
          <Sentence text={verdict.auditMore(count(hidden))} />
        </p>
      )}
    </>
  );
}

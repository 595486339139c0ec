/** The sentences of codes with data, for the page. */
import type { AdviceFinding } from '../../advice/finding.js';
import type { AdviceStep } from '../../advice/step.js';
import type { ListedFinding } from '../../audit/findings.js';
import type { LagReport } from '../../lag/lag.js';
import { findingText } from '../../words/en/advice-findings.js';
import { stepText } from '../../words/en/advice-steps.js';
import { auditFindingText } from '../../words/en/audit-findings.js';
import { noteTexts } from '../../words/en/lag-notes.js';
import type { Worded } from './wire.js';

export function wordedLagNotes(report: LagReport) {
  return noteTexts(report).map((text, index) => ({
    code: report.notes[index]?.code ?? '',
    text: worded(text),
  }));
}

export function wordedAdviceFinding(finding: AdviceFinding): Worded {
  return worded(findingText(finding));
}

export function wordedAdviceStep(step: AdviceStep) {
  const { action, command, why, expected, limits } = stepText(step);
  return {
    action: worded(action),
    command,
    why: worded(why),
    expected: worded(expected),
    limits: worded(limits),
  };
}

export function wordedAuditFinding(finding: ListedFinding): Worded {
  return worded(auditFindingText(finding));
}

function worded(text: string): Worded {
  return { en: text, ko: text };
}

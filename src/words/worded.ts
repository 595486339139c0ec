/** The sentences of codes with data in both languages, for the console. */
import type { AdviceFinding } from '../advice/finding.js';
import type { AdviceStep } from '../advice/step.js';
import type { ListedFinding } from '../audit/findings.js';
import type { AuditOmission } from '../audit/scope.js';
import type { ReplayStep } from '../dead-letters/replay/first-steps.js';
import type { SkipCode } from '../dead-letters/replay/plan.js';
import type { LookUpNote } from '../issued/note.js';
import type { Reason } from '../issued/reason.js';
import type { LagNoteCode } from '../lag/notes.js';
import * as enFindings from './en/advice-findings.js';
import * as enSteps from './en/advice-steps.js';
import * as enAudit from './en/audit-findings.js';
import * as enOmissions from './en/audit-omissions.js';
import * as enLookUp from './en/issued-notes.js';
import * as enReasons from './en/issued-reasons.js';
import * as enNotes from './en/lag-notes.js';
import * as enReplaySteps from './en/replay-steps.js';
import * as enSkipped from './en/skipped-letters.js';
import * as koFindings from './ko/advice-findings.js';
import * as koSteps from './ko/advice-steps.js';
import * as koAudit from './ko/audit-findings.js';
import * as koOmissions from './ko/audit-omissions.js';
import * as koLookUp from './ko/issued-notes.js';
import * as koReasons from './ko/issued-reasons.js';
import * as koNotes from './ko/lag-notes.js';
import * as koReplaySteps from './ko/replay-steps.js';
import * as koSkipped from './ko/skipped-letters.js';
import type { Worded } from './languages.js';

export interface WordedNote {
  readonly code: LagNoteCode;
  readonly text: Worded;
}

/** Of each note, in the order of the report. */
export function wordedLagNotes(report: enNotes.NotedReport): readonly WordedNote[] {
  return report.notes.map((note) => ({
    code: note.code,
    text: { en: enNotes.noteText(note, report), ko: koNotes.noteText(note, report) },
  }));
}

export function wordedAdviceFinding(finding: AdviceFinding): Worded {
  return { en: enFindings.findingText(finding), ko: koFindings.findingText(finding) };
}

export interface WordedStep extends Readonly<Record<keyof koSteps.StepSentences, Worded>> {
  /** Quoted for a shell. */
  readonly command: string;
}

export function wordedAdviceStep(step: AdviceStep): WordedStep {
  const en = enSteps.stepText(step);
  const ko = koSteps.stepText(step);
  return {
    action: { en: en.action, ko: ko.action },
    command: en.command,
    why: { en: en.why, ko: ko.why },
    expected: { en: en.expected, ko: ko.expected },
    limits: { en: en.limits, ko: ko.limits },
  };
}

export function wordedAuditFinding(finding: ListedFinding): Worded {
  return { en: enAudit.auditFindingText(finding), ko: koAudit.auditFindingText(finding) };
}

/** Why a request has its outcome. */
export function wordedReason(reason: Reason): Worded {
  return { en: enReasons.reasonText(reason), ko: koReasons.reasonText(reason) };
}

/** What an answer about a user does not rest on. */
export function wordedLookUpNote(note: LookUpNote): Worded {
  return { en: enLookUp.lookUpNoteText(note), ko: koLookUp.lookUpNoteText(note) };
}

export function wordedAuditOmission(omission: AuditOmission): Worded {
  return { en: enOmissions.omissionText(omission), ko: koOmissions.omissionText(omission) };
}

/** Why a letter is not sent again. */
export function wordedSkip(code: SkipCode): Worded {
  return { en: enSkipped.SKIPPED_BECAUSE[code], ko: koSkipped.SKIPPED_BECAUSE[code] };
}

export interface WordedReplayStep {
  readonly code: ReplayStep['code'];
  readonly couponId: number;
  /** Quoted for a shell; null: there is nothing to run. */
  readonly command: string | null;
  readonly text: Worded;
}

/** What to do so that letters that are left out of a replay can be issued. */
export function wordedReplayStep(step: ReplayStep): WordedReplayStep {
  const { code, couponId } = step;
  const text = { en: enReplaySteps.replayStepText(step), ko: koReplaySteps.replayStepText(step) };
  return { code, couponId, command: enReplaySteps.replayStepCommand(step), text };
}

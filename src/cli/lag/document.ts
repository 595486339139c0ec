import type { LagReport } from '../../lag/lag.js';
import type { LagNoteCode } from '../../lag/notes.js';
import { noteTexts } from '../../words/en/lag-notes.js';

/** The JSON document of `coupons lag` (docs/contract.md): notes in words, and their codes. */
export interface LagDocument extends Omit<LagReport, 'notes'> {
  readonly notes: readonly string[];
  /** In the order of `notes`. */
  readonly noteCodes: readonly LagNoteCode[];
}

export function lagDocument(report: LagReport): LagDocument {
  return {
    ...report,
    notes: noteTexts(report),
    noteCodes: report.notes.map(({ code }) => code),
  };
}

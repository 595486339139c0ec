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

/** A line of a watch that got no answer: what was known at `asOf` is not known now. */
export function unknownDocument({ group, presence }: LagReport, asOf: string) {
  return {
    asOf,
    group,
    ...{ state: null, members: null, totalLag: null, status: null, trend: null },
    ...{ inPerSecond: null, outPerSecond: null, etaSeconds: null, recentDeadLetters: null },
    presence,
    hotPartition: null,
    partitions: [],
    offlinePartitions: [],
    openTransactions: [],
    missingTopics: [],
    abandonedTopics: [],
    idleMembers: [],
    unreadableMembers: [],
    notes: [`There is no answer: the lag is not known since ${asOf}.`],
    noteCodes: ['NO_ANSWER'],
  };
}

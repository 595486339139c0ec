import type { CliError } from '../errors.js';
import type { EventDetails, Period, StoredEvent } from '../ports/store-history.js';
import type { Happening } from './happenings.js';

export type StartedEvent = StoredEvent & Extract<EventDetails, { kind: 'CONSUMER_STARTED' }>;

/** What a reader should know of the figures: src/words/en/history-notes.ts has the words. */
export type HistoryNote =
  /** The store did not count by minute before, and there was a campaign. */
  | { readonly code: 'NOT_COUNTED_BEFORE'; readonly countedSinceMs: number }
  | { readonly code: 'ASKED_NOT_READ'; readonly reason: string }
  | { readonly code: 'ASKED_OF_ALL_CAMPAIGNS' }
  /** The history is of this coupon alone. */
  | { readonly code: 'NO_SUCH_CAMPAIGN'; readonly couponId: number }
  | { readonly code: 'LOG_DELETED'; readonly topic: string }
  /** `most`: so many are shown. */
  | { readonly code: 'EVENTS_LEFT_OUT'; readonly most: number }
  /** They run still, or were killed. */
  | {
      readonly code: 'NO_END_RECORDED';
      readonly started: readonly StartedEvent[];
      /** Where the period ends. */
      readonly toMs: number;
    };

export type HistoryNoteCode = HistoryNote['code'];

export interface Noted {
  readonly period: Period;
  readonly topic: string;
  readonly couponId: number | null;
  /** The store has a campaign that the history is of. */
  readonly isKnown: boolean;
  readonly countedSinceMs: number;
  /** When the store got its first campaign; null: there is none. */
  readonly firstCampaignMs: number | null;
  readonly asked: {
    readonly records: readonly (number | null)[];
    readonly failure: CliError | null;
  };
  readonly happenings: readonly Happening[];
  readonly mostEvents: number;
  readonly isCut: boolean;
}

export function notesOn(noted: Noted): readonly HistoryNote[] {
  const { period, couponId, isKnown, countedSinceMs, firstCampaignMs } = noted;
  const { happenings, mostEvents, isCut } = noted;
  const notes: HistoryNote[] = [];
  const isOlder = firstCampaignMs !== null && firstCampaignMs < countedSinceMs;
  if (isOlder && period.fromMs < countedSinceMs) {
    notes.push({ code: 'NOT_COUNTED_BEFORE', countedSinceMs });
  }
  if (couponId !== null && !isKnown) notes.push({ code: 'NO_SUCH_CAMPAIGN', couponId });
  notes.push(...askedNotes(noted));
  if (isCut) notes.push({ code: 'EVENTS_LEFT_OUT', most: mostEvents });
  const started = withoutEnd(happenings);
  if (started.length > 0) {
    notes.push({ code: 'NO_END_RECORDED', started, toMs: period.toMs });
  }
  return notes;
}

function askedNotes({ couponId, topic, asked }: Noted): readonly HistoryNote[] {
  if (couponId !== null) return [{ code: 'ASKED_OF_ALL_CAMPAIGNS' }];
  if (asked.failure !== null) return [{ code: 'ASKED_NOT_READ', reason: asked.failure.message }];
  return asked.records.includes(null) ? [{ code: 'LOG_DELETED', topic }] : [];
}

function withoutEnd(happenings: readonly Happening[]): readonly StartedEvent[] {
  const ended = new Set(
    happenings.flatMap((each) => (each.kind === 'CONSUMER_STOPPED' ? [each.run] : [])),
  );
  return happenings.filter(
    (each): each is StartedEvent => each.kind === 'CONSUMER_STARTED' && !ended.has(each.run),
  );
}

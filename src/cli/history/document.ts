import type { Bucketing, Figures } from '../../history/buckets.js';
import type { Happening } from '../../history/happenings.js';
import type { History } from '../../history/history.js';
import { historyNoteText } from '../../words/en/history-notes.js';
import { isoTime } from '../../output/output.js';
import { changedBy } from '../actor.js';
import { versionJson } from '../campaigns/versions.js';

/** The JSON document of `coupons history` (docs/contract.md). */
export function historyDocument(history: History, by: Bucketing) {
  const { question, countedSinceMs, buckets, totals, happenings, notes } = history;
  const { period, bucketMs, couponId } = question;
  return {
    from: isoTime(period.fromMs),
    to: isoTime(period.toMs),
    by,
    bucketMs,
    couponId,
    countedSince: isoTime(countedSinceMs),
    buckets: buckets.map((bucket) => ({ at: isoTime(bucket.fromMs), ...figuresJson(bucket) })),
    events: happenings.map(happeningJson),
    totals: figuresJson(totals),
    notes: notes.map(historyNoteText),
    noteCodes: notes.map(({ code }) => code),
  };
}

function figuresJson({ asked, outcomes, deadLetters }: Figures) {
  return { asked, outcomes, deadLetters };
}

/** `by` and `pid`: who did it; null where that is not known, or it was no command. */
function happeningJson(happening: Happening) {
  const at = isoTime(happening.atMs);
  switch (happening.kind) {
    case 'CAMPAIGN_CREATED':
    case 'CAMPAIGN_CHANGED': {
      const { kind, terms } = happening;
      const { changedBy: by, ...version } = versionJson(terms);
      return { ...version, kind, by, pid: null, couponId: terms.couponId };
    }
    case 'CAMPAIGN_SOLD_OUT': {
      const { kind, couponId, totalQuantity, lastUserId } = happening;
      return { at, kind, by: null, pid: null, couponId, totalQuantity, lastUserId };
    }
    default: {
      const { actor } = happening;
      // What is undefined is not in JSON.
      const told = { atMs: undefined, id: undefined, actor: undefined, untilMs: undefined };
      return { at, by: changedBy(actor), pid: actor.pid, ...happening, ...told };
    }
  }
}

/** The words of the notes of src/history/notes.ts. */
import type { HistoryNote, StartedEvent } from '../../history/notes.js';
import { count } from '../../text/figures.js';
import { inWords, type Words } from '../in-words.js';
import { utcTimeToSecond } from '../../text/times.js';

export function historyNoteText(note: HistoryNote): string {
  return inWords(WORDS, note);
}

const NAMED = 5;

const WORDS: Words<HistoryNote> = {
  NOT_COUNTED_BEFORE: ({ countedSinceMs }) =>
    `Outcomes are counted by minute since ${utcTimeToSecond(countedSinceMs)}: earlier ones are not shown.`,
  ASKED_NOT_READ: ({ reason }) => `How many asked is not known, only what the store has: ${reason}`,
  ASKED_OF_ALL_CAMPAIGNS: () =>
    'How many asked for one campaign is not known: the log counts the requests of all campaigns together.',
  NO_SUCH_CAMPAIGN: ({ couponId }) =>
    `Coupon ${String(couponId)} has no campaign in this store: requests for it are rejected as NOT_FOUND.`,
  LOG_DELETED: ({ topic }) =>
    `Records of ${topic} from this period may have been deleted by retention: where that is so, how many asked is not known.`,
  EVENTS_LEFT_OUT: ({ most }) =>
    `Only the latest ${count(most)} events of consumers and commands are shown; --limit shows more.`,
  NO_END_RECORDED: ({ started, toMs }) => {
    const more = started.length - NAMED;
    const names = started.slice(0, NAMED).map(runName).join(', ');
    return `No end is recorded up to ${utcTimeToSecond(toMs)} for ${names}${more > 0 ? ` and ${count(more)} more` : ''}: still running, or killed. \`coupons status\` shows the members that the group has now.`;
  },
};

function runName({ actor, atMs }: StartedEvent): string {
  return `the consumer on ${actor.host} (pid ${String(actor.pid)}, started ${utcTimeToSecond(atMs)})`;
}

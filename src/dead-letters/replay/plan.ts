import { REQUEST_TOPIC } from '../../coupon/topics.js';
import type { CouponStore, OutcomeRow } from '../../ports/coupon-store.js';
import type { LogRecord } from '../../ports/log.js';
import { letterIdentity } from '../letter-identity.js';
import type { Expected, Forecast } from './forecast.js';
import {
  sendable,
  skip,
  type PlainSkip,
  type ReplayRecord,
  type Sendable,
  type SendableSources,
} from './sendable.js';

/** Why a letter is not sent. */
export type SkipCode =
  | PlainSkip
  /** It says it came from another topic than that of requests, which was not asked for: any producer may write that. */
  | 'OTHER_TOPIC'
  /** It has its final outcome, so that nothing would happen, and --again is not given. */
  | 'ALREADY_DECIDED'
  /** The outcome that it is expected to get is a rejection, which is final, and --include-rejected is not given. */
  | 'WOULD_BE_REJECTED';

/** What a replay takes beside letters whose requests are expected to be issued. */
export interface ReplayChoices {
  /** Also those that were replayed before or too often, or that have their final outcome. */
  readonly again: boolean;
  /** Also those that are expected to be rejected. */
  readonly includesRejected: boolean;
  /** Topics beside that of requests to which letters go back that say they came from there. */
  readonly allowedTopics: readonly string[];
}

/** What the group is expected to decide of a letter's request. */
export interface ExpectedOutcome {
  readonly couponId: number;
  readonly outcome: Expected;
}

export type LetterPlan =
  | {
      readonly kind: 'send';
      readonly record: ReplayRecord;
      /** Null: it goes to another topic than that of requests, and who reads that is not known. */
      readonly expected: ExpectedOutcome | null;
      /** Its origin position holds that record no longer, so the letter's copy is sent. */
      readonly isCopy: boolean;
    }
  | {
      readonly kind: 'skip';
      readonly code: 'ALREADY_DECIDED' | 'WOULD_BE_REJECTED';
      readonly expected: ExpectedOutcome;
    }
  | { readonly kind: 'skip'; readonly code: 'OTHER_TOPIC'; readonly topic: string }
  | { readonly kind: 'skip'; readonly code: PlainSkip };

export interface ReplaySources extends SendableSources, ReplayChoices {
  readonly store: Pick<CouponStore, 'replayedAt' | 'outcomesOf'>;
  readonly forecast: Pick<Forecast, 'expect'>;
}

/**
 * What to do with letters, in their order. Changes nothing. The store is asked about all of them at once: a look-up each
 * is a round trip to its server.
 */
export async function planReplays(
  letters: readonly LogRecord[],
  sources: ReplaySources,
): Promise<readonly LetterPlan[]> {
  const replayed = await wereReplayed(letters, sources);
  const found: Sendable[] = [];
  for (const [index, letter] of letters.entries()) {
    const isDone = replayed[index] === true;
    found.push(isDone ? skip('ALREADY_REPLAYED') : await sendable(letter, sources));
  }
  const histories = await Promise.all(found.map((each) => historyFor(each, sources)));
  return found.map((each, index) =>
    each.kind === 'skip' ? each : planRequest(each, histories[index] ?? null, sources),
  );
}

async function wereReplayed(
  letters: readonly LogRecord[],
  { again, clusterId, store }: ReplaySources,
): Promise<readonly boolean[]> {
  if (again) return [];
  const identities = letters.map((letter) => letterIdentity(letter, clusterId));
  return (await store.replayedAt(identities)).map((atMs) => atMs !== null);
}

/** Of the user who asks; null where nothing is expected of it. */
async function historyFor(
  found: Sendable,
  { store }: ReplaySources,
): Promise<readonly OutcomeRow[] | null> {
  if (found.kind === 'skip' || found.record.topic !== REQUEST_TOPIC) return null;
  const { couponId, userId } = found.record.request;
  return store.outcomesOf(couponId, userId);
}

/** Of a request that can be sent: whether that would do what a replay is for. */
function planRequest(
  { record, isCopy }: Sendable & { readonly kind: 'send' },
  history: readonly OutcomeRow[] | null,
  { forecast, again, includesRejected }: ReplaySources,
): LetterPlan {
  if (history === null) return { kind: 'send', record, expected: null, isCopy };
  const outcome = forecast.expect(record.request, history);
  const expected = { couponId: record.request.couponId, outcome };
  if (outcome === 'REPEATED') {
    if (!again) return { kind: 'skip', code: 'ALREADY_DECIDED', expected };
  } else if (outcome !== 'ISSUED' && !includesRejected) {
    return { kind: 'skip', code: 'WOULD_BE_REJECTED', expected };
  }
  return { kind: 'send', record, expected, isCopy };
}

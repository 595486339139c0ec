import { isInternalTopic, isTopicName, REQUEST_TOPIC } from '../../coupon/topics.js';
import { BATCH_OVERHEAD_BYTES, recordBytes } from '../../records/batches.js';
import { readLetterHeaders } from '../headers.js';
import { fingerprintOf } from '../../records/fingerprint.js';
import { nameHeaders, requestOf } from '../../records/request-of.js';
import { DLQ_HEADER } from '../dead-letter.js';
import type { OriginRecords } from './origin-records.js';
import type { CouponStore, LetterIdentity, RequestIdentity } from '../../ports/coupon-store.js';
import type { LogRecord, Position } from '../../ports/log.js';
import type { OutgoingRecord } from '../../ports/record-sink.js';
import type { Expected, Forecast } from './forecast.js';
import { keptOriginal, originalInLetter } from './original.js';

/** A dead letter that was replayed this often is sent again only with --again. */
export const MAX_REPLAYS = 5;

/** Why a letter is not sent. */
export type SkipCode =
  /** It was replayed before, and --again is not given. */
  | 'ALREADY_REPLAYED'
  /** It came back MAX_REPLAYS times, and --again is not given. */
  | 'REPLAYED_TOO_OFTEN'
  /** It is not a valid request: it would fail again. */
  | 'NOT_A_REQUEST'
  /** The letter was cut, and Kafka has the original no longer. */
  | 'ORIGINAL_LOST'
  /** The topic it says it came from does not exist, or is Kafka's own. */
  | 'NO_SUCH_TOPIC'
  /** It says it came from another topic than that of requests, which was not asked for: anybody may write that. */
  | 'OTHER_TOPIC'
  /** It would not fit the topic with its replay count. */
  | 'TOO_LARGE'
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

/** What a replay sends: the original, and what has to be remembered of its letter. */
export interface ReplayRecord extends OutgoingRecord {
  readonly topic: string;
  readonly letter: LetterIdentity;
  readonly request: RequestIdentity;
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

/** Those that need no more to be said. */
type PlainSkip = Exclude<SkipCode, 'ALREADY_DECIDED' | 'WOULD_BE_REJECTED' | 'OTHER_TOPIC'>;

export interface ReplaySources extends ReplayChoices {
  readonly clusterId: string;
  readonly store: Pick<CouponStore, 'wasReplayed'>;
  readonly origins: OriginRecords;
  readonly forecast: Pick<Forecast, 'expect'>;
  readonly topicExists: (topic: string) => Promise<boolean>;
  /** A topic's max.message.bytes. */
  readonly maxMessageBytes: (topic: string) => Promise<number>;
}

/** What to do with one letter. Changes nothing. */
export async function planReplay(letter: LogRecord, sources: ReplaySources): Promise<LetterPlan> {
  const { clusterId, store, origins, again, allowedTopics } = sources;
  const identity = letterIdentity(letter, clusterId);
  const { origin, replayCount } = readLetterHeaders(letter.headers);
  if (!again) {
    if (await store.wasReplayed(identity)) return skip('ALREADY_REPLAYED');
    if (replayCount >= MAX_REPLAYS) return skip('REPLAYED_TOO_OFTEN');
  }
  const target = targetOf(letter, origin);
  if (!(await mayBeSentTo(target, sources))) return skip('NO_SUCH_TOPIC');
  if (target !== REQUEST_TOPIC && !allowedTopics.includes(target)) {
    return { kind: 'skip', code: 'OTHER_TOPIC', topic: target };
  }
  const kept = keptOriginal(letter, origin === null ? null : await origins.at(origin));
  const original = kept ?? originalInLetter(letter);
  if (original === null) return skip('ORIGINAL_LOST');
  const parsed = requestOf(original);
  if (!parsed.ok) return skip('NOT_A_REQUEST');
  const outgoing = replayOf(original, replayCount + 1);
  const limit = await sources.maxMessageBytes(target);
  if (recordBytes(outgoing) + BATCH_OVERHEAD_BYTES > limit) return skip('TOO_LARGE');
  const record = { ...outgoing, topic: target, letter: identity, request: parsed.request };
  return planRequest(record, sources, origin !== null && kept === null);
}

/** Of a request that can be sent: whether that would do what a replay is for. */
async function planRequest(
  record: ReplayRecord,
  { forecast, again, includesRejected }: ReplaySources,
  isCopy: boolean,
): Promise<LetterPlan> {
  if (record.topic !== REQUEST_TOPIC) return { kind: 'send', record, expected: null, isCopy };
  const outcome = await forecast.expect(record.request);
  const expected = { couponId: record.request.couponId, outcome };
  if (outcome === 'REPEATED') {
    if (!again) return { kind: 'skip', code: 'ALREADY_DECIDED', expected };
  } else if (outcome !== 'ISSUED' && !includesRejected) {
    return { kind: 'skip', code: 'WOULD_BE_REJECTED', expected };
  }
  return { kind: 'send', record, expected, isCopy };
}

/** What a header says may be any text: Kafka is asked for none that can't be a topic. */
async function mayBeSentTo(topic: string, { topicExists }: ReplaySources): Promise<boolean> {
  return isTopicName(topic) && !isInternalTopic(topic) && (await topicExists(topic));
}

/** As the store remembers a letter that was replayed. */
export function letterIdentity(letter: LogRecord, clusterId: string): LetterIdentity {
  const { topic, partition } = letter;
  return { clusterId, topic, partition, ...fingerprintOf(letter) };
}

/** The original as it is sent again: under the name that it had, and with its replays counted. */
function replayOf(original: LogRecord, replays: number): OutgoingRecord {
  const { key, value, headers } = original;
  return {
    key,
    value,
    headers: {
      ...headers,
      ...nameHeaders(original),
      [DLQ_HEADER.replayCount]: Buffer.from(String(replays)),
    },
  };
}

/** Where it came from: but not back into the DLQ, when it died on its way out of it. */
function targetOf({ topic }: LogRecord, origin: Position | null): string {
  return origin === null || origin.topic === topic ? REQUEST_TOPIC : origin.topic;
}

function skip(code: PlainSkip): LetterPlan {
  return { kind: 'skip', code };
}

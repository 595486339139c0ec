import { isInternalTopic, isTopicName, REQUEST_TOPIC } from '../../coupon/topics.js';
import type { RequestIdentity } from '../../ports/coupon-store.js';
import type { LetterIdentity } from '../../ports/replayed-letters.js';
import type { LogRecord, Position } from '../../ports/log.js';
import type { OutgoingRecord } from '../../ports/record-sink.js';
import { BATCH_OVERHEAD_BYTES, recordBytes } from '../../records/batches.js';
import { nameHeaders, requestOf } from '../../records/request-of.js';
import { DLQ_HEADER } from '../dead-letter.js';
import { readLetterHeaders } from '../headers.js';
import { letterIdentity } from '../letter-identity.js';
import type { OriginRecords } from './origin-records.js';
import { keptOriginal, originalInLetter } from './original.js';

/** A dead letter that was replayed this often is sent again only with --again. */
export const MAX_REPLAYS = 5;

/** Why a letter can't be sent, whatever would become of it. */
export type PlainSkip =
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
  /** It would not fit the topic with its replay count. */
  | 'TOO_LARGE';

/** What a replay sends: the original, and what has to be remembered of its letter. */
export interface ReplayRecord extends OutgoingRecord {
  readonly topic: string;
  readonly letter: LetterIdentity;
  readonly request: RequestIdentity;
}

export type Sendable =
  | {
      readonly kind: 'send';
      readonly record: ReplayRecord;
      /** Its origin position holds that record no longer, so the letter's copy is sent. */
      readonly isCopy: boolean;
    }
  | { readonly kind: 'skip'; readonly code: 'OTHER_TOPIC'; readonly topic: string }
  | { readonly kind: 'skip'; readonly code: PlainSkip };

export interface SendableSources {
  readonly clusterId: string;
  readonly origins: OriginRecords;
  readonly topicExists: (topic: string) => Promise<boolean>;
  /** A topic's max.message.bytes. */
  readonly maxMessageBytes: (topic: string) => Promise<number>;
  /** Also what was replayed too often. */
  readonly again: boolean;
  /** Topics beside that of requests that a letter may go back to. */
  readonly allowedTopics: readonly string[];
}

/** What of a letter can be sent, and where. */
export async function sendable(letter: LogRecord, sources: SendableSources): Promise<Sendable> {
  const { clusterId, origins, again, allowedTopics } = sources;
  const { origin, replayCount } = readLetterHeaders(letter.headers);
  if (!again && replayCount >= MAX_REPLAYS) return skip('REPLAYED_TOO_OFTEN');
  const topic = targetOf(letter, origin);
  if (!(await mayBeSentTo(topic, sources))) return skip('NO_SUCH_TOPIC');
  // Asked before anything is read there.
  if (topic !== REQUEST_TOPIC && !allowedTopics.includes(topic)) {
    return { kind: 'skip', code: 'OTHER_TOPIC', topic };
  }
  const kept = keptOriginal(letter, origin === null ? null : await origins.at(origin));
  const original = kept ?? originalInLetter(letter);
  if (original === null) return skip('ORIGINAL_LOST');
  const parsed = requestOf(original);
  if (!parsed.ok) return skip('NOT_A_REQUEST');
  const outgoing = replayOf(original, replayCount + 1);
  const limit = await sources.maxMessageBytes(topic);
  if (recordBytes(outgoing) + BATCH_OVERHEAD_BYTES > limit) return skip('TOO_LARGE');
  const identity = letterIdentity(letter, clusterId);
  const record = { ...outgoing, topic, letter: identity, request: parsed.request };
  return { kind: 'send', record, isCopy: origin !== null && kept === null };
}

/** What a header says may be any text: Kafka is asked for none that can't be a topic. */
async function mayBeSentTo(topic: string, { topicExists }: SendableSources): Promise<boolean> {
  return isTopicName(topic) && !isInternalTopic(topic) && (await topicExists(topic));
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

export function skip(code: PlainSkip): { readonly kind: 'skip'; readonly code: PlainSkip } {
  return { kind: 'skip', code };
}

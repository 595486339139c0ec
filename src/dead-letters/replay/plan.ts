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
import { originalOf } from './original.js';

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
  /** It would not fit the topic with its replay count. */
  | 'TOO_LARGE';

/** What a replay sends: the original, and what has to be remembered of its letter. */
export interface ReplayRecord extends OutgoingRecord {
  readonly topic: string;
  readonly letter: LetterIdentity;
  readonly request: RequestIdentity;
}

export type LetterPlan =
  | { readonly kind: 'send'; readonly record: ReplayRecord }
  | { readonly kind: 'skip'; readonly code: SkipCode };

export interface ReplaySources {
  readonly clusterId: string;
  readonly store: Pick<CouponStore, 'wasReplayed'>;
  readonly origins: OriginRecords;
  /** A topic's max.message.bytes; null where there is no such topic. */
  readonly maxMessageBytes: (topic: string) => Promise<number | null>;
  /** Sends also what was replayed before, or too often. */
  readonly again: boolean;
}

/** What to do with one letter. Changes nothing. */
export async function planReplay(letter: LogRecord, sources: ReplaySources): Promise<LetterPlan> {
  const { clusterId, store, origins, again } = sources;
  const identity = letterIdentity(letter, clusterId);
  const { origin, replayCount } = readLetterHeaders(letter.headers);
  if (!again) {
    if (await store.wasReplayed(identity)) return skip('ALREADY_REPLAYED');
    if (replayCount >= MAX_REPLAYS) return skip('REPLAYED_TOO_OFTEN');
  }
  const original = originalOf(letter, origin === null ? null : await origins.at(origin));
  if (original === null) return skip('ORIGINAL_LOST');
  const parsed = requestOf(original);
  if (!parsed.ok) return skip('NOT_A_REQUEST');
  const target = targetOf(letter, origin);
  const mayExist = isTopicName(target) && !isInternalTopic(target);
  const limit = mayExist ? await sources.maxMessageBytes(target) : null;
  if (limit === null) return skip('NO_SUCH_TOPIC');
  const record = replayOf(original, replayCount + 1);
  if (recordBytes(record) + BATCH_OVERHEAD_BYTES > limit) return skip('TOO_LARGE');
  return {
    kind: 'send',
    record: { ...record, topic: target, letter: identity, request: parsed.request },
  };
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

function skip(code: SkipCode): LetterPlan {
  return { kind: 'skip', code };
}

/** Dead letters as the console tells them, made when they are asked for: 100,000 of them cost nothing. */
import { REQUEST_TOPIC } from '../../../src/coupon/topics.js';
import type {
  LetterCount,
  LetterFilterData,
  LetterRow,
  LettersData,
  WholeLetter,
} from '../../../src/serve/console/wire/letters.js';
import { NOW_MS } from './sale.js';

/** Those that a console has, by age: 0 is the oldest. */
export interface Letters {
  readonly count: number;
  at(index: number): WholeLetter;
}

const SCRIPTED = [
  {
    code: 'PROCESSING_FAILED',
    reason: 'could not serialize access due to concurrent update',
    retries: 3,
  },
  {
    code: 'WRONG_TYPE',
    reason: 'couponId must be a whole number, but it is a string ("black-friday").',
    retries: 0,
  },
  {
    code: 'PROCESSING_FAILED',
    reason: 'canceling statement due to statement timeout',
    retries: 3,
  },
  { code: 'MALFORMED_JSON', reason: 'The value is not JSON: it ends after 41 bytes.', retries: 0 },
  { code: 'MISSING_FIELD', reason: 'userId is missing.', retries: 0 },
] as const;

/** The last came 40 s ago, each other one 7.3 s before the next. */
function scriptedLetter(index: number, count: number): WholeLetter {
  const { code, reason, retries } =
    SCRIPTED[(index * 7 + (index >> 2)) % SCRIPTED.length] ?? SCRIPTED[0];
  const couponId = code === 'MALFORMED_JSON' ? null : ([1, 1, 2, 1, 3][index % 5] ?? 1);
  const userId = code === 'MISSING_FIELD' || couponId === null ? null : 20_000 + index;
  const timestampMs = NOW_MS - 40_000 - (count - 1 - index) * 7_300;
  const original =
    couponId === null
      ? '{"eventId":"7c9e6679-7425","couponId":1,"use'
      : JSON.stringify({
          eventId: `7c9e6679-7425-40de-944b-${String(index).padStart(12, '0')}`,
          eventType: 'COUPON_ISSUE_REQUESTED',
          couponId: code === 'WRONG_TYPE' ? 'black-friday' : couponId,
          ...(userId === null ? {} : { userId }),
          timestamp: timestampMs - 900,
        });
  const text = (value: string) => ({
    text: value,
    sizeBytes: Buffer.byteLength(value),
    isCut: false,
  });
  const origin = {
    topic: REQUEST_TOPIC,
    partition: index % 3,
    offset: String(380_112 + 3 * index),
  };
  return {
    partition: 0,
    offset: String(index),
    timestampMs,
    reasonCode: code,
    failureReason: reason,
    couponId,
    userId,
    retryCount: retries,
    replayCount: index % 11 === 3 ? 1 : 0,
    origin,
    lastAttemptAt: new Date(timestampMs).toISOString(),
    stackTrace:
      retries === 0
        ? null
        : `Error: ${reason}\n    at Parser.parseErrorMessage (node_modules/pg-protocol/src/parser.ts:368:69)\n    at applyGroup (src/store/postgres/apply.ts:88:11)`,
    key: couponId === null ? null : text(String(couponId)),
    original: text(original),
    isOriginalLost: false,
    value: text(JSON.stringify({ originalEvent: original, failureReason: reason })),
    headers: [
      { name: 'traceparent', value: text(traceparent(index)) },
      { name: 'coupon-dlq-reason', value: text(code) },
      { name: 'coupon-dlq-original-topic', value: text(origin.topic) },
      { name: 'coupon-dlq-original-partition', value: text(String(origin.partition)) },
      { name: 'coupon-dlq-original-offset', value: text(origin.offset) },
      { name: 'checksum', value: { base64: '3q2+7wAB/w==', sizeBytes: 7, isCut: false } },
    ],
    omittedHeaders: 0,
    traceparent: traceparent(index),
    wasReplayed: index % 11 === 3,
  };
}

function traceparent(index: number): string {
  const hex = (length: number) => (index + 1).toString(16).padStart(length, 'a');
  return `00-${hex(32)}-${hex(16)}-01`;
}

export function scriptedLetters(count: number): Letters {
  return { count, at: (index) => scriptedLetter(index, count) };
}

/** The same letter again and again, but for its place. */
export function sameLetters(count: number, changes: Partial<WholeLetter>): Letters {
  return { count, at: (index) => ({ ...scriptedLetter(index, count), ...changes }) };
}

/** The counts that `letters` come to. */
export function lettersData(letters: Letters, changes: Partial<LettersData> = {}): LettersData {
  const reasons = new Map<string | null, LetterCount<string>>();
  const coupons = new Map<number | null, LetterCount<number>>();
  let recent = 0;
  for (let index = 0; index < letters.count; index += 1) {
    const { reasonCode, couponId, timestampMs } = letters.at(index);
    addTo(reasons, reasonCode, timestampMs);
    addTo(coupons, couponId, timestampMs);
    if (timestampMs !== null && timestampMs > NOW_MS - 600_000) recent += 1;
  }
  return {
    total: letters.count,
    counted: letters.count,
    waiting: 0,
    reasons: mostFrequent(reasons),
    coupons: mostFrequent(coupons),
    ungrouped: 0,
    recent,
    ...changes,
  };
}

function addTo<Key>(
  counts: Map<Key | null, LetterCount<Key>>,
  key: Key | null,
  seenMs: number | null,
): void {
  const before = counts.get(key);
  counts.set(key, {
    key,
    count: (before?.count ?? 0) + 1,
    firstSeenMs: before?.firstSeenMs ?? seenMs,
    lastSeenMs: seenMs,
  });
}

function mostFrequent<Key>(
  counts: ReadonlyMap<Key | null, LetterCount<Key>>,
): readonly LetterCount<Key>[] {
  return [...counts.values()].sort((a, b) => b.count - a.count).slice(0, 50);
}

export function matches(letter: WholeLetter, filter: LetterFilterData): boolean {
  const { reason, coupon, partition, text, sinceMs, untilMs } = filter;
  const at = letter.timestampMs;
  return (
    (reason === undefined || letter.reasonCode === reason) &&
    (coupon === undefined || letter.couponId === coupon) &&
    (partition === undefined || letter.partition === partition) &&
    (sinceMs === undefined || (at !== null && at >= sinceMs)) &&
    (untilMs === undefined || (at !== null && at < untilMs)) &&
    (text === undefined || JSON.stringify(letter).toLowerCase().includes(text.toLowerCase()))
  );
}

/** What a table shows of a letter. */
export function rowOf(letter: WholeLetter): LetterRow {
  const { partition, offset, timestampMs, reasonCode, failureReason } = letter;
  const { couponId, userId, retryCount, replayCount, origin } = letter;
  return {
    ...{ partition, offset, timestampMs, reasonCode, failureReason },
    ...{ couponId, userId, retryCount, replayCount, origin },
  };
}

import { losslessObject } from '../coupon/lossless-json.js';
import { BATCH_OVERHEAD_BYTES, headerBytes } from '../records/batches.js';
import type { Headers, LogRecord } from '../ports/log.js';
import type { OutgoingRecord } from '../ports/record-sink.js';

/** The reason code of a record that failed for another reason than its own shape. */
export const PROCESSING_FAILED = 'PROCESSING_FAILED';

/** Why a record goes to the DLQ. */
export interface Failure {
  /** A machine code: MALFORMED_JSON, ..., PROCESSING_FAILED. */
  readonly reasonCode: string;
  readonly reason: string;
  readonly retryCount: number;
  readonly stackTrace: string;
}

export const DLQ_HEADER = {
  topic: 'coupon-dlq-origin-topic',
  partition: 'coupon-dlq-origin-partition',
  offset: 'coupon-dlq-origin-offset',
  timestamp: 'coupon-dlq-origin-timestamp',
  reason: 'coupon-dlq-reason',
  retryCount: 'coupon-dlq-retry-count',
  replayCount: 'coupon-dlq-replay-count',
} as const;

/** What had to be cut for a letter to fit its topic, as failureReason tells it at its end. */
const CUT = {
  stackTrace: 'the stack trace',
  headers: "the record's headers",
  key: 'the key',
  value: 'the original value of',
} as const;

const CUTS_SAID = / \(cut to fit the topic: ([^()]*)\)$/;

/** Which of the original a letter does not have whole, by its failureReason. */
export interface Cuts {
  readonly headers: boolean;
  readonly key: boolean;
  readonly value: boolean;
}

/** Reads what deadLetterOf says of its cuts. A stack trace that was cut is no loss to a replay. */
export function cutsIn(failureReason: string | null): Cuts {
  const said = CUTS_SAID.exec(failureReason ?? '')?.[1]?.split(', ') ?? [];
  return {
    headers: said.includes(CUT.headers),
    key: said.includes(CUT.key),
    value: said.some((cut) => cut.startsWith(CUT.value)),
  };
}

/** The value of a dead letter (docs/contract.md). */
interface DeadLetterValue {
  readonly originalEvent: unknown;
  readonly failureReason: string;
  readonly retryCount: number;
  readonly lastAttemptAt: string;
  readonly stackTrace: string;
}

const LONGEST_STACK_TRACE_BYTES = 8 * 1024;
const LONGEST_REASON_CHARACTERS = 2000;

/**
 * The dead letter of a record. It always fits `maxBytes` (the topic's max.message.bytes): headers
 * and a key that would take more than a third of it are cut, then the stack trace, then the end of
 * the original value, and failureReason says what was cut.
 */
export function deadLetterOf(
  record: LogRecord,
  failure: Failure,
  { nowMs, maxBytes }: { readonly nowMs: number; readonly maxBytes: number },
): OutgoingRecord {
  const own = originHeaders(record, failure);
  const budget = maxBytes - BATCH_OVERHEAD_BYTES - headerBytes(own);
  const cuts: string[] = [];
  const carried = withoutOurs(record.headers);
  const keepsHeaders = headerBytes(carried) <= budget / 3;
  if (!keepsHeaders) cuts.push(CUT.headers);
  const keepsKey = (record.key?.length ?? 0) <= budget / 3;
  if (!keepsKey) cuts.push(CUT.key);

  const key = keepsKey ? record.key : null;
  const headers: Headers = keepsHeaders ? { ...carried, ...own } : own;
  const room = budget - (keepsHeaders ? headerBytes(carried) : 0) - (key?.length ?? 0);
  const value = fitValue(record.value, failure, new Date(nowMs).toISOString(), room, cuts);
  return { key, value, headers };
}

/**
 * The original as the letter carries it: the object where the value is a JSON object that survives
 * parsing unchanged (numbers beyond 2^53 do not), else its text, else base64; null for no value.
 */
export function originalEvent(value: Buffer | null): unknown {
  if (value === null) return null;
  const shown = textOrBase64(value);
  return typeof shown === 'string' ? (losslessObject(shown) ?? shown) : shown;
}

/** Bytes as JSON can have them. */
export type TextOrBase64 = string | { readonly base64: string };

export function textOrBase64(value: Buffer): TextOrBase64 {
  const text = value.toString('utf8');
  return Buffer.from(text, 'utf8').equals(value) ? text : { base64: value.toString('base64') };
}

function fitValue(
  value: Buffer | null,
  failure: Failure,
  lastAttemptAt: string,
  room: number,
  cuts: string[],
): Buffer {
  // JSON writes at worst six bytes a character (\u0000): the reason takes less than a third.
  const longestReason = Math.min(LONGEST_REASON_CHARACTERS, Math.floor(room / 20));
  const encode = (original: unknown, stackTrace: string): Buffer => {
    const said = cuts.length === 0 ? '' : ` (cut to fit the topic: ${cuts.join(', ')})`;
    const letter: DeadLetterValue = {
      originalEvent: original,
      failureReason: failure.reason.slice(0, longestReason) + said,
      retryCount: failure.retryCount,
      lastAttemptAt,
      stackTrace,
    };
    return Buffer.from(JSON.stringify(letter), 'utf8');
  };
  const stack = failure.stackTrace.slice(0, LONGEST_STACK_TRACE_BYTES);
  const whole = encode(originalEvent(value), stack);
  if (whole.length <= room) return whole;
  if (stack !== '') {
    cuts.push(CUT.stackTrace);
    const withoutStack = encode(originalEvent(value), '');
    if (withoutStack.length <= room) return withoutStack;
  }
  const original = value ?? Buffer.alloc(0);
  cuts.push(`${CUT.value} ${String(original.length)} bytes`);
  // JSON escapes at worst six characters a byte (\u0000), base64 a third more: halve until it fits.
  for (let kept = Math.min(original.length, room); kept > 0; kept = Math.floor(kept / 2)) {
    const part = encode(cutEvent(original.subarray(0, kept)), '');
    if (part.length <= room) return part;
  }
  return encode('', '');
}

/** The beginning of a value: text where it is text (a character may be cut in two), else base64. */
function cutEvent(part: Buffer): unknown {
  const text = part.toString('utf8').replace(/\uFFFD+$/, '');
  return part.length - Buffer.byteLength(text, 'utf8') < 4 && !text.includes('\uFFFD')
    ? text
    : { base64: part.toString('base64') };
}

function originHeaders(record: LogRecord, failure: Failure): Record<string, Buffer> {
  const replays = String([record.headers[DLQ_HEADER.replayCount] ?? []].flat().at(-1) ?? '');
  return {
    [DLQ_HEADER.topic]: Buffer.from(record.topic),
    [DLQ_HEADER.partition]: Buffer.from(String(record.partition)),
    [DLQ_HEADER.offset]: Buffer.from(record.offset.toString()),
    [DLQ_HEADER.timestamp]: Buffer.from(record.timestamp.toString()),
    [DLQ_HEADER.reason]: Buffer.from(failure.reasonCode),
    [DLQ_HEADER.retryCount]: Buffer.from(String(failure.retryCount)),
    // Anybody can send a header; only a count is taken over.
    [DLQ_HEADER.replayCount]: Buffer.from(/^\d{1,9}$/.test(replays) ? replays : '0'),
  };
}

/** A record that was replayed carries headers of its first letter: new ones take their place. */
export function withoutOurs(headers: Headers): Headers {
  const own = new Set<string>(Object.values(DLQ_HEADER));
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !own.has(name)));
}

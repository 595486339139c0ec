import { schemaIdOf } from '../coupon/request.js';
import { BATCH_OVERHEAD_BYTES, headerBytes } from '../records/batches.js';
import type { Headers, LogRecord } from '../ports/log.js';
import type { OutgoingRecord } from '../ports/record-sink.js';
import { originalEvent } from './original-value.js';

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
  cut: 'coupon-dlq-cut',
  /** Of the five bytes that Confluent's serializer writes before JSON, where the original has them. */
  schemaId: 'coupon-dlq-schema-id',
  /** The original's TYPE_HEADER. */
  typeId: 'coupon-dlq-type-id',
} as const;

/**
 * spring-kafka's JsonSerializer names the class of the value in it, and its JsonDeserializer believes
 * that. A dead letter is not of the class of its original, so there it has another name.
 */
export const TYPE_HEADER = '__TypeId__';

/** What had to be cut for a dead letter to fit its topic: by header, and as failureReason says it. */
const CUTS = {
  'stack-trace': 'the stack trace',
  headers: "the record's headers",
  key: 'the key',
  value: 'the original value of',
} as const;

type Cut = keyof typeof CUTS;

const NO_CUTS = 'none';

/** Version 0.1 wrote no header: there the end of failureReason says it. */
const CUTS_SAID = / \(cut to fit the topic: ([^()]*)\)$/;

/** Which parts of the original a dead letter does not have whole. */
export interface Cuts {
  readonly headers: boolean;
  readonly key: boolean;
  readonly value: boolean;
}

/** Reads what deadLetterOf wrote. A stack trace that was cut is no loss to a replay. */
export function cutsIn(headers: Headers, failureReason: string | null): Cuts {
  const header = [headers[DLQ_HEADER.cut] ?? []].flat().at(-1)?.toString('latin1').split(',');
  const said = CUTS_SAID.exec(failureReason ?? '')?.[1]?.split(', ') ?? [];
  const wasCut = (part: Cut) =>
    header?.includes(part) ?? said.some((cut) => cut.startsWith(CUTS[part]));
  return { headers: wasCut('headers'), key: wasCut('key'), value: wasCut('value') };
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
  const longestCut = cutHeader(Object.keys(CUTS));
  const budget = maxBytes - BATCH_OVERHEAD_BYTES - headerBytes({ ...own, ...longestCut });
  const cuts = new Map<Cut, string>();
  const carried = renamed(withoutOurs(record.headers), TYPE_HEADER, DLQ_HEADER.typeId);
  const keepsHeaders = headerBytes(carried) <= budget / 3;
  if (!keepsHeaders) cuts.set('headers', CUTS.headers);
  const keepsKey = (record.key?.length ?? 0) <= budget / 3;
  if (!keepsKey) cuts.set('key', CUTS.key);

  const key = keepsKey ? record.key : null;
  const room = budget - (keepsHeaders ? headerBytes(carried) : 0) - (key?.length ?? 0);
  const value = fitValue(record.value, failure, new Date(nowMs).toISOString(), room, cuts);
  const headers = { ...own, ...cutHeader([...cuts.keys()]) };
  return { key, value, headers: keepsHeaders ? { ...carried, ...headers } : headers };
}

function cutHeader(cuts: readonly string[]): Headers {
  return { [DLQ_HEADER.cut]: Buffer.from(cuts.length === 0 ? NO_CUTS : cuts.join(',')) };
}

function fitValue(
  value: Buffer | null,
  failure: Failure,
  lastAttemptAt: string,
  room: number,
  cuts: Map<Cut, string>,
): Buffer {
  // JSON writes at worst six bytes a character (\u0000): the reason takes less than a third.
  const longestReason = Math.min(LONGEST_REASON_CHARACTERS, Math.floor(room / 20));
  const encode = (original: unknown, stackTrace: string): Buffer => {
    const said = cuts.size === 0 ? '' : ` (cut to fit the topic: ${[...cuts.values()].join(', ')})`;
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
    cuts.set('stack-trace', CUTS['stack-trace']);
    const withoutStack = encode(originalEvent(value), '');
    if (withoutStack.length <= room) return withoutStack;
  }
  const original = value ?? Buffer.alloc(0);
  cuts.set('value', `${CUTS.value} ${String(original.length)} bytes`);
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
  const schemaId = record.value === null ? null : schemaIdOf(record.value);
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
    ...(schemaId === null ? {} : { [DLQ_HEADER.schemaId]: Buffer.from(String(schemaId)) }),
  };
}

/** The headers of the original as it had them, out of a dead letter of ours. */
export function withTypeHeader(headers: Headers): Headers {
  return renamed(headers, DLQ_HEADER.typeId, TYPE_HEADER);
}

function renamed(headers: Headers, from: string, to: string): Headers {
  if (!Object.hasOwn(headers, from)) return headers;
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name === from ? to : name, value]),
  );
}

/** A record that was replayed carries headers of its first letter: new ones take their place. */
export function withoutOurs(headers: Headers): Headers {
  const own = new Set<string>(Object.values(DLQ_HEADER));
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !own.has(name)));
}

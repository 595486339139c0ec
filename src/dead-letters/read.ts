import { instantIn, type Instant } from '../coupon/instant.js';
import { isShallow, losslessObject, memberText, numberText } from '../coupon/lossless-json.js';
import { FRAMING_BYTES, schemaIdOf } from '../coupon/request.js';
import { withTypeHeader } from './dead-letter.js';
import { codeInStackTrace } from './exception-code.js';
import { readLetterHeaders } from './headers.js';
import type { LogRecord, Position } from '../ports/log.js';
import { originalEvent, textOrBase64, type TextOrBase64 } from './original-value.js';
import { timestampMsOf, usableInstantMs } from '../records/timestamp.js';

/** A dead letter as an operator sees it. What it does not tell is null. */
export interface DeadLetter {
  readonly partition: number;
  readonly offset: bigint;
  readonly timestampMs: number | null;
  readonly key: TextOrBase64 | null;
  readonly originalEvent: unknown;
  readonly failureReason: string | null;
  readonly reasonCode: string | null;
  readonly retryCount: number | null;
  /** An instant where it is understood, else the text as it is. */
  readonly lastAttemptAt: Instant | string | null;
  readonly stackTrace: string | null;
  readonly origin: Position | null;
  /** Of the five bytes that Confluent's serializer wrote before the original's JSON. */
  readonly schemaId: number | null;
  readonly replayCount: number;
  /** As the record has them; `__TypeId__` of the original under its own name. */
  readonly headers: Readonly<Record<string, unknown>>;
}

/** The value of a dead letter of ours, or of another system of this shape (docs/contract.md). */
export interface Envelope {
  readonly originalEvent: unknown;
  /** The JSON of originalEvent, with the numbers as they stand in the letter. */
  readonly originalJson: string;
  readonly failureReason: string | null;
  readonly retryCount: number | null;
  readonly lastAttemptAt: Instant | string | null;
  readonly stackTrace: string | null;
}

/** Reads one record of the DLQ. Never fails: what is no letter of ours shows its plain value. */
export function readDeadLetter(record: LogRecord): DeadLetter {
  const envelope = envelopeIn(record.value);
  const headers = readLetterHeaders(record.headers);
  return {
    partition: record.partition,
    offset: record.offset,
    timestampMs: usableInstantMs(timestampMsOf(record)),
    key: record.key === null ? null : textOrBase64(record.key),
    originalEvent: envelope === null ? originalEvent(record.value) : envelope.originalEvent,
    failureReason: envelope?.failureReason ?? headers.failureReason,
    reasonCode: headers.reasonCode ?? codeInStackTrace(envelope?.stackTrace ?? ''),
    retryCount: envelope?.retryCount ?? headers.retryCount,
    lastAttemptAt: envelope?.lastAttemptAt ?? null,
    stackTrace: envelope?.stackTrace ?? headers.stackTrace,
    origin: headers.origin,
    schemaId:
      headers.schemaId ?? schemaIdIn(envelope === null ? record.value : envelope.originalEvent),
    replayCount: headers.replayCount,
    headers: Object.fromEntries(
      Object.entries(withTypeHeader(record.headers)).map(([name, value]) => [
        name,
        Buffer.isBuffer(value) ? textOrBase64(value) : value.map(textOrBase64),
      ]),
    ),
  };
}

/** Of a value, or of an original that version 0.1 wrote as text, with the five bytes. */
function schemaIdIn(value: unknown): number | null {
  if (typeof value === 'string')
    return value.startsWith('\0') ? schemaIdOf(Buffer.from(value)) : null;
  return Buffer.isBuffer(value) ? schemaIdOf(value) : null;
}

/** The envelope that a value is, or null where it is the plain original, as others write it. */
export function envelopeIn(value: Buffer | null): Envelope | null {
  if (value === null) return null;
  const framingBytes = schemaIdOf(value) === null ? 0 : FRAMING_BYTES;
  const text = value.toString('utf8', framingBytes).replace(/^\uFEFF/, '');
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof parsed !== 'object' || parsed === null) return null;
  if (!('originalEvent' in parsed) || !('failureReason' in parsed)) return null;
  const fields: Readonly<Record<string, unknown>> = { ...parsed };
  const original = originalIn(parsed, text);
  if (original === null) return null;
  return {
    ...original,
    failureReason: textOf(fields['failureReason']),
    retryCount: countOf(fields['retryCount']),
    lastAttemptAt: timeOf(fields['lastAttemptAt'], text),
    stackTrace: textOf(fields['stackTrace']),
  };
}

type Original = Pick<Envelope, 'originalEvent' | 'originalJson'>;

/** Null where it nests too deep to be written again. */
function originalIn(parsed: object & { originalEvent: unknown }, text: string): Original | null {
  // Ours are written as JSON.stringify does. What others write may not survive parsing.
  if (isShallow(parsed) && JSON.stringify(parsed) === text) {
    const originalEvent = parsed.originalEvent ?? null;
    return { originalEvent, originalJson: JSON.stringify(originalEvent) };
  }
  try {
    const originalJson = memberText(text, 'originalEvent') ?? 'null';
    const isWhole = originalJson === 'null' || originalJson.startsWith('"');
    const originalEvent: unknown = isWhole
      ? JSON.parse(originalJson)
      : (losslessObject(originalJson) ?? originalJson);
    return { originalEvent, originalJson };
  } catch {
    return null;
  }
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** A number of seconds may have more digits than a double: its text has them all. */
function timeOf(value: unknown, text: string): Instant | string | null {
  const exact = typeof value === 'number' ? (numberText(text, 'lastAttemptAt') ?? value) : value;
  return instantIn(exact) ?? textOf(value);
}

function countOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

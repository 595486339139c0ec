import { originalEvent, DLQ_HEADER } from '../pipeline/dead-letter.js';
import type { Headers, LogRecord, Position } from '../pipeline/ports.js';

/** A dead letter as an operator sees it. What it does not tell is null. */
export interface DeadLetter {
  readonly partition: number;
  readonly offset: bigint;
  readonly timestampMs: number;
  readonly key: string | null;
  readonly originalEvent: unknown;
  readonly failureReason: string | null;
  readonly reasonCode: string | null;
  readonly retryCount: number | null;
  readonly lastAttemptAt: string | null;
  readonly stackTrace: string | null;
  readonly origin: Position | null;
  readonly replayCount: number;
  readonly headers: Readonly<Record<string, unknown>>;
}

/** Reads one record of the DLQ. Never fails: what is no letter of ours shows its plain value. */
export function readDeadLetter(record: LogRecord): DeadLetter {
  const letter = letterIn(record.value);
  const header = (name: string) => headerText(record.headers, name);
  return {
    partition: record.partition,
    offset: record.offset,
    timestampMs: record.timestampMs,
    key: record.key?.toString('utf8') ?? null,
    originalEvent:
      letter === null ? originalEvent(record.value) : (letter['originalEvent'] ?? null),
    failureReason: textOf(letter?.['failureReason']),
    reasonCode: header(DLQ_HEADER.reason),
    retryCount: numberOf(letter?.['retryCount']) ?? numberOf(header(DLQ_HEADER.retryCount)),
    lastAttemptAt: textOf(letter?.['lastAttemptAt']),
    stackTrace: textOf(letter?.['stackTrace']),
    origin: originOf(record.headers),
    replayCount: numberOf(header(DLQ_HEADER.replayCount)) ?? 0,
    headers: Object.fromEntries(
      Object.entries(record.headers).map(([name, value]) => [name, headerJson(value)]),
    ),
  };
}

/** Where a dead letter came from, by its headers; null where they do not say. */
export function originOf(headers: Headers): Position | null {
  const topic = headerText(headers, DLQ_HEADER.topic);
  const partition = headerText(headers, DLQ_HEADER.partition);
  const offset = headerText(headers, DLQ_HEADER.offset);
  if (topic === null || partition === null || offset === null) return null;
  if (!/^\d{1,9}$/.test(partition) || !/^\d{1,19}$/.test(offset)) return null;
  return { topic, partition: Number(partition), offset: BigInt(offset) };
}

/** The letter in a value, or null where it is another program's record. */
function letterIn(value: Buffer | null): Readonly<Record<string, unknown>> | null {
  try {
    const parsed: unknown = JSON.parse(value?.toString('utf8') ?? '');
    const isLetter = typeof parsed === 'object' && parsed !== null && 'originalEvent' in parsed;
    return isLetter ? parsed : null;
  } catch {
    return null;
  }
}

function headerText(headers: Headers, name: string): string | null {
  const value = headers[name];
  if (value === undefined) return null;
  return (Buffer.isBuffer(value) ? value : value.at(-1))?.toString('utf8') ?? null;
}

/** Text where it is text, else base64, one or several. */
function headerJson(value: Buffer | readonly Buffer[]): unknown {
  if (!Buffer.isBuffer(value)) return value.map(headerJson);
  const text = value.toString('utf8');
  return Buffer.from(text, 'utf8').equals(value) ? text : { base64: value.toString('base64') };
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function numberOf(value: unknown): number | null {
  if (value === null || value === undefined || value === '') return null;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : null;
}

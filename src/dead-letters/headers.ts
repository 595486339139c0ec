/** What the headers of a dead letter say, whichever program wrote it. */
import { DLQ_HEADER, withTypeHeader } from './dead-letter.js';
import { DIALECTS, type Dialect, type LetterWriter } from './dialects.js';
import { codeOfException } from './exception-code.js';
import type { Headers, Position } from '../ports/log.js';

/** What is not told is null. */
export interface LetterHeaders {
  readonly writer: LetterWriter | null;
  readonly origin: Position | null;
  /** In ms, as Kafka had it: any 64-bit value. */
  readonly originTimestamp: bigint | null;
  /** Of the five bytes that Confluent's serializer wrote before the original's JSON. */
  readonly schemaId: number | null;
  readonly reasonCode: string | null;
  readonly failureReason: string | null;
  readonly stackTrace: string | null;
  readonly retryCount: number | null;
  readonly replayCount: number;
}

/** Reads the headers of a dead letter. Never fails: what makes no sense counts as not told. */
export function readLetterHeaders(headers: Headers): LetterHeaders {
  const replayCount = upToLargest(wholeNumber(headers, DLQ_HEADER.replayCount) ?? 0n);
  const dialect = dialectOf(headers);
  if (dialect === undefined) return { ...NOTHING, replayCount };
  return {
    writer: dialect.writer,
    origin: originBy(dialect, headers),
    originTimestamp: integer(headers, dialect.timestamp),
    schemaId: schemaIdIn(headers),
    reasonCode: text(headers, dialect.code) ?? exceptionCode(dialect, headers),
    failureReason: firstText(headers, dialect.messages),
    stackTrace: firstText(headers, dialect.stackTraces),
    retryCount: retriesBy(dialect, headers),
    replayCount,
  };
}

/** Which program wrote the dead letter that has these headers; null where they don't say. */
export function writerOf(headers: Readonly<Record<string, unknown>>): LetterWriter | null {
  return dialectOf(headers)?.writer ?? null;
}

/** Where a dead letter came from; null where its headers do not say. */
export function originOf(headers: Headers): Position | null {
  return readLetterHeaders(headers).origin;
}

/** The headers of the original record: without ours, and without those of the letter's writer. */
export function originalHeaders(headers: Headers): Headers {
  const prefixes = [DIALECTS[0], dialectOf(headers)].flatMap((dialect) => dialect?.prefixes ?? []);
  return Object.fromEntries(
    Object.entries(withTypeHeader(headers)).filter(
      ([name]) => !prefixes.some((prefix) => name.startsWith(prefix)),
    ),
  );
}

const NOTHING: LetterHeaders = {
  writer: null,
  origin: null,
  originTimestamp: null,
  schemaId: null,
  reasonCode: null,
  failureReason: null,
  stackTrace: null,
  retryCount: null,
  replayCount: 0,
};

/**
 * What no writer is known by: a replayed record carries our replay count, and spring-kafka's retry topics
 * name the group as its recoverer does.
 */
const SHARED_NAMES: readonly string[] = [
  DLQ_HEADER.replayCount,
  'kafka_dlt-original-consumer-group',
];

function dialectOf(headers: Readonly<Record<string, unknown>>): Dialect | undefined {
  const names = Object.keys(headers).filter((name) => !SHARED_NAMES.includes(name));
  return DIALECTS.find(({ marks }) =>
    names.some((name) => marks.some((mark) => name.startsWith(mark))),
  );
}

function retriesBy({ retries, attempts }: Dialect, headers: Headers): number | null {
  const counted = toNumber(wholeNumber(headers, attempts?.header ?? retries));
  return counted === null ? null : Math.max(0, counted - (attempts?.beforeRetries ?? 0));
}

function originBy(dialect: Dialect, headers: Headers): Position | null {
  const topic = text(headers, dialect.topic);
  const partition = wholeNumber(headers, dialect.partition);
  const offset = wholeNumber(headers, dialect.offset);
  if (topic === null || partition === null || offset === null) return null;
  return partition > MAX_INT32 || offset > MAX_INT64
    ? null
    : { topic, partition: Number(partition), offset };
}

function schemaIdIn(headers: Headers): number | null {
  const schemaId = wholeNumber(headers, DLQ_HEADER.schemaId);
  return schemaId === null || schemaId > MAX_UINT32 ? null : Number(schemaId);
}

const MAX_INT32 = 2n ** 31n - 1n;
const MAX_UINT32 = 2n ** 32n - 1n;
const MAX_INT64 = 2n ** 63n - 1n;

function exceptionCode({ exceptions }: Dialect, headers: Headers): string | null {
  return codeOfException(firstText(headers, exceptions) ?? '');
}

/** The last value of a header. */
function valueOf(headers: Headers, name: string | null): Buffer | null {
  const value = name === null ? undefined : headers[name];
  if (value === undefined) return null;
  return Buffer.isBuffer(value) ? value : (value.at(-1) ?? null);
}

function text(headers: Headers, name: string | null): string | null {
  const said = valueOf(headers, name)?.toString('utf8') ?? '';
  return said === '' ? null : said;
}

function firstText(headers: Headers, names: readonly string[]): string | null {
  return names.map((name) => text(headers, name)).find((found) => found !== null) ?? null;
}

/** Digits, as most write a number, or spring-kafka's 4 or 8 bytes, big-endian. */
function integer(headers: Headers, name: string | null): bigint | null {
  const value = valueOf(headers, name);
  if (value === null) return null;
  const digits = value.toString('latin1');
  if (/^-?\d{1,19}$/.test(digits)) return BigInt(digits);
  if (value.length !== 4 && value.length !== 8) return null;
  return value.length === 4 ? BigInt(value.readInt32BE()) : value.readBigInt64BE();
}

function wholeNumber(headers: Headers, name: string | null): bigint | null {
  const number = integer(headers, name);
  return number === null || number < 0n ? null : number;
}

/** Anybody may write a count: one beyond 2^53 - 1 is that many, not none. */
function upToLargest(value: bigint): number {
  return toNumber(value) ?? Number.MAX_SAFE_INTEGER;
}

function toNumber(value: bigint | null): number | null {
  return value === null || value > BigInt(Number.MAX_SAFE_INTEGER) ? null : Number(value);
}

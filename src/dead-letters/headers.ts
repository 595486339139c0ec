/**
 * What the headers of a dead letter say, whoever wrote it: this program, spring-kafka's
 * DeadLetterPublishingRecoverer (`kafka_dlt-*`), Kafka Connect (`__connect.errors.*`, KIP-298) or a
 * share group (`__dlq.errors.*`, KIP-1191). docs/dead-letters.md has them side by side.
 */
import { DLQ_HEADER, withTypeHeader } from './dead-letter.js';
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

export type LetterWriter = 'coupons' | 'spring-kafka' | 'connect' | 'share-group';

/** The names of one writer's headers; null where it has none for it. */
interface Dialect {
  readonly writer: LetterWriter;
  /** All its headers start so, and the original record's own do not. */
  readonly prefix: string;
  readonly topic: string;
  readonly partition: string;
  readonly offset: string;
  readonly timestamp: string | null;
  /** A machine code as it is. */
  readonly code: string | null;
  /** Full names of Java classes, the one that says most first. */
  readonly exceptions: readonly string[];
  readonly message: string | null;
  readonly stackTrace: string | null;
  readonly retries: string | null;
  /** Counts the first attempt as well. */
  readonly deliveries: string | null;
}

/**
 * In this order: the record of our dead letter may have been another program's dead letter before,
 * and then has that program's headers among its own.
 */
const DIALECTS: readonly Dialect[] = [
  {
    writer: 'coupons',
    prefix: 'coupon-dlq-',
    topic: DLQ_HEADER.topic,
    partition: DLQ_HEADER.partition,
    offset: DLQ_HEADER.offset,
    timestamp: DLQ_HEADER.timestamp,
    code: DLQ_HEADER.reason,
    exceptions: [],
    message: null,
    stackTrace: null,
    retries: DLQ_HEADER.retryCount,
    deliveries: null,
  },
  {
    writer: 'spring-kafka',
    prefix: 'kafka_dlt-',
    topic: 'kafka_dlt-original-topic',
    partition: 'kafka_dlt-original-partition',
    offset: 'kafka_dlt-original-offset',
    timestamp: 'kafka_dlt-original-timestamp',
    code: null,
    // The first is mostly the container's own wrapper, whose cause says what happened.
    exceptions: ['kafka_dlt-exception-cause-fqcn', 'kafka_dlt-exception-fqcn'],
    message: 'kafka_dlt-exception-message',
    stackTrace: 'kafka_dlt-exception-stacktrace',
    retries: null,
    deliveries: null,
  },
  {
    writer: 'connect',
    prefix: '__connect.errors.',
    topic: '__connect.errors.topic',
    partition: '__connect.errors.partition',
    offset: '__connect.errors.offset',
    timestamp: null,
    code: null,
    exceptions: ['__connect.errors.exception.class.name'],
    message: '__connect.errors.exception.message',
    stackTrace: '__connect.errors.exception.stacktrace',
    retries: null,
    deliveries: null,
  },
  {
    writer: 'share-group',
    prefix: '__dlq.errors.',
    topic: '__dlq.errors.topic',
    partition: '__dlq.errors.partition',
    offset: '__dlq.errors.offset',
    timestamp: null,
    code: null,
    exceptions: [],
    message: '__dlq.errors.message',
    stackTrace: null,
    retries: null,
    deliveries: '__dlq.errors.delivery.count',
  },
];

/** Reads the headers of a dead letter. Never fails: what makes no sense counts as not told. */
export function readLetterHeaders(headers: Headers): LetterHeaders {
  const replayCount = upToLargest(wholeNumber(headers, DLQ_HEADER.replayCount) ?? 0n);
  const dialect = dialectOf(headers);
  if (dialect === undefined) return { ...NOTHING, replayCount };
  const deliveries = toNumber(wholeNumber(headers, dialect.deliveries));
  return {
    writer: dialect.writer,
    origin: originBy(dialect, headers),
    originTimestamp: integer(headers, dialect.timestamp),
    schemaId: schemaIdIn(headers),
    reasonCode: text(headers, dialect.code) ?? exceptionCode(dialect, headers),
    failureReason: text(headers, dialect.message),
    stackTrace: text(headers, dialect.stackTrace),
    retryCount:
      deliveries === null
        ? toNumber(wholeNumber(headers, dialect.retries))
        : Math.max(0, deliveries - 1),
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
  const prefixes = [DIALECTS[0]?.prefix, dialectOf(headers)?.prefix];
  return Object.fromEntries(
    Object.entries(withTypeHeader(headers)).filter(
      ([name]) => !prefixes.some((prefix) => prefix !== undefined && name.startsWith(prefix)),
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

/** A replayed record carries our replay count, so that this header alone makes no letter of ours. */
function dialectOf(headers: Readonly<Record<string, unknown>>): Dialect | undefined {
  return DIALECTS.find(({ prefix }) =>
    Object.keys(headers).some((name) => name.startsWith(prefix) && name !== DLQ_HEADER.replayCount),
  );
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
  const name = exceptions.map((header) => text(headers, header)).find((found) => found !== null);
  return codeOfException(name ?? '');
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

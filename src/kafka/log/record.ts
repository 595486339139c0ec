import type { IHeaders } from 'kafkajs';
import type { Headers, LogRecord } from '../../ports/log.js';

/** What kafkajs decodes of a record, from a consumer's batch and from a bare fetch alike. */
interface DecodedMessage {
  readonly offset: string;
  readonly timestamp: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers?: IHeaders | undefined;
}

export function toLogRecord(topic: string, partition: number, message: DecodedMessage): LogRecord {
  return {
    topic,
    partition,
    offset: BigInt(message.offset),
    timestamp: BigInt(message.timestamp),
    key: message.key,
    value: message.value,
    headers: toHeaders(message.headers),
  };
}

/** kafkajs's headers in our own shape; a header without a value is an empty buffer. */
export function toHeaders(headers: IHeaders | undefined): Headers {
  return Object.fromEntries(
    Object.entries(headers ?? {}).map(([name, value]) => [name, toValue(value)]),
  );
}

/**
 * kafkajs gathers headers in an object, and takes what every object inherits under a header's name
 * (`constructor`, `__proto__`) for an earlier value of it: anybody may send such a name.
 */
function toValue(value: IHeaders[string]): Buffer | readonly Buffer[] {
  if (!Array.isArray(value)) return toBuffer(value);
  const [first, ...others] = value.filter(isValue).map(toBuffer);
  if (first === undefined) return [];
  return others.length === 0 ? first : [first, ...others];
}

function isValue(value: unknown): value is Buffer | string | null {
  return value === null || typeof value === 'string' || Buffer.isBuffer(value);
}

/** Our headers for kafkajs to send. */
export function fromHeaders(headers: Headers): IHeaders {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      Buffer.isBuffer(value) ? value : [...value],
    ]),
  );
}

/** kafkajs decodes a header without a value as null, whatever its types say. */
function toBuffer(value: Buffer | string | null | undefined): Buffer {
  return Buffer.from(value ?? '');
}

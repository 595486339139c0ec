import type { IHeaders } from 'kafkajs';
import type { Headers } from '../pipeline/ports.js';

/** kafkajs's headers in our own shape; a header without a value is an empty buffer. */
export function toHeaders(headers: IHeaders | undefined): Headers {
  const converted: Record<string, Buffer | readonly Buffer[]> = {};
  for (const [name, value] of Object.entries(headers ?? {})) {
    converted[name] = Array.isArray(value) ? value.map(toBuffer) : toBuffer(value);
  }
  return converted;
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

import type { Headers } from '../ports/log.js';

/** The name of the header that W3C's Trace Context carries a trace in, written in lower case. */
export const TRACEPARENT_HEADER = 'traceparent';

/** Which trace a record belongs to: https://www.w3.org/TR/trace-context/#traceparent-header */
export interface Traceparent {
  /** The header as it was sent. */
  readonly text: string;
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** Of the span that sent the record: 16 hexadecimal digits. */
  readonly spanId: string;
  /** The sender records this trace. */
  readonly isSampled: boolean;
}

/** A later version may have more behind a further dash; ff is no version, and an id of zeros is none. */
const TRACEPARENT =
  /^(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/** Long enough for what a later version may add. */
const LONGEST_BYTES = 512;

/** The last one, as OpenTelemetry reads it; null where there is none, or where it is not valid. */
export function traceparentOf(headers: Headers): Traceparent | null {
  const bytes = [headers[TRACEPARENT_HEADER] ?? []].flat().at(-1);
  if (bytes === undefined || bytes.length > LONGEST_BYTES) return null;
  const text = bytes.toString('latin1');
  const [, version, traceId, spanId, flags, more] = TRACEPARENT.exec(text) ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return null;
  if (version === '00' && more !== undefined) return null;
  return { text, traceId, spanId, isSampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

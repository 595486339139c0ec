import { PROCESSING_FAILED, type Failure } from '../../dead-letters/dead-letter.js';
import { messageOf } from '../../errors.js';
import type { Entry } from '../../ports/coupon-store.js';
import type { LogRecord } from '../../ports/log.js';
import { requestOf } from '../../records/request-of.js';
import { timestampMsOf } from '../../records/timestamp.js';

/** A record that was parsed, and is to be dead-lettered where it could not be. */
export interface Prepared {
  readonly record: LogRecord;
  readonly entry: Entry;
  /** Why it goes to the DLQ; null for a request. */
  readonly failure: Failure | null;
}

/** What can't be parsed goes to the DLQ at once: a retry does not change it. */
export function prepare(record: LogRecord): Prepared {
  const parsed = requestOf(record);
  if (parsed.ok) {
    const { request } = parsed;
    const { offset } = record;
    const timestampMs = timestampMsOf(record);
    return { record, entry: { kind: 'request', offset, timestampMs, request }, failure: null };
  }
  const { code, message } = parsed.malformed;
  const failure = { reasonCode: code, reason: message, retryCount: 0, stackTrace: '' };
  return { record, entry: deadEntry(record, code, null), failure };
}

/** The same record after its last attempt. */
export function giveUp({ record, entry }: Prepared, error: Error, retryCount: number): Prepared {
  const failure: Failure = {
    reasonCode: PROCESSING_FAILED,
    reason: messageOf(error),
    retryCount,
    // Where it failed within the store, rather than where that was wrapped.
    stackTrace: (error.cause instanceof Error ? error.cause : error).stack ?? '',
  };
  return { record, entry: deadEntry(record, PROCESSING_FAILED, entry.request), failure };
}

function deadEntry(record: LogRecord, reasonCode: string, request: Entry['request']): Entry {
  const { offset } = record;
  const timestampMs = timestampMsOf(record);
  return { kind: 'dead-letter', offset, timestampMs, reasonCode, request };
}

import { errorOf, messageOf } from '../errors.js';
import { deadLetterOf, PROCESSING_FAILED, type Failure } from '../dead-letters/dead-letter.js';
import { inBatches } from '../records/batches.js';
import { fingerprintOf } from '../records/fingerprint.js';
import { requestOf } from '../records/request-of.js';
import { timestampMsOf } from '../records/timestamp.js';
import {
  StoreUnavailableError,
  type Applied,
  type CouponStore,
  type Entry,
  type Source,
} from '../ports/coupon-store.js';
import type { LogRecord } from '../ports/log.js';
import type { RecordSink } from '../ports/record-sink.js';

/** A record that was parsed, and dead-lettered where it could not be. */
export interface Prepared {
  readonly record: LogRecord;
  readonly entry: Entry;
  readonly failure: Failure | null;
}

/** What came of a run of records of one partition. */
export type SliceResult =
  | { readonly kind: 'done' }
  | { readonly kind: 'fenced'; readonly offset: bigint | null }
  /** This one record fails; what stands before it is applied. */
  | { readonly kind: 'record-failed'; readonly prepared: Prepared; readonly error: Error }
  /** No record's fault: the store or the DLQ as a whole. */
  | { readonly kind: 'outage'; readonly what: string; readonly error: Error };

export interface ApplyPorts {
  readonly store: CouponStore;
  readonly deadLetters: RecordSink;
  /** max.message.bytes of the DLQ. */
  readonly deadLetterMaxBytes: number;
  readonly now: () => number;
  readonly onApplied: (prepared: readonly Prepared[], applied: readonly Applied[]) => void;
  readonly onDeadLetter: (record: LogRecord, failure: Failure) => void;
}

/** Where the store stands in one partition, as far as this member knows. */
export interface Cursor {
  readonly source: Source;
  expectedOffset: bigint | null;
  /** Letters that are in the DLQ already, of records that are still to be applied. */
  readonly lettersSent: Set<bigint>;
}

/** An error of the record itself: a retry can't mend it, so it goes to the DLQ at once. */
export function prepare(record: LogRecord): Prepared {
  const { offset } = record;
  const timestampMs = timestampMsOf(record);
  const parsed = requestOf(record);
  if (parsed.ok) {
    const { request } = parsed;
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
    stackTrace: error.stack ?? '',
  };
  return { record, entry: deadEntry(record, PROCESSING_FAILED, entry.request), failure };
}

/**
 * Dead letters first, acknowledged by all in-sync replicas; then one transaction of the store. A
 * crash between leaves at worst a second copy of a letter, recognisable by its origin headers.
 */
export async function applySlice(
  ports: ApplyPorts,
  cursor: Cursor,
  slice: readonly Prepared[],
  nextOffset: bigint,
): Promise<SliceResult> {
  const error = await sendDeadLetters(ports, cursor, slice);
  if (error !== null) return { kind: 'outage', what: 'the dead letter topic', error };
  return applyOrSplit(ports, cursor, slice, nextOffset);
}

/** Where one record makes the transaction fail, halves find it, and its neighbours are issued. */
async function applyOrSplit(
  ports: ApplyPorts,
  cursor: Cursor,
  slice: readonly Prepared[],
  nextOffset: bigint,
): Promise<SliceResult> {
  const last = slice.at(-1);
  if (last === undefined) return { kind: 'done' };
  try {
    const result = await ports.store.applyBatch({
      source: cursor.source,
      expectedOffset: cursor.expectedOffset,
      entries: slice.map(({ entry }) => entry),
      nextOffset,
      lastApplied: fingerprintOf(last.record),
    });
    if (result.kind === 'fenced') return { kind: 'fenced', offset: result.nextOffset };
    cursor.expectedOffset = nextOffset;
    for (const { record } of slice) cursor.lettersSent.delete(record.offset);
    ports.onApplied(slice, result.applied);
    return { kind: 'done' };
  } catch (thrown) {
    const error = errorOf(thrown);
    if (error instanceof StoreUnavailableError) return { kind: 'outage', what: 'the store', error };
    if (slice.length === 1) {
      // A dead letter that the store refuses is the store's failure, not one more of the record.
      return last.entry.kind === 'dead-letter'
        ? { kind: 'outage', what: 'the store', error }
        : { kind: 'record-failed', prepared: last, error };
    }
    const middle = Math.floor(slice.length / 2);
    const right = slice.slice(middle);
    const first = right[0] ?? last;
    const left = await applyOrSplit(ports, cursor, slice.slice(0, middle), first.record.offset);
    return left.kind === 'done' ? applyOrSplit(ports, cursor, right, nextOffset) : left;
  }
}

async function sendDeadLetters(
  ports: ApplyPorts,
  { lettersSent }: Cursor,
  slice: readonly Prepared[],
): Promise<Error | null> {
  const options = { nowMs: ports.now(), maxBytes: ports.deadLetterMaxBytes };
  const due = slice.flatMap(({ record, failure }) =>
    failure === null || lettersSent.has(record.offset) ? [] : [{ record, failure }],
  );
  const letters = due.map(({ record, failure }) => deadLetterOf(record, failure, options));
  let sent = 0;
  for (const batch of inBatches(letters, ports.deadLetterMaxBytes)) {
    const { error } = await ports.deadLetters.send(batch);
    if (error !== null) return error;
    for (const { record, failure } of due.slice(sent, sent + batch.length)) {
      lettersSent.add(record.offset);
      ports.onDeadLetter(record, failure);
    }
    sent += batch.length;
  }
  return null;
}

function deadEntry(record: LogRecord, reasonCode: string, request: Entry['request']): Entry {
  const { offset } = record;
  const timestampMs = timestampMsOf(record);
  return { kind: 'dead-letter', offset, timestampMs, reasonCode, request };
}

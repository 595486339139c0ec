import { errorOf, messageOf } from '../errors.js';
import { PROCESSING_FAILED, type Failure } from '../dead-letters/dead-letter.js';
import { fingerprintOf } from '../records/fingerprint.js';
import { requestOf } from '../records/request-of.js';
import { timestampMsOf } from '../records/timestamp.js';
import {
  RecordRefusedError,
  StoreUnavailableError,
  type Applied,
  type ApplyResult,
  type CouponStore,
  type Entry,
  type Source,
} from '../ports/coupon-store.js';
import type { LogRecord } from '../ports/log.js';

/** A record that was parsed, and is to be dead-lettered where it could not be. */
export interface Prepared {
  readonly record: LogRecord;
  readonly entry: Entry;
  /** Why it goes to the DLQ; null for a request. */
  readonly failure: Failure | null;
}

/** Records that one transaction applied. */
export interface AppliedPart {
  readonly slice: readonly Prepared[];
  /** One element a record. */
  readonly applied: readonly Applied[];
  /** Where the store stands since. */
  readonly nextOffset: bigint;
}

/** Why a slice was not applied to its end. */
export type Interruption =
  | { readonly kind: 'fenced'; readonly offset: bigint | null }
  /** The store refuses this one record; what stands before it is applied. */
  | { readonly kind: 'refused'; readonly prepared: Prepared; readonly error: Error }
  | { readonly kind: 'store-unavailable'; readonly error: Error };

export interface SliceResult {
  readonly parts: readonly AppliedPart[];
  /** Null where all of it is applied. */
  readonly interruption: Interruption | null;
}

/** Where the store stands in one partition, as far as this member knows. */
export interface Fence {
  readonly source: Source;
  readonly expectedOffset: bigint | null;
}

/** What can't be parsed goes to the DLQ at once: a retry does not change it. */
export function prepare(record: LogRecord): Prepared {
  const parsed = requestOf(record);
  if (parsed.ok) {
    const { eventId, couponId, userId } = parsed.request;
    const { offset } = record;
    const timestampMs = timestampMsOf(record);
    const request = { eventId, couponId, userId };
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

/** Records of one partition, in order, and the offset after them. */
interface Range {
  readonly slice: readonly Prepared[];
  readonly nextOffset: bigint;
}

/**
 * Applies the records of one partition, in one transaction where none of them is refused. Else the
 * slice is bisected to isolate the record that is: those before it are applied, and it is returned.
 * Their dead letters must be in the DLQ already. Throws what is neither a record's fault nor the
 * store's: a mistake in the program.
 */
export async function applySlice(
  store: Pick<CouponStore, 'applyBatch'>,
  fence: Fence,
  slice: readonly Prepared[],
  nextOffset: bigint,
): Promise<SliceResult> {
  const parts: AppliedPart[] = [];
  const due: Range[] = [{ slice, nextOffset }];
  let { expectedOffset } = fence;
  for (let range = due.pop(); range !== undefined; range = due.pop()) {
    const result = await transaction(store, { ...fence, expectedOffset }, range);
    switch (result.kind) {
      case 'applied':
        expectedOffset = range.nextOffset;
        parts.push({ ...range, applied: result.applied });
        break;
      case 'fenced':
        return { parts, interruption: { kind: 'fenced', offset: result.nextOffset } };
      case 'store-unavailable':
        return { parts, interruption: result };
      case 'refused': {
        const [prepared] = range.slice;
        if (prepared !== undefined && range.slice.length === 1) {
          return { parts, interruption: refusal(prepared, result.error) };
        }
        // The left half comes next.
        due.push(...halvesOf(range).reverse());
      }
    }
  }
  return { parts, interruption: null };
}

type TransactionResult =
  | ApplyResult
  | { readonly kind: 'refused'; readonly error: Error }
  | { readonly kind: 'store-unavailable'; readonly error: Error };

/** The `try` holds the transaction alone: what is done about its result can't undo it. */
async function transaction(
  store: Pick<CouponStore, 'applyBatch'>,
  { source, expectedOffset }: Fence,
  { slice, nextOffset }: Range,
): Promise<TransactionResult> {
  const last = slice.at(-1);
  if (last === undefined) throw new Error('there is no record to apply');
  const batch = {
    source,
    expectedOffset,
    entries: slice.map(({ entry }) => entry),
    nextOffset,
    lastApplied: fingerprintOf(last.record),
  };
  try {
    return await store.applyBatch(batch);
  } catch (thrown) {
    const error = errorOf(thrown);
    if (error instanceof StoreUnavailableError) return { kind: 'store-unavailable', error };
    if (error instanceof RecordRefusedError) return { kind: 'refused', error };
    throw error;
  }
}

/** A store that refuses the row of a dead letter fails as a whole: the record is not tried again. */
function refusal(prepared: Prepared, error: Error): Interruption {
  return prepared.entry.kind === 'dead-letter'
    ? { kind: 'store-unavailable', error }
    : { kind: 'refused', prepared, error };
}

function halvesOf({ slice, nextOffset }: Range): Range[] {
  const middle = Math.floor(slice.length / 2);
  const right = slice.slice(middle);
  const rightStart = right[0]?.record.offset ?? nextOffset;
  return [
    { slice: slice.slice(0, middle), nextOffset: rightStart },
    { slice: right, nextOffset },
  ];
}

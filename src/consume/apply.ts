import { errorOf } from '../errors.js';
import {
  RecordRefusedError,
  StoreUnavailableError,
  type Applied,
  type ConsumerStore,
  type Source,
} from '../ports/coupon-store.js';
import { fingerprintOf } from '../records/fingerprint.js';
import type { Prepared } from './partition/prepared.js';

/** Records of one partition that one transaction is to apply: at least one, in order. */
export interface Slice {
  readonly source: Source;
  /** Where the store must stand; null where it knows nothing of the partition. */
  readonly expectedOffset: bigint | null;
  readonly records: readonly Prepared[];
  /** The offset after them. */
  readonly nextOffset: bigint;
}

export interface AppliedSlice extends Slice {
  /** One element a record. */
  readonly applied: readonly Applied[];
}

/** What came of a slice, or why nothing of it was written. */
export type SliceResult =
  | { readonly kind: 'applied'; readonly applied: readonly Applied[] }
  | Interruption
  /** The store refuses the data of at least one of these records. */
  | { readonly kind: 'refused'; readonly error: Error };

/** What ends the work on a partition for now, and is no fault of a record. */
export type Interruption =
  | { readonly kind: 'fenced'; readonly nextOffset: bigint | null }
  | { readonly kind: 'store-unavailable'; readonly error: Error }
  /** A mistake in the program. */
  | { readonly kind: 'failed'; readonly error: Error };

type ApplyStore = Pick<ConsumerStore, 'applyBatch'>;

/**
 * One transaction. The dead letters of these records must be in the DLQ already. Never rejects, so that
 * no caller needs to wait for it before it sends the next slice.
 */
export async function applySlice(store: ApplyStore, slice: Slice): Promise<SliceResult> {
  const { source, expectedOffset, records, nextOffset } = slice;
  try {
    const last = records.at(-1);
    if (last === undefined) throw new Error('there is no record to apply');
    return await store.applyBatch({
      source,
      expectedOffset,
      entries: records.map(({ entry }) => entry),
      nextOffset,
      lastApplied: fingerprintOf(last.record),
    });
  } catch (thrown) {
    const error = errorOf(thrown);
    if (error instanceof StoreUnavailableError) return { kind: 'store-unavailable', error };
    if (!(error instanceof RecordRefusedError)) return { kind: 'failed', error };
    return isDeadLetter(records)
      ? { kind: 'store-unavailable', error }
      : { kind: 'refused', error };
  }
}

/** A store that refuses even the row of a dead letter fails as a whole: the record is not tried again. */
function isDeadLetter(records: readonly Prepared[]): boolean {
  return records.length === 1 && records[0]?.entry.kind === 'dead-letter';
}

export interface Bisection {
  readonly parts: readonly AppliedSlice[];
  /** The one record that the store refuses; what stands before it is applied. Null: none any more. */
  readonly refused: { readonly prepared: Prepared; readonly error: Error } | null;
  readonly interruption: Interruption | null;
}

/**
 * Bisects a slice that was refused to isolate the record that is: halves, and halves of the half that
 * is refused. Those before that record are applied; those after it are not.
 */
export async function bisect(store: ApplyStore, refused: Slice, error: Error): Promise<Bisection> {
  const parts: AppliedSlice[] = [];
  const ended = (end: Partial<Bisection>): Bisection => ({
    parts,
    refused: null,
    interruption: null,
    ...end,
  });
  const [alone] = refused.records;
  if (alone !== undefined && refused.records.length === 1) {
    return ended({ refused: { prepared: alone, error } });
  }
  // The left half comes next.
  const due = halvesOf(refused).reverse();
  for (let slice = due.pop(); slice !== undefined; slice = due.pop()) {
    const result = await applySlice(store, slice);
    if (result.kind === 'applied') {
      parts.push({ ...slice, applied: result.applied });
    } else if (result.kind !== 'refused') {
      return ended({ interruption: result });
    } else {
      const [prepared] = slice.records;
      if (prepared !== undefined && slice.records.length === 1) {
        return ended({ refused: { prepared, error: result.error } });
      }
      due.push(...halvesOf(slice).reverse());
    }
  }
  return ended({});
}

function halvesOf(slice: Slice): Slice[] {
  const { records, nextOffset } = slice;
  const middle = Math.floor(records.length / 2);
  const right = records.slice(middle);
  const rightStart = right[0]?.record.offset ?? nextOffset;
  return [
    { ...slice, records: records.slice(0, middle), nextOffset: rightStart },
    { ...slice, records: right, expectedOffset: rightStart },
  ];
}

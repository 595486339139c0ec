/** Batches that share one transaction, and with it one sync of the disk. */
import { StoreUnavailableError, type ApplyBatch, type ApplyResult } from '../ports/coupon-store.js';

/** A transaction takes no more records than this, so that none of them waits long for its answer. */
export const MAX_GROUP_RECORDS = 5000;

/** What became of one batch of a group. `failed`: nothing of it was written, as when applyBatch throws. */
export type GroupResult = ApplyResult | { readonly kind: 'failed'; readonly error: unknown };

/**
 * Applies a group by `apply`, which does it in one transaction. A batch that a record makes fail is applied
 * to nothing, and takes no other with it: the halves of the group are then transactions of their own.
 */
export async function applyTogether(
  batches: readonly ApplyBatch[],
  apply: (batches: readonly ApplyBatch[]) => Promise<readonly ApplyResult[]>,
): Promise<readonly GroupResult[]> {
  try {
    return await apply(batches);
  } catch (error) {
    if (batches.length <= 1 || error instanceof StoreUnavailableError) {
      return batches.map(() => ({ kind: 'failed', error }));
    }
  }
  const half = Math.ceil(batches.length / 2);
  return [
    ...(await applyTogether(batches.slice(0, half), apply)),
    ...(await applyTogether(batches.slice(half), apply)),
  ];
}

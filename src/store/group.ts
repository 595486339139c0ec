/** Batches that share one transaction, and with it one sync of the disk. */
import { StoreUnavailableError, type ApplyBatch, type ApplyResult } from '../ports/coupon-store.js';
import type { TransactionListener } from '../ports/store-access.js';

/** A transaction takes no more records than this, so that none of them waits long for its answer. */
export const MAX_GROUP_RECORDS = 5000;

/** What became of one batch of a group. `failed`: nothing of it was written, as when applyBatch throws. */
export type GroupResult = ApplyResult | { readonly kind: 'failed'; readonly error: unknown };

/** Applies a group in one transaction: all of it is durable when it resolves, or nothing is. */
export type ApplyInOne = (batches: readonly ApplyBatch[]) => Promise<readonly ApplyResult[]>;

/** The same, which also says how long each transaction took that was committed. */
export function measured(apply: ApplyInOne, onTransaction: TransactionListener): ApplyInOne {
  return async (batches) => {
    const startedMs = performance.now();
    const results = await apply(batches);
    onTransaction({ batches: batches.length, elapsedMs: performance.now() - startedMs });
    return results;
  };
}

/**
 * Applies a group by `apply`, which does it in one transaction. A batch that a record makes fail is applied
 * to nothing, and takes no other with it: the halves of the group are then transactions of their own.
 */
export async function applyTogether(
  batches: readonly ApplyBatch[],
  apply: ApplyInOne,
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

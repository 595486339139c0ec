/** What shares one transaction, and with it one sync of the disk. */
import {
  STORE_UNREACHABLE,
  StoreUnavailableError,
  type ApplyBatch,
  type ApplyResult,
} from '../ports/coupon-store.js';
import type { TransactionListener } from '../ports/store-access.js';
import type { NewEvent } from '../ports/store-history.js';

/** A transaction takes no more records than this, so that none of them waits long for its answer. */
export const MAX_GROUP_RECORDS = 5000;

/** Batches that were ready together, in their order, and events that were recorded meanwhile. */
export interface Group {
  readonly batches: readonly ApplyBatch[];
  readonly events: readonly NewEvent[];
}

/** Nothing of it was written, as when applyBatch or recordEvents throws. */
export interface Failed {
  readonly kind: 'failed';
  readonly error: unknown;
}

/** What became of one batch of a group. */
export type GroupResult = ApplyResult | Failed;

/** What became of a group. */
export interface GroupAnswer {
  /** One a batch, in order. */
  readonly results: readonly GroupResult[];
  /** Null: the events are written, if there were any. */
  readonly eventsFailure: Failed | null;
}

/** Applies a group in one transaction: all of it is durable when it resolves, or nothing is. */
export type ApplyInOne = (group: Group) => Promise<readonly ApplyResult[]>;

/** The same, which also says how long each transaction took that was committed and had batches. */
export function measured(apply: ApplyInOne, onTransaction: TransactionListener): ApplyInOne {
  return async (group) => {
    const startedMs = performance.now();
    const results = await apply(group);
    const batches = group.batches.length;
    if (batches > 0) onTransaction({ batches, elapsedMs: performance.now() - startedMs });
    return results;
  };
}

/**
 * Applies a group by `apply`, which does it in one transaction. A batch that a record makes fail is applied
 * to nothing, and takes no other with it: the halves of the group are then transactions of their own. Events make no
 * batch fail: where both together fail, the batches are applied alone, and then the events.
 */
export async function applyTogether(group: Group, apply: ApplyInOne): Promise<GroupAnswer> {
  const { batches, events } = group;
  if (events.length === 0) {
    return { results: await applyBatches(batches, apply), eventsFailure: null };
  }
  try {
    return { results: await apply(group), eventsFailure: null };
  } catch (error) {
    const failed: Failed = { kind: 'failed', error };
    if (batches.length === 0) return { results: [], eventsFailure: failed };
    // It may have been committed: a second attempt would only find its own batches fenced.
    if (isUnreachable(error)) return { results: batches.map(() => failed), eventsFailure: failed };
  }
  const results = await applyBatches(batches, apply);
  const { eventsFailure } = await applyTogether({ batches: [], events }, apply);
  return { results, eventsFailure };
}

async function applyBatches(
  batches: readonly ApplyBatch[],
  apply: ApplyInOne,
): Promise<readonly GroupResult[]> {
  try {
    return await apply({ batches, events: [] });
  } catch (error) {
    if (batches.length <= 1 || error instanceof StoreUnavailableError) {
      return batches.map(() => ({ kind: 'failed', error }));
    }
  }
  const half = Math.ceil(batches.length / 2);
  return [
    ...(await applyBatches(batches.slice(0, half), apply)),
    ...(await applyBatches(batches.slice(half), apply)),
  ];
}

function isUnreachable(error: unknown): boolean {
  return error instanceof StoreUnavailableError && error.code === STORE_UNREACHABLE;
}

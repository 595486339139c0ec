import type { CouponStore, StoredPosition } from '../../ports/coupon-store.js';
import type { ForgottenPosition } from '../../ports/store-history.js';

/** What the history keeps of positions that are reset (src/audit/gone-log.ts reads it). While no member runs. */
export async function forgottenOf(
  store: Pick<CouponStore, 'outcomeTotals'>,
  positions: readonly StoredPosition[],
): Promise<readonly ForgottenPosition[]> {
  const lastOutcomeId = await lastOutcomeIdOf(store);
  return positions.map(({ clusterId, partition, nextOffset, lastApplied }) => ({
    clusterId,
    partition,
    nextOffset: nextOffset.toString(),
    lastAppliedOffset: lastApplied.offset.toString(),
    lastAppliedMs: lastApplied.timestampMs,
    lastAppliedChecksum: lastApplied.checksum,
    lastOutcomeId,
  }));
}

/** In short calls, so that no other user of the store waits for long. */
const CHUNK_ROWS = 200_000;

async function lastOutcomeIdOf(store: Pick<CouponStore, 'outcomeTotals'>): Promise<number> {
  let lastId = 0;
  for (;;) {
    const { settledTo, isAll } = await store.outcomeTotals(lastId, CHUNK_ROWS);
    lastId = settledTo;
    if (isAll) return lastId;
  }
}

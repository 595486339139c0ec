import type { Decided } from '../coupon/decide-batch.js';
import type { Applied, ApplyResult, Entry } from '../ports/coupon-store.js';

/** What applyBatch answers where these decisions were written. */
export function appliedResult(decided: readonly Decided<Entry>[]): ApplyResult {
  return { kind: 'applied', applied: decided.map(appliedOf) };
}

function appliedOf({ outcome, repeated, sequence }: Decided<Entry>): Applied {
  return { outcome, repeated, sequence };
}

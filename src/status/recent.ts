import { MINUTE_MS } from '../ports/store-history.js';

/**
 * When the time began over which status gives rates: the store counts outcomes by minute, so this is the beginning of
 * the minute before this one. It began one to two minutes ago.
 */
export function recentSinceMs(nowMs: number): number {
  return Math.floor(nowMs / MINUTE_MS) * MINUTE_MS - MINUTE_MS;
}

/** A store that was created a moment ago has no rate yet. */
const LEAST_SPAN_MS = 5000;

/** How many a second, to a tenth; null where too little time has passed to say. */
export function ratePerSecond(records: number, sinceMs: number, nowMs: number): number | null {
  const spanMs = nowMs - sinceMs;
  return spanMs < LEAST_SPAN_MS ? null : Math.round((records * 10_000) / spanMs) / 10;
}

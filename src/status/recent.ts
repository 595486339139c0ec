import { MINUTE_MS } from '../ports/store-history.js';

/**
 * When the time began over which status gives rates: the store counts outcomes by minute, so this is the beginning of
 * the minute before this one. It began one to two minutes ago.
 */
export function recentSinceMs(nowMs: number): number {
  return Math.floor(nowMs / MINUTE_MS) * MINUTE_MS - MINUTE_MS;
}

import type { LogRecord } from '../ports/log.js';

const LARGEST = BigInt(Number.MAX_SAFE_INTEGER);

/**
 * The record's timestamp in ms, as decisions and the store use it. A producer may write any 64-bit
 * value; one beyond ±(2^53 - 1) becomes that limit: it lies outside of every validity window either
 * way, and SQLite would refuse it as a float.
 */
export function timestampMsOf({ timestamp }: Pick<LogRecord, 'timestamp'>): number {
  if (timestamp > LARGEST) return Number.MAX_SAFE_INTEGER;
  return timestamp < -LARGEST ? -Number.MAX_SAFE_INTEGER : Number(timestamp);
}

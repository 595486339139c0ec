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

/** Earlier than this it is no instant: -1 is no timestamp at all, and seconds are below it until 5138. */
const FIRST_INSTANT_MS = 10n ** 11n;
/** The most that a Date can hold. */
const LAST_INSTANT_MS = 8_640_000_000_000_000n;

/**
 * When a record came, in ms; null where its timestamp does not say: none (-1 or 0), in seconds, or
 * beyond all dates.
 */
export function instantMsOf({ timestamp }: Pick<LogRecord, 'timestamp'>): number | null {
  return timestamp >= FIRST_INSTANT_MS && timestamp <= LAST_INSTANT_MS ? Number(timestamp) : null;
}
